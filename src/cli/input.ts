/** Reads an INPUT (a file, a directory, or "-") and makes a Machine of it. */
import { statSync } from 'node:fs';
import { DRIVERS } from '../drivers/index.ts';
import { LIMITS } from '../machine/limits.ts';
import { inputError } from '../machine/locate.ts';
import type { Machine } from '../machine/machine.ts';
import { normalise } from '../machine/normalise.ts';
import { applySets } from '../machine/set.ts';
import { POLICY_NAMES } from '../policy/index.ts';
import { READERS, recognise } from '../readers/index.ts';
import { readMachineTree } from '../readers/machine/machine.ts';
import type { Reader, ReadResult, Stack } from '../readers/reader.ts';
import { RULE_NAMES } from '../rules/index.ts';
import { UsageError } from './io.ts';
import { readBounded } from './read-bytes.ts';
import { treeOf } from './tree.ts';

export interface InputOptions {
  /** Reader to use whatever the content looks like. */
  readonly from?: string | undefined;
  /** `--set` assignments, and events as `--event EVENT`, in order. */
  readonly set: readonly string[];
  /** Versions whose defaults count, for formats of other products. */
  readonly stack?: Stack;
}

/** `--from` of directories and archives. */
const TREE_FORMAT = 'machine';
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
      if (stat.isDirectory()) throw inputError(input, 'is a directory');
      if (stat.size > LIMITS.textBytes) throw tooLarge();
    }
    const bytes = readBounded(input, LIMITS.textBytes);
    if (bytes === null) throw tooLarge();
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

/** Machines of an input as their format has them, and the name of that format. */
async function readInput(
  input: string,
  { from, stack = {} }: InputOptions,
): Promise<{ format: string; results: readonly ReadResult[] }> {
  const tree = from === undefined || from === TREE_FORMAT ? await treeOf(input) : undefined;
  if (tree) return { format: TREE_FORMAT, results: [readMachineTree(tree, input)] };
  const bytes = readBytes(input);
  const reader = readerFor(bytes, input, from);
  return { format: reader.name, results: await reader.read({ bytes, file: input, stack }) };
}

/** A machine, and its description as it would be written in irqsim's own form. */
export interface Described {
  readonly machine: Machine;
  readonly description: unknown;
}

/** Reads and checks every machine of one input. Throws InputError or UsageError. */
export async function readDescriptions(input: string, options: InputOptions): Promise<readonly Described[]> {
  const { format, results } = await readInput(input, options);
  return results.map(({ raw, assumptions, refusals }) => {
    const { value, locate } = applySets(raw, options.set);
    const machine = normalise(value, input, locate, KNOWN);
    const imported = { format, assumptions, refusals };
    return { machine: format === 'native' ? machine : { ...machine, imported }, description: value };
  });
}

/** The machines of one input. Throws InputError or UsageError. */
export async function readMachines(input: string, options: InputOptions): Promise<readonly Machine[]> {
  return (await readDescriptions(input, options)).map(({ machine }) => machine);
}

/** Reads an input that must hold one machine. */
export async function readMachine(input: string, options: InputOptions): Promise<Machine> {
  const machines = await readMachines(input, options);
  if (machines.length === 1) return machines[0];
  throw new UsageError(`${input} holds ${machines.length} machines; this command takes one`);
}
