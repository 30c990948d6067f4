/**
 * The Kubernetes objects of a text: YAML documents, JSON (one object, a list, or one a line), and YAML inside a shell
 * script's here-documents, Markdown, or what helm prints around its manifest.
 */
import { inputError, type RawInput } from '../../machine/locate.ts';
import { readJson } from '../text/json.ts';
import { jsonValues } from '../text/json-values.ts';
import { asInputError, type ReadText, textPositions } from '../text/text.ts';
import { readYamlDocuments } from '../text/yaml.ts';

/** A piece of a text with objects in it. */
interface Piece {
  readonly start: number;
  readonly text: string;
}

/** The objects as they are written, in order. Throws InputError. */
export async function readObjects(text: string, file: string): Promise<readonly RawInput[]> {
  const place = textPositions(text, file);
  const raw = (read: ReadText, start: number): RawInput => ({
    value: read.value,
    locate(path, at) {
      const offset = read.offset(path, at);
      return offset === undefined ? undefined : place(start + offset);
    },
  });
  const objects: RawInput[] = [];
  for (const { start, text: part } of piecesOf(text, file)) {
    try {
      const isJson = /^\s*\{/.test(part);
      for (const read of isJson ? [readJson(part)] : await readYamlDocuments(part))
        objects.push(raw(read, start));
    } catch (error) {
      throw asInputError(error, (offset) => place(start + offset));
    }
  }
  return objects;
}

function piecesOf(text: string, file: string): readonly Piece[] {
  if (/^\s*\{(?!\{)/.test(text)) return jsonValues(text);
  const inside = manifestsIn(text);
  if (inside.length > 0) return inside;
  const template = text.search(/\{\{-?\s*(?:\.|\$|include |template |if |range |with |define )/);
  if (template >= 0) {
    const { line, column } = textPositions(text, file)(template);
    const message = 'this is a template of Helm that is not filled in; give what helm template prints';
    throw inputError(file, message, line, column);
  }
  return [manifestIn(text)];
}

/** Manifests in a script or in prose; none in a text that is one, whatever scripts the guests in it run. */
export function manifestsIn(text: string): readonly Piece[] {
  const pieces = innerManifests(text);
  return pieces.length > 0 && IS_YAML.test(outside(text, pieces)) ? [] : pieces;
}

/** What a text says by itself: of one that is YAML, all but the manifests that scripts in it write. */
export function ownWords(text: string): string {
  if (!/<<|```/.test(text) || /^\s*\{/.test(text)) return text;
  const outer = outside(text, innerManifests(text));
  return IS_YAML.test(outer) ? outer : text;
}

function innerManifests(text: string): readonly Piece[] {
  return [...hereDocuments(text), ...fences(text)]
    .filter((piece) => NAMES_API.test(piece.text))
    .sort((a, b) => a.start - b.start);
}

const NAMES_API = /apiVersion["']?\s*:/;

/** Before all else: blanks, comments and signs of documents. */
const LEAD = String.raw`(?<![\s\S])(?:\s|#[^\n]*\n|---[ \t]*\n)*`;
const KEY = String.raw`["']?[A-Za-z][\w.-]*["']?:`;
/** A manifest's key at the beginning of a line, or a key of any kind before all else that another one or its value follows. */
const IS_YAML = new RegExp(
  String.raw`^(?:- +)?["']?apiVersion["']?\s*:|${LEAD}(?:- +)?["']?(?:kind|metadata|spec|items|apiVersion)["']?\s*:|` +
    String.raw`${LEAD}${KEY}(?:[ \t]+\S+)?[ \t]*\n(?:[ \t-]|${KEY})`,
  'm',
);

/** The text without pieces of it. */
function outside(text: string, pieces: readonly Piece[]): string {
  let at = 0;
  let kept = '';
  for (const piece of pieces) {
    kept += text.slice(at, Math.max(at, piece.start));
    at = Math.max(at, piece.start + piece.text.length);
  }
  return kept + text.slice(at);
}

/** The bodies of `<<EOF` … `EOF`. With `<<-` tabs in front do not count: they become blanks. */
function hereDocuments(text: string): Piece[] {
  const pieces: Piece[] = [];
  // Each place is looked at once: what stands in a body begins no other.
  let behind = 0;
  for (const match of text.matchAll(/<<(-?)\s*(["']?)([A-Za-z_]\w*)\2[^\n]*(?:\n|$)/g)) {
    if (match.index < behind) continue;
    const start = match.index + match[0].length;
    const end = new RegExp(`^[ \\t]*${match[3]}[ \\t]*$`, 'm').exec(text.slice(start));
    const body = text.slice(start, end ? start + end.index : undefined);
    behind = start + body.length;
    pieces.push({ start, text: match[1] ? body.replace(/^\t+/gm, (tabs) => ' '.repeat(tabs.length)) : body });
  }
  return pieces;
}

/** The bodies of Markdown's ``` fences. */
function fences(text: string): Piece[] {
  return [...text.matchAll(/^[ \t]*```[^\n`]*\n([\s\S]*?)^[ \t]*```/gm)].map((match) => ({
    start: match.index + match[0].indexOf('\n') + 1,
    text: match[1],
  }));
}

/** What helm prints before and behind the manifest is not YAML: blanks of the same length stand for it. */
function manifestIn(text: string): Piece {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  const lead = /^NAME: [\s\S]*?\n(?=---)/.exec(text);
  const kept = lead ? blank(lead[0]) + text.slice(lead[0].length) : text;
  const cut = kept.replace(/^(?:HOOKS|MANIFEST):[ \t]*$/gm, blank).replace(/^NOTES:[ \t]*\n[\s\S]*$/m, blank);
  return { start: 0, text: cut };
}
