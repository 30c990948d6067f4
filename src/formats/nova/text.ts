/**
 * The texts in which flavors and images of OpenStack come: JSON and YAML, the tables of the command line, lists of
 * `key='value'` and the commands that set them. Each is a set of settings by key.
 */
import { append } from '../../lib/append.ts';
import { inputError, type Location } from '../../machine/locate.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Place } from '../qemu/option.ts';
import { type Cursor, takeMatch } from '../text/cursor.ts';
import { readJson } from '../text/json.ts';
import { type Piece, type Word, wordOf } from '../text/shell-words.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { parsed, rawInput, textPositions } from '../text/text.ts';
import { isMapping } from '../text/values.ts';
import { readYamlDocuments } from '../text/yaml.ts';

/** A flavor, an image, or a list of properties. */
export interface Part {
  /** By key, as written; the last one counts. */
  readonly settings: ReadonlyMap<string, Fact<string> & { readonly at: Location }>;
  /** What is no setting. */
  readonly leftovers: readonly (Fact<string> & { readonly at: Location })[];
}

interface OpenPart {
  readonly settings: Map<string, Fact<string> & { readonly at: Location }>;
  readonly leftovers: (Fact<string> & { readonly at: Location })[];
}

const newPart = (): OpenPart => ({ settings: new Map(), leftovers: [] });

/** Mappings whose keys are properties; the others are fields. */
const HOLDERS = /^(?:properties|extra_specs|metadata)$/i;

const COMMAND = /^[ \t]*(?:[$#][ \t]+)?(?:openstack|nova|glance)[ \t]+/;

/** The parts of a text, in order. Throws InputError. */
export async function readParts(text: string, file: string): Promise<readonly Part[]> {
  const place = textPositions(text, file);
  const first = text.split('\n').find((line) => /^\s*[^\s#]/.test(line)) ?? '';
  if (/^\s*[+|]/.test(first)) return tableParts(text, file, place);
  const isJson = /^\s*[[{]/.test(text);
  if (!isJson && !/^(?:---|-? *["']?[\w:.-]+["']?:(?:\s|$))/.test(first)) return wordParts(text, place);
  const reads = await parsed(text, file, async () => (isJson ? [readJson(text)] : readYamlDocuments(text)));
  return reads.flatMap((read) => structuredParts(sourceValue(rawInput(read, text, file), file)));
}

function structuredParts(top: SourceValue): Part[] {
  if (Array.isArray(top.value)) return top.list().flatMap(structuredParts);
  const part = newPart();
  addMapping(top, part);
  return [part];
}

/** Fields and properties of a mapping, and of the flavor or image inside it. */
function addMapping(mapping: SourceValue, part: OpenPart): void {
  for (const key of mapping.keys()) {
    const value = mapping.get(key);
    if (!value) continue;
    if (isMapping(value.value) && (HOLDERS.test(key) || /^(?:flavor|image)$/i.test(key)))
      addMapping(value, part);
    else if (HOLDERS.test(key) && typeof value.value === 'string')
      addPairs(value.value, () => value.place, part);
    else part.settings.set(key, { value: plainText(value.value), at: value.place });
  }
}

function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A row of a table: the field, and its value, which may go on in the rows below. */
interface Row {
  readonly field: string;
  readonly pieces: Piece[];
}

const HEADER = /^\s*\|\s*(?:field|property)\s*\|\s*value\s*\|\s*$/i;

/** `| properties | hw:cpu_sockets='2', … |`; a row without a field goes on with the value of the row above. */
function tableParts(text: string, file: string, place: Place): Part[] {
  const parts: OpenPart[] = [];
  let rows: Row[] = [];
  let offset = 0;
  const endTable = () => {
    for (const { field, pieces } of rows) addRow(parts.at(-1) ?? add(parts), field, wordOf(pieces), place);
    rows = [];
  };
  for (const line of text.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    const cells = /^\s*\|([^|]*)\|(.*)\|\s*$/.exec(line);
    if (HEADER.test(line)) {
      endTable();
      add(parts);
    } else if (!cells) {
      if (/^\s*[^\s+]/.test(line))
        (parts.at(-1) ?? add(parts)).leftovers.push({ value: line, at: place(start) });
    } else if (parts.length === 0) {
      const { line: row, column } = place(start);
      const message = 'a table of fields and values is expected, as openstack flavor show NAME prints it';
      throw inputError(file, message, row, column);
    } else {
      const [, name, value] = cells;
      const lead = value.length - value.trimStart().length;
      const column = line.indexOf('|', line.indexOf('|') + 1) + 1 + lead;
      const piece = { text: value.trim(), offset: start + column };
      if (name.trim() === '' && rows.length > 0) rows[rows.length - 1].pieces.push(piece);
      else rows.push({ field: name.trim(), pieces: [piece] });
    }
  }
  endTable();
  return parts;
}

function add(parts: OpenPart[]): OpenPart {
  const part = newPart();
  parts.push(part);
  return part;
}

function addRow(part: OpenPart, field: string, value: Word, place: Place): void {
  const at = (index: number) => place(value.at(index));
  if (HOLDERS.test(field)) addPairs(value.text, at, part);
  else part.settings.set(field, { value: value.text, at: at(0) });
}

/** Lists of pairs; each command of `openstack`, `nova` and `glance` is a part of its own. */
function wordParts(text: string, place: Place): Part[] {
  const parts: OpenPart[] = [];
  const joined = text.replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  let offset = 0;
  for (const line of joined.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    const command = COMMAND.exec(line);
    const part = command ? add(parts) : (parts.at(-1) ?? add(parts));
    const length = command?.[0].length ?? 0;
    const own = newPart();
    addPairs(line.slice(length), (at) => place(start + length + at), own);
    for (const [key, fact] of own.settings) {
      if (HOLDERS.test(key)) addPairs(fact.value, () => fact.at, part);
      else part.settings.set(key.replace(/^--/, ''), fact);
    }
    // flavor create without --vcpus makes one.
    if (command && /^flavor\s+create\b/.test(line.slice(length)) && !part.settings.has('vcpus'))
      part.settings.set('vcpus', { value: '1', at: place(start + length) });
    // The other words of a command are what it does, and to what.
    if (!command) append(part.leftovers, own.leftovers);
  }
  return parts;
}

const VALUE = String.raw`(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"]*(?:,\^?\d[\d-]*(?![\w:.=]))*))`;
const PAIR = new RegExp(
  String.raw`((?:--)?[A-Za-z][\w:.-]*)=${VALUE}|(--(?:vcpus|ephemeral|swap))\s+${VALUE}`,
  'y',
);
const BETWEEN = /(?:[\s,]|#[^\n]*$|--property\b)+/y;
const WORD = /[^\s,]+/y;

/** `hw:cpu_sockets='2', hw:cpu_threads='2'`, with or without quotes. */
function addPairs(text: string, place: Place, part: OpenPart): void {
  const cursor: Cursor = { text, at: 0 };
  for (takeMatch(cursor, BETWEEN); cursor.at < text.length; takeMatch(cursor, BETWEEN)) {
    const start = cursor.at;
    const pair = takeMatch(cursor, PAIR);
    if (pair) {
      const value = pair.slice(2, 5).find((one) => one !== undefined) ?? pair.slice(6).find(Boolean) ?? '';
      part.settings.set(pair[1] ?? pair[5], { value, at: place(start) });
    } else part.leftovers.push({ value: takeMatch(cursor, WORD)?.[0] ?? '', at: place(start) });
  }
}
