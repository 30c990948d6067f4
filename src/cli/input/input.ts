/** Reads an INPUT (a file, a directory, or "-") and makes a Machine of it. */
import { statSync } from 'node:fs';
import { readerNamed } from '../../formats/index.ts';
import { machinesOfTree } from '../../formats/linux-capture/machine.ts';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import type { Defines } from '../../formats/reader.ts';
import type { Stack } from '../../formats/stack.ts';
import { LIMITS } from '../../machine/limits.ts';
import { inputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  type Described,
  describe,
  type MachineSource,
  machineOf,
  readSources,
} from '../../questions/source.ts';
import { UsageError } from '../io.ts';
import { readBounded } from './read-bytes.ts';
import { treeOf } from './tree.ts';

export interface InputOptions {
  /** Reader to use whatever the content looks like. */
  readonly from?: string | undefined;
  /** `--set` assignments, and events as `--event EVENT`, in order. */
  readonly set: readonly string[];
  /** Versions whose defaults count, for formats of other products. */
  readonly stack?: Stack;
  /** Values that only a shell knows, by name. */
  readonly define?: Defines;
  /** What standard input is called: its ending helps to recognise it, and messages name it. */
  readonly stdinName?: string | undefined;
}

/** The name of an input in messages and reports. */
export const nameOf = (input: string, { stdinName }: Pick<InputOptions, 'stdinName'>): string =>
  input === '-' ? (stdinName ?? '-') : input;

/** `--from` of directories and archives. */
export const TREE_FORMAT = 'machine';

/** What the system's error means, in plain words. */
export function describeFailure(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return path?.includes('\ufffd')
      ? 'no such file: names that are not UTF-8 cannot be read'
      : 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read (${code ?? (error as Error).message})`;
}

/** What is said of an input past the limit. */
export const tooLarge = (input: string) =>
  inputError(input, `the input is larger than ${LIMITS.textBytes / 2 ** 20} MiB`);

/**
 * The bytes of one input, refused past the size limit before they are read where that can be known. `onlyFiles`: a pipe
 * or a device is refused; `path`: where it is, if its name starts from another folder than the current one. Throws
 * InputError.
 */
export function readBytes(input: string, { onlyFiles = false, path = input } = {}): Uint8Array {
  try {
    if (path !== '-') {
      const stat = statSync(path);
      if (stat.isDirectory()) throw inputError(input, 'is a directory');
      // Reading a FIFO without a writer would wait for ever.
      if (onlyFiles && !stat.isFile()) throw inputError(input, 'is no regular file');
      if (stat.size > LIMITS.textBytes) throw tooLarge(input);
    }
    const bytes = readBounded(path, LIMITS.textBytes);
    if (bytes === null) throw tooLarge(input);
    return bytes;
  } catch (error) {
    throw asSystemError(error, input);
  }
}

/** What the system says of an input as an InputError about it; anything else as it is. */
export function asSystemError(error: unknown, input: string): unknown {
  return error instanceof Error && 'code' in error ? inputError(input, describeFailure(error)) : error;
}

/** Each machine of a directory or an archive, to be read by itself. The readings throw InputError. */
export function treeReadings(tree: Tree, input: string): readonly (() => MachineSource)[] {
  return machinesOfTree(tree, input).map(({ source, read }) => () => ({
    file: source,
    format: TREE_FORMAT,
    result: read(),
  }));
}

/** The machines of one input, not checked yet; `read` gives its bytes. Throws InputError or UsageError. */
export async function readInput(
  input: string,
  options: Omit<InputOptions, 'set'>,
  read: (input: string) => Uint8Array = readBytes,
): Promise<readonly MachineSource[]> {
  const { from, stack, define: defines } = options;
  const tree = from === undefined || from === TREE_FORMAT ? await treeOf(input) : undefined;
  if (tree) return treeReadings(tree, input).map((read) => read());
  if (from === TREE_FORMAT)
    throw inputError(input, 'is neither a folder nor a tar archive of files of a captured machine');
  if (from !== undefined) refuseUnknownKind(from);
  const file = nameOf(input, options);
  return await readSources({ bytes: read(input), file, from, stack, defines });
}

function refuseUnknownKind(from: string): void {
  try {
    readerNamed(from);
  } catch (error) {
    throw new UsageError(`--from ${from}: ${(error as RangeError).message}`);
  }
}

/** Reads and checks every machine of one input. Throws InputError or UsageError. */
export async function readDescriptions(input: string, options: InputOptions): Promise<readonly Described[]> {
  return (await readInput(input, options)).map((source) => describe(source, options.set));
}

/** The machines of one input. Throws InputError or UsageError. */
export async function readMachines(input: string, options: InputOptions): Promise<readonly Machine[]> {
  return (await readDescriptions(input, options)).map(({ machine }) => machine);
}

/** An input that must hold one machine, not checked yet. Throws InputError or UsageError. */
export async function readSource(input: string, options: Omit<InputOptions, 'set'>): Promise<MachineSource> {
  const sources = await readInput(input, options);
  if (sources.length === 1) return sources[0];
  const files = [...new Set(sources.map(({ file }) => file))];
  const which = files.length > 1 ? `: ${files.slice(0, 8).join(', ')}${files.length > 8 ? ' ...' : ''}` : '';
  throw new UsageError(`${input} holds ${sources.length} machines; this command takes one${which}`);
}

/** Reads and checks an input that must hold one machine. Throws InputError or UsageError. */
export async function readMachine(input: string, options: InputOptions): Promise<Machine> {
  return machineOf(await readSource(input, options), options.set);
}
