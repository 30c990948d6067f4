/** Checks a raw value against the schema and says in plain English what is wrong, and where. */
import type * as z from 'zod';
import { suggestion } from './did-you-mean.ts';
import type { Field } from './fields.ts';
import { held, UNFIT } from './held.ts';
import { grouped, LIMITS } from './limits.ts';
import type { RawInput } from './locate.ts';
import {
  collectProblems,
  excerpt,
  inputError,
  locateNearest,
  type Path,
  type Problems,
  pathText,
} from './locate.ts';
import { inputSchema, type MachineInput } from './schema.ts';
import { zodSchema } from './zod-fields.ts';

type Issue = z.core.$ZodIssue;

/** Lists that are refused by length alone, before a look at their elements. */
const LISTS: readonly { path: readonly string[]; limit: number; of: string }[] = [
  { path: ['cpus'], limit: LIMITS.cpus, of: 'entries in cpus' },
  { path: ['devices'], limit: LIMITS.devices, of: 'devices' },
  { path: ['events'], limit: LIMITS.events, of: 'events' },
  { path: ['expect', 'findings'], limit: 1000, of: 'expected findings' },
];

/** The value, known to have the shape of the schema. Throws `InputError` listing every violation. */
export function validate(raw: RawInput, file: string): MachineInput {
  refuseLongLists(raw, file);
  return conform(inputSchema, raw, file);
}

/** The value, known to have the shape of a schema of the house. Throws `InputError` listing every violation. */
export function conform<T>(schema: Field<T>, raw: RawInput, file: string): T {
  const value = held(schema, raw.value);
  if (value !== UNFIT) return value as T;
  const result = zodSchema(schema).safeParse(raw.value);
  if (result.success) return result.data as T;
  const problems = collectProblems(file, raw.locate);
  for (const issue of result.error.issues) explain(issue, [], raw.value, problems);
  problems.throwIfAny();
  throw inputError(file, 'the text does not match the schema');
}

function refuseLongLists(raw: RawInput, file: string): void {
  for (const { path, limit, of } of LISTS) {
    const list = valueAt(raw.value, path);
    if (!Array.isArray(list) || list.length <= limit) continue;
    const where = locateNearest(path, raw.locate, file);
    const message = `${grouped(list.length)} ${of}; the limit is ${grouped(limit)}`;
    throw inputError(where.file, message, where.line, where.column);
  }
}

function explain(issue: Issue, parent: Path, value: unknown, problems: Problems): void {
  const path: Path = [...parent, ...(issue.path as (string | number)[])];
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    explainUnknownKeys(issue.keys, issue.message.split(','), path, problems);
  } else if (issue.code === 'invalid_union') {
    const branch = matchingBranch(issue.errors);
    if (branch) for (const inner of branch) explain(inner, path, value, problems);
    else problems.add(path, expected(path, issue.message, found));
  } else if (issue.code === 'too_big' && typeof found === 'string') {
    const limit = `the limit is ${grouped(Number(issue.maximum))} characters`;
    problems.add(path, `${pathText(path)}: text of ${grouped(found.length)} characters; ${limit}`);
  } else if (found === undefined) {
    problems.add(path, `${pathText(path)} is missing: expected ${issue.message}`);
  } else {
    problems.add(path, expected(path, issue.message, found) + misspelt(issue, found));
  }
}

function explainUnknownKeys(keys: string[], known: string[], path: Path, problems: Problems): void {
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  for (const key of keys) {
    problems.add(
      [...path, key],
      () => `unknown key ${excerpt(key)}${where}${suggestion(key, known, 'keys')}`,
      'key',
    );
  }
}

/** The one alternative that has the right outer type, so that its own complaints are the helpful ones. */
function matchingBranch(branches: readonly Issue[][]): readonly Issue[] | undefined {
  const inside = branches.filter((issues) => issues.every((issue) => issue.path.length > 0));
  return inside.length === 1 ? inside[0] : undefined;
}

function expected(path: Path, what: string, found: unknown): string {
  return `${pathText(path)}: expected ${what}, found ${describe(found)}`;
}

function misspelt(issue: Issue, found: unknown): string {
  if (issue.code !== 'invalid_value' || typeof found !== 'string') return '';
  const hint = suggestion(
    found,
    issue.values.filter((known) => typeof known === 'string'),
    'values',
  );
  return hint.startsWith(';') ? '' : hint;
}

/** A found value in words. */
function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return excerpt(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' ? 'a mapping' : String(value);
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
