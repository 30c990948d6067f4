/** Options of a QEMU command line or configuration file: a name and properties, each with its place. */
import { lookup } from '../../lib/lookup.ts';
import type { Location } from '../../machine/machine.ts';
import { type JsonNode, scanJson } from '../text/json.ts';
import type { Word } from '../text/shell.ts';
import { TextError } from '../text/text.ts';
import type { Fact, Props } from './facts.ts';
import { optionKind } from './option-names.ts';
import { commandWords, type WrittenOption } from './words.ts';

export interface QemuOption {
  /** Without dashes: "machine", "device". */
  readonly name: string;
  readonly props: Props;
  /** The argument as it is; what `-append` and `-cpu` need. */
  readonly value: Fact<string>;
  /** "-device intel-iommu,intremap=on": QEMU puts it before its message. */
  readonly text: string | undefined;
}

/** The key of a first part without "=". */
const IMPLIED = {
  machine: 'type',
  accel: 'accel',
  smp: 'cpus',
  device: 'driver',
  netdev: 'type',
  numa: 'type',
  name: 'guest',
  nic: 'type',
  net: 'type',
  vga: 'type',
  object: 'qom-type',
  balloon: 'type',
  chardev: 'backend',
  rtc: 'base',
  audio: 'driver',
} as const;

/** A property that may be missing. */
export type Entry = readonly [key: string, fact: Fact<string> | undefined];

/** An option that another product would write, standing at `at`; missing properties are left out. */
export function buildOption(name: string, at: Location | undefined, entries: readonly Entry[]): QemuOption {
  const props = new Map<string, Fact<string>>();
  for (const [key, fact] of entries) if (fact) props.set(key, fact);
  return { name, props, value: { value: '', at }, text: undefined };
}

/** A value that the product decided. */
export function given(value: string): Fact<string> {
  return { value, at: undefined };
}

/** Offset in the source → place. */
export type Place = (offset: number) => Location;

/** An option with its argument; throws TextError for JSON that is none. */
export function parseOption(name: string, word: Word, place: Place): QemuOption {
  const props = word.text.startsWith('{')
    ? jsonProps(word, place)
    : textProps(word, lookup(IMPLIED, name), place);
  const value = { value: word.text, at: place(word.at(0)) };
  return { name, props, value, text: `-${name} ${word.text}` };
}

/** "q35,accel=kvm": a doubled comma is a comma of the value; a bare key is switched on. */
function textProps(word: Word, implied: string | undefined, place: Place): Props {
  const props = new Map<string, Fact<string>>();
  for (const { start, part } of commaParts(word.text)) {
    const equals = part.indexOf('=');
    const at = place(word.at(start));
    const text = (value: string) => value.replaceAll(',,', ',');
    if (equals >= 0) add(props, part.slice(0, equals), { value: text(part.slice(equals + 1)), at });
    else if (start === 0 && implied) props.set(implied, { value: text(part), at });
    else props.set(part, { value: 'on', at });
  }
  return props;
}

/** The parts between single commas that are not empty. */
export function commaParts(text: string): { start: number; part: string }[] {
  const parts: { start: number; part: string }[] = [];
  let start = 0;
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at)) {
    if (text[at + 1] === ',') {
      at += 2;
      continue;
    }
    parts.push({ start, part: text.slice(start, at) });
    start = ++at;
  }
  parts.push({ start, part: text.slice(start) });
  return parts.filter(({ part }) => part !== '');
}

/** `cpus=0-3,cpus=8` of -numa is one list; elsewhere the last one counts. */
function add(props: Map<string, Fact<string>>, key: string, fact: Fact<string>): void {
  const before = key === 'cpus' ? props.get(key) : undefined;
  props.set(key, before ? { value: `${before.value},${fact.value}`, at: before.at } : fact);
}

function jsonProps(word: Word, place: Place): Props {
  const props = new Map<string, Fact<string>>();
  const { value, root } = parseJson(word);
  for (const [key, part] of Object.entries(value)) {
    const offset = root?.parts?.get(key)?.keyOffset ?? 0;
    const text = typeof part === 'boolean' ? (part ? 'on' : 'off') : jsonText(part);
    props.set(key, { value: text, at: place(word.at(offset)) });
  }
  return props;
}

/** A list stands for its parts, joined as a command line has them. */
function jsonText(part: unknown): string {
  if (Array.isArray(part)) return part.map(jsonText).join(',');
  return typeof part === 'object' ? '' : String(part);
}

function parseJson(word: Word): { value: Record<string, unknown>; root: JsonNode | undefined } {
  try {
    const root = scanJson(word.text);
    return { value: JSON.parse(word.text) as Record<string, unknown>, root };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const loose = looseJson(word.text);
    if (loose) return { value: loose, root: undefined };
    throw new TextError(word.at(error.offset), error.message);
  }
}

/** {driver:nvme,id:n0}: what a shell, or ps, left of JSON that was not quoted. */
function looseJson(text: string): Record<string, unknown> | undefined {
  const inside = /^\{([\w.-]+:[^{}"]*)\}$/.exec(text);
  return inside?.[1]
    ? Object.fromEntries(
        inside[1].split(',').map((part) => {
          const colon = part.indexOf(':');
          return colon < 0 ? [part, ''] : [part.slice(0, colon), part.slice(colon + 1)];
        }),
      )
    : undefined;
}

/** The options that are read, with their properties. Throws TextError. */
export function parseOptions(written: readonly WrittenOption[], place: Place): QemuOption[] {
  return written.flatMap(({ name, word, argument }) => {
    if (optionKind(name)?.role !== 'read') return [];
    if (argument) return [parseOption(name, argument, place)];
    const value = { value: `-${name}`, at: place(word.at(0)) };
    return [{ name, props: new Map(), value, text: undefined }];
  });
}

/** The same of the words behind the program; account.ts tells what of them is not understood. Throws TextError. */
export function parseArguments(words: readonly Word[], place: Place): QemuOption[] {
  return parseOptions(commandWords(words).options, place);
}
