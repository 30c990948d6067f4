/** Where the values of a YAML or JSON text stand: nodes of the `yaml` package by path, and their extents. */
import type * as YAML from 'yaml';
import type { Path } from '../../machine/locate.ts';
import type * as YamlPackageModule from '../packages/yaml.ts';
import { looksLikeJson } from './json.ts';
import { parseOptions } from './yaml.ts';

/** The functions of the package, once it is loaded. */
export type YamlPackage = typeof YamlPackageModule;

export type Node = YAML.Node | null;

/** A text with one of its documents. */
export interface YamlSource {
  readonly yaml: YamlPackage;
  readonly text: string;
  readonly root: Node;
  readonly isJson: boolean;
}

/** A node, and the pair that it is the value of. */
export interface Found {
  readonly node: Node;
  readonly pair: YAML.Pair | undefined;
}

/** The document with an index, among those with content; null for a text that is no YAML, or has no such document. */
export async function openYaml(text: string, index: number): Promise<YamlSource | null> {
  const yaml = await import('../packages/yaml.ts');
  const documents = yaml.parseAllDocuments(text, parseOptions());
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return null;
  const full = documents.filter(
    ({ contents }) => contents && !(yaml.isScalar(contents) && contents.value === null),
  );
  const document = full.at(index);
  return document ? { yaml, text, root: document.contents, isJson: looksLikeJson(text) } : null;
}

/** Nodes from the top along a path, as far as it is written; null if it leads through an alias. */
export function follow({ yaml, root }: YamlSource, path: Path): readonly Found[] | null {
  const trail: Found[] = [{ node: root, pair: undefined }];
  for (const step of path) {
    const { node } = trail[trail.length - 1];
    if (yaml.isAlias(node)) return null;
    const next = yaml.isMap(node)
      ? pairOf(yaml, node, step)
      : yaml.isSeq(node)
        ? itemOf(node, step)
        : undefined;
    if (!next) break;
    trail.push(next);
  }
  return yaml.isAlias(trail[trail.length - 1].node) ? null : trail;
}

function pairOf(yaml: YamlPackage, map: YAML.YAMLMap, step: string | number): Found | undefined {
  const pair = map.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === String(step));
  return pair && { node: (pair.value as Node) ?? null, pair };
}

function itemOf(list: YAML.YAMLSeq, step: string | number): Found | undefined {
  return typeof step === 'number' && step < list.items.length
    ? { node: (list.items[step] as Node) ?? null, pair: undefined }
    : undefined;
}

/** Offset where a node begins; -1 for one that is not in the text. */
export function startOf(node: unknown): number {
  return (node as Node)?.range?.[0] ?? -1;
}

/** Offset where an item of a collection begins: its key, or its value. */
export function itemStart(yaml: YamlPackage, item: unknown): number {
  return startOf(yaml.isPair(item) ? item.key : item);
}

/** Offset behind the colon of a pair. */
export function colonEnd({ text }: YamlSource, pair: YAML.Pair): number {
  const keyEnd = (pair.key as Node)?.range?.[1] ?? 0;
  return text.indexOf(':', keyEnd) + 1;
}

/** Offset behind the last thing written in a node or pair, without comments and blanks that follow. */
export function contentEnd(source: YamlSource, item: unknown): number {
  const { yaml, text } = source;
  if (yaml.isPair(item)) {
    const { value } = item;
    return value ? contentEnd(source, value) : colonEnd(source, item);
  }
  if (yaml.isCollection(item) && !item.flow && item.items.length > 0)
    return contentEnd(source, item.items.at(-1));
  const [start, end] = (item as Node)?.range ?? [-1, -1];
  return start + text.slice(start, end).trimEnd().length;
}
