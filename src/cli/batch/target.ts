/** The output of a run: standard output, or a file that may be there already, whole or in part. */
import { existsSync } from 'node:fs';
import { statOf } from '../input/walk.ts';
import { UsageError } from '../io.ts';
import { throughLinks } from '../output/through-links.ts';
import { isBelow, isSameFile, refuseNoFile } from '../output/whole-file.ts';
import { writing } from '../output/writing.ts';
import { lock } from './lock.ts';
import { fileOutput, type Output, partOf, standardOutput } from './output.ts';

export interface TargetOptions {
  readonly output?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly force?: boolean | undefined;
}

export interface Target {
  /** What an earlier run has left and this one goes on with. */
  readonly earlier: { readonly path: string; readonly whole: boolean } | undefined;
  /** Opens it, behind the bytes that stay. Throws UsageError. */
  readonly open: (keep: number) => Output;
  readonly release: () => void;
}

function earlierOutput(output: string, { resume, force }: TargetOptions): Target['earlier'] {
  const part = partOf(output);
  const isThere = existsSync(part);
  if (isThere && !resume && !force) {
    throw new UsageError(
      `${part} is there from a run that did not finish: --resume goes on with it, --force starts over`,
    );
  }
  if (!resume) return undefined;
  if (isThere) return { path: part, whole: false };
  return existsSync(output) ? { path: output, whole: true } : undefined;
}

/** Throws UsageError for an output that is in use, or half done without a word on what to do with it. */
export function openTarget(options: TargetOptions): Target {
  const { resume } = options;
  const output = options.output === undefined ? undefined : throughLinks(options.output);
  if (output === undefined) {
    if (resume) throw new UsageError('--resume goes on with a file: give its name with -o');
    return { earlier: undefined, open: () => standardOutput(), release: () => {} };
  }
  refuseNoFile(output);
  const { isHeld, release } = writing(output, () => lock(output));
  try {
    const open = (keep: number) => fileOutput(output, keep, isHeld);
    return { earlier: earlierOutput(output, options), open, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** How an output would become an input: of this run or, as a shard of the same name, of the next. */
function clash(output: string, input: string): string | undefined {
  if (isSameFile(output, input)) return 'is an input too';
  const isInside = statOf(input)?.isDirectory() === true && isBelow(output, input);
  return isInside ? `lies in ${input}, which is read as input` : undefined;
}

/** Throws UsageError for an output that is read as input, or would be. */
export function refuseOutputAmongInputs(output: string | undefined, inputs: readonly string[]): void {
  if (output === undefined) return;
  for (const input of inputs) {
    const problem = input === '-' ? undefined : clash(output, input);
    if (problem !== undefined) throw new UsageError(`-o ${output} ${problem}: write it elsewhere`);
  }
}
