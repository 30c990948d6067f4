/** YAML with positions, through the `yaml` package, which is loaded only when there is YAML to read. */
import type * as YAML from 'yaml';
import { setOwn } from '../../lib/set-own.ts';
import { LIMITS } from '../../machine/limits.ts';
import { excerpt, type Path } from '../../machine/locate.ts';
import { tooDeep } from './json.ts';
import { type ReadText, TextError } from './text.ts';
import { isMapping } from './values.ts';

type Package = typeof import('../packages/yaml.ts');
type Node = YAML.Node | null;

/** What text means: irqsim's own descriptions are YAML 1.2, other products read 1.1. */
type Dialect = 'core' | '1.1';

/** The node that each alias stands for. */
type AliasTargets = Map<YAML.Alias, Node>;

/** A value, and how many values it holds in all. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
}

/** Values that aliases may add to what is written: stops "billion laughs". */
const MAX_ALIASED = 1_000_000;

/** Parses one YAML document. Throws `TextError`s, all syntax errors in one array. */
export async function readYaml(text: string): Promise<ReadText> {
  refuseDeepNesting(text);
  const yaml: Package = await import('../packages/yaml.ts');
  return toText(
    yaml,
    guarded(() => yaml.parseDocument(text, parseOptions())),
    'core',
  );
}

/**
 * Parses a file of several YAML documents of another product; those without any content are left out. `<<` merges, and
 * 010 is 8, as in YAML 1.1, which kubectl, Incus and OpenStack read. Throws like readYaml().
 */
export async function readYamlDocuments(text: string): Promise<readonly ReadText[]> {
  refuseDeepNesting(text);
  const yaml: Package = await import('../packages/yaml.ts');
  const documents = guarded(() => yaml.parseAllDocuments(text, parseOptions()));
  if (!Array.isArray(documents)) return [];
  return documents.map((one) => toText(yaml, one, '1.1')).filter(({ value }) => value !== null);
}

function toText(yaml: Package, document: YAML.Document.Parsed, dialect: Dialect): ReadText {
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) throw errors.map((error) => new TextError(error.pos[0], plainMessage(error)));
  const targets: AliasTargets = new Map();
  const value = toValue(yaml, document.contents, targets, dialect);
  return { value, offset: (path, at) => offsetOf(yaml, document.contents, targets, path, at) };
}

/** How YAML is read here. */
export function parseOptions(): YAML.ParseOptions & YAML.DocumentOptions & YAML.SchemaOptions {
  return {
    schema: 'core',
    // No number of a description has a fraction: what looks like one is a release, 6.10 is not 6.1.
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:float'),
    prettyErrors: false,
    // Checked while values are made, with a set: the package compares each key with each other one.
    uniqueKeys: false,
  };
}

function guarded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // The package recurses; whatever slips past refuseDeepNesting() ends here.
    if (error instanceof RangeError) throw new TextError(0, tooDeep());
    throw error;
  }
}

function plainMessage(error: YAML.YAMLParseError | YAML.YAMLWarning): string {
  if (error.code === 'MULTIPLE_DOCS') return 'a second YAML document starts here; write one machine a file';
  if (error.code === 'TAG_RESOLVE_FAILED') return 'YAML tags (!name) have no meaning here';
  return error.message.split('\n')[0];
}

/**
 * Refuses deep nesting before the parser meets it, in one pass: flow brackets, "- - -" on one line, and
 * ever deeper indentation. Comments and quoted text do not count.
 */
export function refuseDeepNesting(text: string): void {
  const indents: number[] = [];
  const lines = /[^\n]*\n?/g;
  let flow = 0;
  for (let line = lines.exec(text); line && line[0] !== ''; line = lines.exec(text)) {
    const lead = /^(?:[ \t]|[-?:][ \t])*/.exec(line[0])?.[0] ?? '';
    if (line[0].length > lead.length + 1 && line[0][lead.length] !== '#') {
      while (indents.length > 0 && indents[indents.length - 1] >= lead.length) indents.pop();
      indents.push(lead.length);
    }
    const compact = lead.replace(/[ \t]/g, '').length;
    flow = flowDepth(line[0], flow);
    if (Math.max(compact, indents.length, flow) > LIMITS.depth) throw new TextError(line.index, tooDeep());
  }
}

/**
 * Comments, quoted text and brackets. Quoted text is matched in runs: a group that repeats for each character takes
 * stack for each.
 */
const FLOW_TOKENS = /(?:^|\s)#.*|(?<=^|[\s[{,:])(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*')|[[\]{}]/g;

/** Deepest level of brackets reached in a line that starts at level `depth`, or the level it ends at. */
function flowDepth(line: string, depth: number): number {
  for (const [token] of line.matchAll(FLOW_TOKENS)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (depth > LIMITS.depth) return depth;
  }
  return depth;
}

/** Makes plain values of the nodes: aliases resolved, duplicate keys and alias bombs refused. */
function toValue(yaml: Package, root: Node, targets: AliasTargets, dialect: Dialect): unknown {
  // The package's own alias.resolve() walks the whole document each time.
  const anchors = new Map<string, Node>();
  const finished = new Map<Node, Sized>();
  const open = new Set<Node>();
  let aliased = 0;

  function convert(node: Node): Sized {
    if (yaml.isAlias(node)) return alias(node);
    if (node?.anchor !== undefined) anchors.set(node.anchor, node);
    if (node === null) return { value: null, size: 1 };
    if (yaml.isScalar(node)) return { value: dialect === '1.1' ? octal(node) : node.value, size: 1 };
    open.add(node);
    const result = yaml.isMap(node) ? mapping(node) : list(node as YAML.YAMLSeq<Node>);
    open.delete(node);
    if (node.anchor !== undefined) finished.set(node, result);
    return result;
  }

  function alias(node: YAML.Alias): Sized {
    const target = anchors.get(node.source);
    if (!target) throw new TextError(offset(node), `the alias *${node.source} has no anchor before it`);
    if (open.has(target)) throw new TextError(offset(node), `the alias *${node.source} contains itself`);
    targets.set(node, target);
    const result = finished.get(target) ?? convert(target);
    aliased += result.size;
    if (aliased > MAX_ALIASED) throw new TextError(offset(node), 'the aliases expand to far too many values');
    return result;
  }

  function list(node: YAML.YAMLSeq<Node>): Sized {
    const parts = node.items.map(convert);
    return { value: parts.map(({ value }) => value), size: sizeOf(parts) };
  }

  function mapping(node: YAML.YAMLMap): Sized {
    const value: Record<string, unknown> = {};
    const parts: Sized[] = [];
    let merged: { readonly part: Sized; readonly at: number } | undefined;
    for (const pair of node.items) {
      const key = keyText(yaml, pair.key);
      const at = offset(pair.key as Node);
      if (key === undefined) throw new TextError(at || offset(node), 'a key must be plain text');
      const isMerged = dialect === '1.1' && isMerge(yaml, pair);
      if (isMerged ? merged : Object.hasOwn(value, key))
        throw new TextError(at, `the key ${excerpt(key)} is written twice`);
      const part = convert((pair.value as Node) ?? null);
      parts.push(part);
      if (isMerged) merged = { part, at };
      else setOwn(value, key, part.value);
    }
    if (merged) merge(value, merged.part.value, merged.at);
    return { value, size: sizeOf(parts) };
  }

  return convert(root).value;
}

/** A number that begins with 0 and has no digit above 7. */
function octal({ value, source, type }: YAML.Scalar): unknown {
  const isOctal = typeof value === 'number' && type === 'PLAIN' && /^0[0-7]+$/.test(source ?? '');
  return isOctal ? Number.parseInt(source ?? '', 8) : value;
}

/** `<<: *base`: the keys of other mappings, below those written. */
function isMerge(yaml: Package, { key }: YAML.Pair): boolean {
  return yaml.isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** Adds what a mapping lacks: of several sources the first counts. */
function merge(into: Record<string, unknown>, source: unknown, at: number): void {
  for (const one of Array.isArray(source) ? source : [source]) {
    if (!isMapping(one)) throw new TextError(at, 'behind << a mapping, or a list of mappings, is expected');
    for (const [key, value] of Object.entries(one)) if (!Object.hasOwn(into, key)) setOwn(into, key, value);
  }
}

function sizeOf(parts: readonly { size: number }[]): number {
  return parts.reduce((sum, { size }) => sum + size, 1);
}

function offset(node: Node): number {
  return node?.range?.[0] ?? 0;
}

function keyText(yaml: Package, key: unknown): string | undefined {
  return yaml.isScalar(key) && key.value !== null ? String(key.value) : undefined;
}

function offsetOf(
  yaml: Package,
  root: Node,
  targets: AliasTargets,
  path: Path,
  at: 'key' | 'value' = 'value',
): number | undefined {
  let node: Node = root;
  let found: Node = node;
  for (const step of path) {
    if (yaml.isAlias(node)) node = targets.get(node) ?? null;
    if (yaml.isMap(node)) {
      const pair = pairOf(yaml, node, String(step), targets);
      if (!pair) return undefined;
      node = (pair.value as Node) ?? null;
      found = at === 'key' || !node?.range ? (pair.key as Node) : node;
    } else if (yaml.isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step] as Node;
      found = node;
    } else return undefined;
  }
  return found?.range?.[0];
}

/** The pair of a key, also where the mapping merges another that has it. */
function pairOf(yaml: Package, map: YAML.YAMLMap, key: string, targets: AliasTargets): YAML.Pair | undefined {
  const own = map.items.find((one) => keyText(yaml, one.key) === key);
  if (own) return own;
  for (const one of map.items) {
    if (!isMerge(yaml, one)) continue;
    const source = resolved(yaml, one.value as Node, targets);
    for (const each of yaml.isSeq(source) ? (source.items as Node[]) : [source]) {
      const target = resolved(yaml, each, targets);
      const found = yaml.isMap(target) ? pairOf(yaml, target, key, targets) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

const resolved = (yaml: Package, node: Node, targets: AliasTargets): Node =>
  yaml.isAlias(node) ? (targets.get(node) ?? null) : node;
