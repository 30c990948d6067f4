/** Inputs of many machines, machine by machine: what is large and can be split is never in memory whole. */
import { lstatSync, statSync } from 'node:fs';
import { LIMITS } from '../../machine/limits.ts';
import type { MachineSource } from '../../questions/source.ts';
import { isArchiveName } from './archive-names.ts';
import { asSystemError, readInput, TREE_FORMAT, tooLarge, treeReadings } from './input.ts';
import { piecesOf } from './read-bytes.ts';
import type { Reading, ReadingOptions } from './reading.ts';
import { statOf } from './walk.ts';
import { WHOLE_BYTES } from './whole-bytes.ts';

function isTree(input: string): boolean {
  if (input === '-') return false;
  const stat = statOf(input);
  return stat?.isDirectory() === true || (stat?.isFile() === true && isArchiveName(input));
}

/** An input whose beginning is read. */
interface Begun {
  readonly head: Buffer;
  /** What comes behind the head; undefined: nothing. */
  readonly rest: Generator<Buffer> | undefined;
}

function begin(input: string): Begun {
  const pieces = piecesOf(input);
  const head: Buffer[] = [];
  for (let total = 0; total <= WHOLE_BYTES; ) {
    const { done, value } = pieces.next();
    if (done) return { head: Buffer.concat(head), rest: undefined };
    head.push(value);
    total += value.length;
  }
  return { head: Buffer.concat(head), rest: pieces };
}

/** All bytes of an input that is read in one piece. Throws InputError, also past the limit. */
function whole(input: string, head: Buffer, rest: Iterable<Buffer>): Uint8Array {
  const pieces = [head];
  let total = head.length;
  try {
    if (input !== '-' && statSync(input).size > LIMITS.textBytes) throw tooLarge(input);
    for (const piece of rest) {
      total += piece.length;
      if (total > LIMITS.textBytes) throw tooLarge(input);
      pieces.push(piece);
    }
  } catch (error) {
    throw asSystemError(error, input);
  }
  return pieces.length === 1 ? head : Buffer.concat(pieces);
}

/**
 * The readings of the machines of a directory or an archive, those included that support tools packed in a directory; or
 * the failure to read it.
 */
async function* treeOrFailure(input: string, options: ReadingOptions): AsyncGenerator<Reading> {
  const [{ treeOf }, { hasSupportRoot, machineRoots, packedMachines }, { holdsMachine }] = await Promise.all([
    import('./tree.ts'),
    import('../../formats/linux-capture/roots.ts'),
    import('../../formats/linux-capture/machine.ts'),
  ]);
  let machines: readonly (() => MachineSource)[];
  let packed: readonly string[] = [];
  let beside: readonly string[] = [];
  try {
    const tree = await treeOf(input);
    if (!tree) return yield { input, read: () => readInput(input, options) };
    const isFolder = statOf(input)?.isDirectory() === true;
    const isOther = options.from !== undefined && options.from !== TREE_FORMAT;
    // A captured machine is of no other format, and of none that does not exist.
    if (isOther && (!isFolder || holdsMachine(tree)))
      return yield { input, read: () => readInput(input, options) };
    if (isFolder && options.folder && options.from !== TREE_FORMAT) {
      if (!holdsMachine(tree)) return yield* folderReadings(input, options);
      const { inputsBeside } = await import('./folder.ts');
      beside = inputsBeside(input, machineRoots(tree), options.folder);
      const ofSupport = packedMachines(tree).length > 0 || hasSupportRoot(tree);
      if (beside.length > 0 && ofSupport) options.folder.note(unreadText(input, beside));
      if (ofSupport) beside = [];
      if (beside.length > 0 && machineRoots(tree).length > 0) return yield* folderReadings(input, options);
    }
    if (isFolder) packed = packedMachines(tree);
    machines = packed.length > 0 && machineRoots(tree).length === 0 ? [] : treeReadings(tree, input);
  } catch (error) {
    return yield { input, read: () => Promise.reject(error) };
  }
  for (const read of machines) yield { input, read: async () => [read()] };
  // No link is followed: it may lead out of the directory.
  const archives = packed.map((path) => `${input.replace(/\/$/, '')}/${path}`);
  for (const path of archives.filter((one) => lstatSync(one).isFile())) yield* treeOrFailure(path, options);
  for (const path of beside) yield* eachReading(path, options);
}

/** What of a folder is left out: what support tools collect has files of every kind beside the machines. */
function unreadText(input: string, beside: readonly string[]): string {
  const shown = `${beside.slice(0, 4).join(', ')}${beside.length > 4 ? ' ...' : ''}`;
  return `${input}: read as what support tools collected; ${beside.length === 1 ? 'a file' : `${beside.length} files`} beside the machines not read: ${shown}`;
}

/** The readings of the files of a folder, each as if it had been named. */
async function* folderReadings(folder: string, options: ReadingOptions): AsyncGenerator<Reading> {
  if (!options.folder) return;
  const { inputsBelow } = await import('./folder.ts');
  for (const path of inputsBelow(folder, options.folder)) yield* eachReading(path, options);
}

/** The readings of an input, in order; each may fail by itself. Reads as far as it is asked for. */
export async function* eachReading(input: string, options: ReadingOptions): AsyncGenerator<Reading> {
  const { from } = options;
  let begun: Begun | undefined;
  try {
    if (from !== TREE_FORMAT && !isTree(input)) begun = begin(input);
  } catch {
    // What the system says of it is told when it is read.
  }
  if (!begun) return yield* treeOrFailure(input, options);
  const { head, rest } = begun;
  const split = rest && (await import('./split-readings.ts')).splitReadings(input, head, rest, options);
  if (split) return yield* split;
  yield { input, read: () => readInput(input, options, () => whole(input, head, rest ?? [])) };
}
