/** YAML or JSON that is being typed: what can be made out of it, mistakes and all. */
import type * as YAML from 'yaml';
import type { Path } from '../../machine/locate.ts';
import { parseOptions, refuseDeepNesting } from './yaml.ts';
import { contentEnd, itemStart, startOf, type YamlPackage, type YamlSource } from './yaml-nodes.ts';

/** The documents of a text as far as they can be made out; none of a text that no parser should meet. */
export async function looseYaml(text: string): Promise<readonly YamlSource[]> {
  const yaml: YamlPackage = await import('../packages/yaml.ts');
  try {
    refuseDeepNesting(text);
    const documents = yaml.parseAllDocuments(text, parseOptions());
    if (!Array.isArray(documents)) return [];
    return documents.map(({ contents }) => ({ yaml, text, root: contents, isJson: false }));
  } catch {
    // Nested too deeply, for us or for the parser.
    return [];
  }
}

/** Keys of the mapping at the top; null for what is no mapping. */
export function topKeys({ yaml, root }: YamlSource): readonly string[] | null {
  return yaml.isMap(root) ? keysOf(yaml, root) : null;
}

/** Keys of a mapping that are plain text. */
export function keysOf(yaml: YamlPackage, map: YAML.YAMLMap): string[] {
  return map.items.flatMap(({ key }) =>
    yaml.isScalar(key) && key.value !== null ? [String(key.value)] : [],
  );
}

/** Something written around a place, with the path of its value. */
export interface YamlPart {
  readonly path: Path;
  readonly start: number;
  /** Behind the last thing written in it. */
  readonly end: number;
}

/** Collections and pairs around an offset, from the outside in: the last is the nearest. */
export function partsAround(source: YamlSource, offset: number): readonly YamlPart[] {
  const { yaml, root } = source;
  const parts: YamlPart[] = [];
  let node: unknown = root;
  let path: Path = [];
  const holds = (item: unknown): boolean => {
    const start = itemStart(yaml, item);
    return start >= 0 && start <= offset && offset <= contentEnd(source, item);
  };
  if (root) parts.push({ path, start: startOf(root), end: contentEnd(source, root) });
  while (yaml.isCollection(node)) {
    const items: readonly unknown[] = node.items;
    const index = items.findIndex(holds);
    if (index < 0) break;
    const item = items[index];
    const isPair = yaml.isPair(item);
    const step = isPair ? (yaml.isScalar(item.key) ? String(item.key.value) : '') : index;
    path = [...path, step];
    parts.push({ path, start: itemStart(yaml, item), end: contentEnd(source, item) });
    node = isPair ? item.value : item;
  }
  return parts;
}
