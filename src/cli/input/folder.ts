/** A folder of machine files as inputs: the files in it that a reader knows by their names, and patterns that choose. */
import { relative } from 'node:path';
import { globMatches } from '../../findings/triage/glob.ts';
import { inputError } from '../../machine/locate.ts';
import { asSystemError } from './input.ts';
import { type Entry, entriesOf, isStreamName } from './walk.ts';

/** Which files of a folder are inputs; patterns are relative to the folder. */
export interface FolderChoice {
  /** Only files that one of these matches; empty: all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Says what is left out although nobody asked for it. */
  readonly note: (text: string) => void;
}

const anyMatches = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => globMatches(pattern, name));

function listed(folder: string): readonly Entry[] {
  try {
    return entriesOf(folder);
  } catch (error) {
    throw asSystemError(error, folder);
  }
}

/** Paths of the inputs below a folder, in the order of their names. Throws InputError, also where there is none. */
export function* inputsBelow(top: string, { include, exclude, note }: FolderChoice): Generator<string> {
  let found = 0;
  function* below(folder: string): Generator<string> {
    for (const { path, kind } of listed(folder)) {
      const name = relative(top, path);
      if (anyMatches(exclude, name) || anyMatches(exclude, `${name}/`)) continue;
      if (kind === 'directory') yield* below(path);
      else if (include.length > 0 && !anyMatches(include, name)) continue;
      else if (isStreamName(path)) note(`${path}: records of many machines, which irqsim batch reads`);
      else {
        found++;
        yield path;
      }
    }
  }
  yield* below(top);
  if (found > 0) return;
  const chosen = include.length + exclude.length > 0 ? ' that --include and --exclude leave' : '';
  throw inputError(
    top,
    `this folder is not a captured machine, and no file in it${chosen} has the name of an input`,
  );
}
