/** What a file that is written whole must be: a regular one or none yet, in a folder that is there, and no input. */
import { fstatSync, type Stats } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { entryOf, hasInputName, statOf } from '../input/walk.ts';
import { UsageError } from '../io.ts';
import { throughLinks } from './through-links.ts';

/** Throws UsageError for a name that leads to something else than a regular file: it would be replaced by one. */
export function refuseNoFile(path: string): void {
  if (path === '') throw new UsageError('-o: expected the name of a file');
  if (statOf(path)?.isFile() === false)
    throw new UsageError(`-o ${path}: is no regular file; without -o the output goes to standard output`);
}

/** Throws UsageError where no file can be: said before the work, not after it. */
export function refuseNoFolder(path: string): void {
  const folder = dirname(throughLinks(path));
  if (statOf(folder)?.isDirectory() !== true)
    throw new UsageError(`-o ${path}: there is no directory ${folder}`);
}

const isOne = (a: Stats | undefined, b: Stats | undefined): boolean =>
  a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;

/** True if both names lead to one file. */
export const isSameFile = (one: string, other: string): boolean => isOne(statOf(one), statOf(other));

/** True if a path is below a directory, by their names. */
export function isBelow(path: string, directory: string): boolean {
  const top = resolve(directory);
  return resolve(path).startsWith(top.endsWith(sep) ? top : top + sep);
}

/** How a report would become an input: of this run, or of the next one on the same folder. */
function clash(output: string, input: string): string | undefined {
  if (isSameFile(output, input)) return 'is an input too';
  const isRead = entryOf(input).kind === 'directory' && isBelow(output, input) && hasInputName(output);
  return isRead ? `lies in ${input}, of which files of such names are read` : undefined;
}

/** Throws UsageError for a report that is read as input, or would be; `stdin` is the open file that "-" stands for. */
export function refuseReportAmongInputs(output: string, inputs: readonly string[], stdin: number): void {
  for (const input of inputs) {
    const typed =
      input === '-' && isOne(statOf(output), fstatSync(stdin)) ? 'is standard input too' : undefined;
    const problem = input === '-' ? typed : clash(output, input);
    if (problem !== undefined) throw new UsageError(`-o ${output} ${problem}: write it elsewhere`);
  }
}
