/**
 * Changes a value in a YAML or JSON text and nothing else: comments, order, quotes and line ends stay. What comes
 * out is read again and compared: it holds the old value with the one change, or the answer is null.
 */
import type * as YAML from 'yaml';
import type { Path } from '../../machine/locate.ts';
import { looksLikeJson, readJson } from './json.ts';
import { TextError } from './text.ts';
import { applyEdits, type TextEdit } from './text-edits.ts';
import { isMapping, sameValue, valueAt, withValue, wrapped } from './values.ts';
import { sourceWordEdits, type WordChange } from './words.ts';
import { readYamlDocuments } from './yaml.ts';
import { appendEntry, mannerOf, removeEntry } from './yaml-insert.ts';
import {
  colonEnd,
  contentEnd,
  type Found,
  follow,
  openYaml,
  startOf,
  type YamlSource,
} from './yaml-nodes.ts';
import { type Manner, quotedLike, valueText } from './yaml-write.ts';

/** Values of all documents that have content; null for text that is neither YAML nor JSON. */
export async function yamlValues(text: string): Promise<readonly unknown[] | null> {
  try {
    if (looksLikeJson(text)) return [readJson(text).value];
    return (await readYamlDocuments(text)).map(({ value }) => value);
  } catch (error) {
    if (error instanceof TextError || Array.isArray(error)) return null;
    throw error;
  }
}

/**
 * The text with a value set at a path of a document (0: the first that has content), or with the key taken out for
 * `undefined`. Mappings and lists are changed part by part. Null where that cannot be done without touching
 * something else, such as a value that stands behind an alias.
 */
export async function setInYaml(
  text: string,
  path: Path,
  value: unknown,
  document = 0,
): Promise<string | null> {
  const before = await yamlValues(text);
  if (!before || document >= before.length) return null;
  let now: string | null = text;
  for (const step of steps(valueAt(before[document], path), value, path)) {
    now = await takeStep(now, step, document);
    if (now === null) return null;
  }
  return now;
}

/** The first way to write a step after which the text reads as it should. */
async function takeStep(text: string, { path, value }: Step, document: number): Promise<string | null> {
  const before = await yamlValues(text);
  const source = before && (await openYaml(text, document));
  if (!source) return null;
  const wanted = before.map((one, index) => (index === document ? withValue(one, path, value) : one));
  for (const edits of waysToWrite(source, path, value)) {
    const changed = applyEdits(text, edits);
    if (changed !== null && sameValue(await yamlValues(changed), wanted)) return changed;
  }
  return null;
}

type Edits = readonly TextEdit[];

function waysToWrite(source: YamlSource, path: Path, value: unknown): readonly Edits[] {
  const trail = follow(source, path);
  if (!trail) return [];
  const { yaml } = source;
  const depth = trail.length - 1;
  const found = trail[depth];
  const parent = trail.at(depth - 1)?.node;
  if (depth === path.length) {
    if (!yaml.isCollection(parent)) return [];
    const index = parent.items.findIndex((item) => item === (found.pair ?? found.node));
    if (value === undefined) return [removeEntry(source, parent as Container, index)];
    return replacements(source, found, mannerOf(source, parent as Container), value);
  }
  if (value === undefined) return [];
  const inside = wrapped(path.slice(depth + 1), value);
  if (yaml.isCollection(found.node)) {
    const isList = yaml.isSeq(found.node);
    if (isList && path[depth] !== found.node.items.length) return [];
    return [appendEntry(source, found.node as Container, isList ? undefined : path[depth], inside)];
  }
  const isEmpty = found.node === null || (yaml.isScalar(found.node) && found.node.value === null);
  if (!isEmpty || !yaml.isCollection(parent)) return [];
  return replacements(
    source,
    found,
    mannerOf(source, parent as Container),
    wrapped(path.slice(depth), value),
  );
}

type Container = YAML.YAMLMap | YAML.YAMLSeq;

/** Ways to put a value in the place of another, the quotes of the old one first. */
function replacements(
  source: YamlSource,
  { node, pair }: Found,
  manner: Manner,
  value: unknown,
): readonly Edits[] {
  const { yaml, text } = source;
  const plain = valueText(yaml, value, manner);
  if (node === null || contentEnd(source, node) === startOf(node)) {
    const at = pair ? colonEnd(source, pair) : startOf(node);
    return [[{ start: at, end: at, text: ` ${plain}` }]];
  }
  const end = contentEnd(source, node);
  if (yaml.isScalar(node) && typeof value === 'string') {
    const texts = [quotedLike(node.type, value), plain, JSON.stringify(value)];
    return texts.flatMap((put) => (put === undefined ? [] : [[{ start: startOf(node), end, text: put }]]));
  }
  if (yaml.isScalar(node) || (yaml.isCollection(node) && node.flow)) {
    return [[{ start: startOf(node), end, text: plain }]];
  }
  // Comments in a block would go with it.
  const start = pair ? colonEnd(source, pair) : startOf(node);
  if (/(?:^|\s)#/.test(text.slice(start, end))) return [];
  return [[{ start, end, text: pair ? ` ${plain}` : plain }]];
}

/**
 * The text with kernel parameters changed inside the text at a path, which keeps its quotes and folded lines;
 * null where that text has another form in the source than in its meaning.
 */
export async function changeWordsInYaml(
  text: string,
  path: Path,
  change: WordChange,
  document = 0,
): Promise<string | null> {
  const source = await openYaml(text, document);
  const trail = source && follow(source, path);
  const node = trail?.length === path.length + 1 ? trail[path.length].node : null;
  if (!source?.yaml.isScalar(node) || typeof node.value !== 'string' || !node.range) return null;
  const [start, end] = node.range;
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const from = isBlock ? text.indexOf('\n', start) + 1 : start + (quoted ? 1 : 0);
  const edits = sourceWordEdits(text, { start: from, end: quoted ? end - 1 : end }, node.value, change);
  return edits && applyEdits(text, edits);
}

interface Step {
  readonly path: Path;
  readonly value: unknown;
}

/** The smallest changes that lead from one value to another; what leaves a list goes from its end. */
function steps(old: unknown, value: unknown, path: Path): Step[] {
  if (sameValue(old, value)) return [];
  const isList = Array.isArray(old) && Array.isArray(value);
  if (!isList && !(isMapping(old) && isMapping(value))) return [{ path, value }];
  const keys = isList
    ? Array.from({ length: Math.max(old.length, value.length) }, (_, index) => index)
    : [...new Set([...Object.keys(old), ...Object.keys(value)])];
  const changes = keys.map((key) => steps(valueAt(old, [key]), valueAt(value, [key]), [...path, key]));
  const shrinks = isList && value.length < old.length;
  return (shrinks ? changes.toReversed() : changes).flat();
}
