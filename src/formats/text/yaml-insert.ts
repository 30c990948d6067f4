/** Entries put into, and taken out of, the mappings and lists of a YAML or JSON text. */
import type * as YAML from 'yaml';
import {
  beginsLine,
  indentOf,
  insertion,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
  type TextEdit,
} from './text-edits.ts';
import { colonEnd, contentEnd, itemStart, startOf, type YamlSource } from './yaml-nodes.ts';
import { keyText, type Manner, valueText } from './yaml-write.ts';

type Collection = YAML.YAMLMap | YAML.YAMLSeq;

/** What comes behind a last value on its line: a comma, a comment. */
const REST_OF_LINE = /^[ \t]*(,?)[ \t]*(?:#.*)?$/;

/** How entries of a collection are written. */
export function mannerOf(source: YamlSource, collection: Collection): Manner {
  const { yaml, text, isJson } = source;
  const flow = collection.flow === true;
  const first = collection.items.at(0);
  const quoted = yaml.isPair(first) && yaml.isScalar(first.key) && first.key.type === 'QUOTE_DOUBLE';
  const colon =
    isJson && yaml.isPair(first) && first.value
      ? text.slice(colonEnd(source, first) - 1, startOf(first.value))
      : ': ';
  return { json: isJson || (flow && quoted), flow, colon: /^: *$/.test(colon) ? colon : ': ' };
}

/** Edits that add an entry at the end; `key` is undefined in a list. */
export function appendEntry(
  source: YamlSource,
  collection: Collection,
  key: string | number | undefined,
  value: unknown,
): readonly TextEdit[] {
  const manner = mannerOf(source, collection);
  const put = valueText(source.yaml, value, manner);
  const entry = key === undefined ? put : `${keyText(key, manner)}${manner.colon}${put}`;
  return manner.flow
    ? appendInFlow(source, collection, entry, manner)
    : appendInBlock(source, collection, entry);
}

/** On a line of its own below the last entry, and indented as the first. */
function appendInBlock(source: YamlSource, collection: Collection, entry: string): readonly TextEdit[] {
  const { yaml, text } = source;
  const first = itemStart(yaml, collection.items[0]);
  const before = text.slice(lineStart(text, first), first);
  const dash = yaml.isSeq(collection) ? before.lastIndexOf('-') : -1;
  const indent = ' '.repeat(dash < 0 ? before.length : dash);
  const at = lineEnd(text, contentEnd(source, collection));
  return [insertion(at, `${lineBreak(text)}${indent}${dash < 0 ? '' : '- '}${entry}`)];
}

/** Behind the last entry; on a line of its own if that one has one. */
function appendInFlow(
  { text, yaml, isJson }: YamlSource,
  collection: Collection,
  entry: string,
  { colon }: Manner,
): readonly TextEdit[] {
  const [start, end] = collection.range ?? [0, 0];
  const last = collection.items.at(-1);
  if (last === undefined) {
    const inside = yaml.isMap(collection) && !(isJson && colon === ':') ? ` ${entry} ` : entry;
    return [{ start: start + 1, end: end - 1, text: inside }];
  }
  const source = { yaml, text, isJson, root: null };
  const begin = itemStart(yaml, last);
  const valueEnd = contentEnd(source, last);
  const rest = REST_OF_LINE.exec(text.slice(valueEnd, lineEnd(text, valueEnd)));
  if (!rest || !beginsLine(text, begin)) {
    return [insertion(valueEnd, `${colon === ':' ? ',' : ', '}${entry}`)];
  }
  const line = `${lineBreak(text)}${indentOf(text, begin)}${entry}${rest[1]}`;
  const newLine = insertion(lineEnd(text, valueEnd), line);
  return rest[1] === '' ? [insertion(valueEnd, ','), newLine] : [newLine];
}

/** Edits that take out the entry with an index; a collection that gets empty becomes {} or []. */
export function removeEntry(source: YamlSource, collection: Collection, index: number): readonly TextEdit[] {
  const { yaml, text } = source;
  const { items } = collection;
  const begin = itemStart(yaml, items[index]);
  const end = contentEnd(source, items[index]);
  const [start, rangeEnd] = collection.range ?? [0, 0];
  if (items.length === 1) {
    const all = collection.flow ? rangeEnd : contentEnd(source, collection);
    return [{ start, end: all, text: yaml.isMap(collection) ? '{}' : '[]' }];
  }
  const next = items.at(index + 1);
  if (!collection.flow) {
    const lead = text.slice(lineStart(text, begin), begin);
    // The first key behind a dash: the next one takes its place.
    if (yaml.isMap(collection) && lead.trim() !== '')
      return [{ start: begin, end: itemStart(yaml, next), text: '' }];
    return [wholeLines(text, begin, end)];
  }
  if (next !== undefined) return [{ start: begin, end: itemStart(yaml, next), text: '' }];
  const before = contentEnd(source, items[index - 1]);
  const hasComment = text.slice(before, begin).includes('#');
  return [{ start: hasComment ? lineStart(text, begin) : before, end, text: '' }];
}

/** The lines from one offset to another, with a line end. */
function wholeLines(text: string, begin: number, end: number): TextEdit {
  const start = lineStart(text, begin);
  const stop = nextLine(text, end);
  const isLast = text[stop - 1] !== '\n' || stop < end;
  if (!isLast || start === 0) return { start, end: stop, text: '' };
  return { start: start - lineBreak(text).length, end: stop, text: '' };
}
