/** Where in a YAML or JSON text somebody types: after which keys, and whether a key or a value. */
import type * as YAML from 'yaml';
import type { Path } from '../../machine/locate.ts';
import { lineStart } from './text-edits.ts';
import { keysOf, looseYaml } from './yaml-loose.ts';
import type { Node, YamlPackage } from './yaml-nodes.ts';

/** A place where something is typed. */
export interface Typing {
  /** Of the mapping that gets a key, or of the value. */
  readonly path: Path;
  readonly role: 'key' | 'value';
  /** The word that is there, which what is chosen takes the place of, without quotes. */
  readonly start: number;
  readonly end: number;
  /** The quote that stands before it. */
  readonly quote: '"' | "'" | '';
  /** The quote ends behind it. */
  readonly isClosed: boolean;
  /** A colon stands behind it. */
  readonly hasColon: boolean;
  /** Keys that the mapping has. */
  readonly keys: readonly string[];
  /** The value at the top. */
  readonly document: unknown;
}

/** A word that nobody writes, put where the cursor is. */
const MARK = 'irqsim-cursor-here';

const WORD_BEFORE = /[^\s,{}[\]"':#]*$/;
const WORD_BEHIND = /^[^\s,{}[\]"':#]*/;
/** What a value begins behind, on its line. */
const BEFORE_VALUE = /:\s+$|["']\s*:\s*$/;

type Word = Pick<Typing, 'start' | 'end' | 'quote' | 'isClosed' | 'hasColon'>;

/** The word around an offset; null inside a comment. */
function wordAt(text: string, offset: number): Word | null {
  const line = text.slice(lineStart(text, offset), offset);
  if (/(?:^|\s)#/.test(line.replace(/"[^"]*"|'[^']*'/g, ''))) return null;
  const start = offset - (WORD_BEFORE.exec(line)?.[0].length ?? 0);
  const behind = text.slice(offset, offset + 200);
  const end = offset + (WORD_BEHIND.exec(behind)?.[0].length ?? 0);
  const before = text[start - 1];
  const quote = before === '"' || before === "'" ? before : '';
  const isClosed = quote !== '' && text[end] === quote;
  const hasColon = /^[ \t]*:/.test(text.slice(end + (isClosed ? 1 : 0), end + 20));
  return { start, end, quote, isClosed, hasColon };
}

/** The text with the mark in place of the word, as a key or as a value. */
function marked(text: string, { start, end, quote, isClosed, hasColon }: Word, role: Typing['role']): string {
  const close = quote !== '' && !isClosed ? quote : '';
  const rest = text.slice(end + (isClosed ? 1 : 0));
  const colon = role === 'key' && !hasColon ? ': 0' : '';
  return text.slice(0, start) + MARK + (isClosed ? quote : close) + colon + rest;
}

interface Found {
  readonly path: Path;
  readonly role: Typing['role'];
  readonly keys: readonly string[];
}

const isMark = (yaml: YamlPackage, node: unknown): boolean => yaml.isScalar(node) && node.value === MARK;

/** Where the mark is, below a node. */
function find(yaml: YamlPackage, node: unknown, path: Path): Found | undefined {
  if (isMark(yaml, node)) return { path, role: 'value', keys: [] };
  if (yaml.isMap(node)) {
    for (const pair of node.items) {
      if (isMark(yaml, pair.key))
        return { path, role: 'key', keys: keysOf(yaml, node).filter((key) => key !== MARK) };
      const key = yaml.isScalar(pair.key) ? String(pair.key.value) : '';
      const found = find(yaml, pair.value, [...path, key]);
      if (found) return found;
    }
  }
  if (!yaml.isSeq(node)) return undefined;
  for (const [at, item] of (node as YAML.YAMLSeq<Node>).items.entries()) {
    const found = find(yaml, item, [...path, at]);
    if (found) return found;
  }
  return undefined;
}

/** What is typed at an offset; null where nothing can be said. */
export async function typingAt(text: string, offset: number): Promise<Typing | null> {
  const word = wordAt(text, offset);
  if (!word) return null;
  const before = text.slice(lineStart(text, word.start), word.start - word.quote.length);
  const role = BEFORE_VALUE.test(before) ? 'value' : 'key';
  for (const { yaml, root } of await looseYaml(marked(text, word, role))) {
    const found = find(yaml, root, []);
    if (found) return { ...word, ...found, document: plain(yaml, root) };
  }
  return null;
}

/** The value of a node, without aliases. */
function plain(yaml: YamlPackage, node: unknown): unknown {
  if (yaml.isScalar(node)) return node.value;
  if (yaml.isSeq(node)) return node.items.map((item) => plain(yaml, item));
  if (!yaml.isMap(node)) return null;
  return Object.fromEntries(
    node.items.flatMap(({ key, value }) =>
      yaml.isScalar(key) ? [[String(key.value), plain(yaml, value)]] : [],
    ),
  );
}
