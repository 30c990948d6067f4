/** Calls of the command line in this process: what they print is looked at, and whether it fits their exit codes. */
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { run } from '../../src/cli/run.ts';
import { closed } from '../report/closed-schema.ts';
import { checkText, withoutReturns } from './check.ts';

export const folder = mkdtempSync(join(tmpdir(), 'irqsim-fuzz-'));

const open = new Map<string, number>();

/** Writes a file of this name, for commands to read; it stays open, for to make one takes long. Returns its path. */
export function put(name: string, text: string): string {
  const path = join(folder, name);
  let file = open.get(name);
  if (file === undefined) {
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(path, 'w');
    open.set(name, file);
  }
  ftruncateSync(file, 0);
  writeSync(file, text, 0);
  return path;
}

/** A file that another program wrote, and put in the place of the one that is open. */
export function taken(name: string): string {
  const file = open.get(name);
  if (file !== undefined) closeSync(file);
  open.delete(name);
  return readFileSync(join(folder, name), 'utf8');
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function said(argv: readonly string[]): Promise<Said> {
  let out = '';
  let err = '';
  const say = (text: string) => {
    err += text;
  };
  const code = await run(argv, {
    env: { IRQSIM_DEBUG: '1' },
    stdoutIsTty: false,
    stderrIsTty: false,
    asciiOnly: false,
    columns: 100,
    out(text) {
      out += text;
    },
    err: say,
    note: say,
    cwd: folder,
  });
  return { code, out, err };
}

const schemas = new Map<string, ValidateFunction>();

/** Throws where a JSON answer is not of the schema that `irqsim schema` prints. */
export async function checkSchema(name: string, text: string): Promise<void> {
  let check = schemas.get(name);
  if (!check) {
    const { out } = await said(['schema', name]);
    check = new Ajv2020().compile(closed(JSON.parse(out)) as object);
    schemas.set(name, check);
  }
  for (const value of [JSON.parse(text)].flat())
    if (!check(value))
      throw new Error(`untrue: the answer is of the schema ${name}\n${JSON.stringify(check.errors)}`);
}

/** Runs a command; `schema`: what its JSON is of. Throws what is wrong with what it says. */
export async function call(argv: readonly string[], schema?: string): Promise<Said> {
  const done = await said(argv);
  const { code, out, err } = done;
  // `merge` says so of records that tell of a bug.
  if (code === 3 && argv[0] !== 'merge') throw new Error(err);
  if (![0, 1, 2, 3].includes(code)) throw new Error(`untrue: the exit code is of the documented: ${code}`);
  if (code === 2 && err === '') throw new Error(`untrue: what is refused is said: ${argv.join(' ')}`);
  checkText(argv[0], withoutReturns(argv.includes('csv') ? 'csv' : '', out));
  checkText(`${argv[0]} on standard error`, err);
  if (schema !== undefined && out !== '') await checkSchema(schema, out);
  return done;
}

/** Runs a command twice: the same input gives the same bytes. */
export async function callTwice(argv: readonly string[], schema?: string): Promise<Said> {
  const [first, second] = [await call(argv, schema), await call(argv, schema)];
  for (const key of ['code', 'out', 'err'] as const)
    if (first[key] !== second[key]) throw new Error(`untrue: the same again: ${key} of ${argv.join(' ')}`);
  return first;
}
