/** Lines of a commented description: a key, its value, and what the schema says about it. */
import { flow } from '../description.ts';
import { wrap } from '../document/terminal/wrap.ts';
import type { Mapping } from './template-examples.ts';

/** What the template needs of a JSON Schema. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

const WIDTH = 100;
/** A comment that would end behind this column stands above its line. */
const LINE_MAX = 120;

/** The keys that a mapping may hold, also where it is one of several forms. */
export function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> {
  return node.properties ?? node.anyOf?.find(({ properties }) => properties)?.properties ?? {};
}

/** "What it is. One of a, b, c." */
export function sentence({ description = '', enum: choices = [] }: SchemaNode): string {
  const words = choices.filter((one) => typeof one === 'string' && !/^(on|off|true|false)$/.test(one));
  const told = words.every((word) => description.includes(`${word}:`));
  return words.length === 0 || told ? description : `${description} One of ${words.join(', ')}.`;
}

export function commentLines(text: string): string[] {
  return wrap(text, WIDTH - 2).map((line) => `# ${line}`);
}

/** Lines such as "  cores: 8    # Cores in a module."; a key without value is written as a comment. */
interface Row {
  readonly code: string;
  readonly comment: string;
}

/** The column of comments; a longer value moves its own comment only. */
const COLUMN_MAX = 40;

function aligned(rows: readonly Row[]): string[] {
  const lengths = rows.filter(({ comment }) => comment !== '').map(({ code }) => code.length);
  const column = Math.max(0, ...lengths.filter((length) => length <= COLUMN_MAX));
  return rows.flatMap(({ code, comment }) => {
    const line = `${code.padEnd(column)}  # ${comment}`;
    if (comment === '') return [code];
    if (line.length <= LINE_MAX) return [line];
    const indent = ' '.repeat(code.search(/\S/));
    return [...wrap(comment, WIDTH - indent.length - 2).map((part) => `${indent}# ${part}`), code];
  });
}

/** The keys below a mapping: those with a value, and the others as comments with their default or example. */
function mappingLines(node: SchemaNode, value: Mapping, example?: (key: string) => unknown): string[] {
  const rows = Object.entries(propertiesOf(node)).map(([key, part]) => {
    const shown = Object.hasOwn(value, key);
    const text = flow(shown ? value[key] : (example?.(key) ?? part.default));
    return { code: `  ${shown ? '' : '#'}${key}: ${text}`, comment: sentence(part) };
  });
  return aligned(rows);
}

/** An item with one key in every line, or in one line once all its keys have been explained. */
function itemRows(node: SchemaNode, item: Mapping, explained: Set<string>): Row[] {
  const parts = propertiesOf(node);
  const entries = Object.entries(item);
  const fresh = entries.some(([key]) => !explained.has(key));
  for (const [key] of entries) explained.add(key);
  if (!fresh) return [{ code: `  - ${flow(item)}`, comment: '' }];
  return entries.map(([key, value], index) => ({
    code: `  ${index === 0 ? '-' : ' '} ${key}: ${flow(value)}`,
    comment: sentence(parts[key] ?? {}),
  }));
}

/** The items of a list; with `example` the first one shows, as comments, the keys that it does not have. */
export function listLines(
  node: SchemaNode,
  list: readonly Mapping[],
  example?: (key: string) => unknown,
): string[] {
  const item = node.items ?? {};
  const explained = new Set<string>();
  return aligned(
    list.flatMap((one, index) => {
      const rows = itemRows(item, one, explained);
      if (index > 0 || !example) return rows;
      const others = Object.entries(propertiesOf(item)).filter(([key]) => !explained.has(key));
      for (const [key] of others) explained.add(key);
      return [
        ...rows,
        ...others.map(([key, part]) => ({
          code: `    #${key}: ${flow(example(key) ?? part.default)}`,
          comment: sentence(part),
        })),
      ];
    }),
  );
}

/** The introduction of what is written as comments. */
export const MORE: readonly string[] = [
  '# What else can be said. A line such as "#key: value" shows the default, or an example where there is none;',
  '# take the # away to use it.',
];

/** The default of each key of a mapping. */
export function defaultsOf(node: SchemaNode): Mapping {
  return Object.fromEntries(Object.entries(propertiesOf(node)).map(([key, part]) => [key, part.default]));
}

/** A key with its value, or without one (undefined) as a comment, with its example or default. */
export function entryLines(key: string, node: SchemaNode, value: unknown, examples: Mapping): string[] {
  const example = (part: string) => examples[`${key}.${part}`];
  if (value !== undefined) return yamlLines(key, node, value, example);
  const parts = Object.entries(defaultsOf(node)).map(([part, usual]) => [part, example(part) ?? usual]);
  const shown = examples[key] ?? (parts.length > 0 ? Object.fromEntries(parts) : node.default);
  return yamlLines(key, node, shown).map((line) => `#${line}`);
}

function yamlLines(
  key: string,
  node: SchemaNode,
  value: unknown,
  example?: (key: string) => unknown,
): string[] {
  const isListOfMappings = Array.isArray(value) && Object.keys(propertiesOf(node.items ?? {})).length > 0;
  if (isListOfMappings) return [`${key}:`, ...listLines(node, value as readonly Mapping[], example)];
  if (Object.keys(propertiesOf(node)).length > 0) {
    return [`${key}:`, ...mappingLines(node, value as Mapping, example)];
  }
  return [`${key}: ${flow(value)}`];
}
