/** Reads an INPUT (a file, a directory, or "-") and makes a Machine of it. */
import { readFileSync, statSync } from 'node:fs';
import { DRIVERS } from '../drivers/index.ts';
import { LIMITS } from '../machine/limits.ts';
import { inputError } from '../machine/locate.ts';
import type { Machine } from '../machine/machine.ts';
import { normalise } from '../machine/normalise.ts';
import { applySets } from '../machine/set.ts';
import { POLICY_NAMES } from '../policy/index.ts';
import { READERS, recognise } from '../readers/index.ts';
import type { Reader, Stack } from '../readers/reader.ts';
import { RULE_NAMES } from '../rules/index.ts';
import { UsageError } from './io.ts';

export interface InputOptions {
  /** Reader to use whatever the content looks like. */
  readonly from?: string | undefined;
  /** `--set` assignments, and events as `--event EVENT`, in order. */
  readonly set: readonly string[];
  /** Versions whose defaults count, for formats of other products. */
  readonly stack?: Stack;
}

const STDIN = 0;
const KNOWN = { drivers: [...DRIVERS.keys()], policies: POLICY_NAMES, rules: RULE_NAMES };

function describeFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read (${code ?? (error as Error).message})`;
}

/** The bytes of one input, refused past the size limit before they are read where that can be known. */
function readBytes(input: string): Uint8Array {
  const tooLarge = () => inputError(input, `the input is larger than ${LIMITS.textBytes / 2 ** 20} MiB`);
  try {
    if (input !== '-') {
      const stat = statSync(input);
      if (stat.isDirectory()) {
        throw inputError(
          input,
          'this directory is not a captured machine: it has no proc/ and sys/ that irqsim can read',
        );
      }
      if (stat.size > LIMITS.textBytes) throw tooLarge();
    }
    const bytes = readFileSync(input === '-' ? STDIN : input);
    if (bytes.length > LIMITS.textBytes) throw tooLarge();
    return bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw inputError(input, describeFailure(error));
    throw error;
  }
}

function readerFor(bytes: Uint8Array, input: string, from: string | undefined): Reader {
  if (from === undefined) return recognise(bytes, input);
  const reader = READERS.find((one) => one.name === from);
  if (reader) return reader;
  throw new UsageError(`--from ${from}: no such kind; one of ${READERS.map((one) => one.name).join(', ')}`);
}

/** Reads and checks every machine of one input. Throws InputError or UsageError. */
export async function readMachines(input: string, options: InputOptions): Promise<readonly Machine[]> {
  const bytes = readBytes(input);
  const reader = readerFor(bytes, input, options.from);
  const results = await reader.read({ bytes, file: input, stack: options.stack ?? {} });
  return results.map(({ raw, assumptions, refusals }) => {
    const { value, locate } = applySets(raw, options.set);
    const machine = normalise(value, input, locate, KNOWN);
    return reader.name === 'native'
      ? machine
      : { ...machine, imported: { format: reader.name, assumptions, refusals } };
  });
}

/** Reads an input that must hold one machine. */
export async function readMachine(input: string, options: InputOptions): Promise<Machine> {
  const machines = await readMachines(input, options);
  if (machines.length === 1) return machines[0];
  throw new UsageError(`${input} holds ${machines.length} machines; this command takes one`);
}
