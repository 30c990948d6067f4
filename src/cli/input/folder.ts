/** A folder of machine files as inputs: the files in it that a reader knows by their names, and patterns that choose. */
import { relative } from 'node:path';
import { globMatches } from '../../findings/triage/glob.ts';
import { inputError } from '../../machine/locate.ts';
import { asSystemError } from './input.ts';
import { type Entry, entriesOf, entryOf, isStreamName, linkedDirectories, statOf } from './walk.ts';

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

/** Every input below `folder` that the choice leaves, in the order of their names. Throws InputError. */
function* filesBelow(top: string, folder: string, choice: FolderChoice): Generator<string> {
  const { include, exclude, note } = choice;
  const entries = listed(folder);
  for (const link of linkedDirectories(folder)) {
    const name = relative(top, link);
    if (!anyMatches(exclude, name) && !anyMatches(exclude, `${name}/`))
      note(`${link}: a link to a folder, which could lead in a circle; name it as an input`);
  }
  for (const { path, kind } of entries) {
    const name = relative(top, path);
    if (anyMatches(exclude, name) || anyMatches(exclude, `${name}/`)) continue;
    if (kind === 'directory') yield* filesBelow(top, path, choice);
    else if (include.length > 0 && !anyMatches(include, name)) continue;
    else if (isStreamName(path)) note(`${path}: records of many machines, which irqsim batch reads`);
    else yield path;
  }
}

/** Paths of the inputs below a folder, in the order of their names. Throws InputError, also where there is none. */
export function* inputsBelow(top: string, choice: FolderChoice): Generator<string> {
  let found = 0;
  for (const path of filesBelow(top, top, choice)) {
    found++;
    yield path;
  }
  if (found > 0) return;
  const { include, exclude } = choice;
  const chosen = include.length + exclude.length > 0 ? ' that --include and --exclude leave' : '';
  throw inputError(
    top,
    `this folder is not a captured machine, and no file in it${chosen} has the name of an input`,
  );
}

/** What acpidump -b writes: tables that say nothing of interrupts lie among those that are read. */
const TABLE = /^[^/]*\.(?:dat|aml)$/i;

/**
 * Inputs below a folder that lie beside the captured machines or ACPI tables in it: a report on these alone would pass
 * over them. `roots`: where the machines are; none: tables are read.
 */
export function inputsBeside(top: string, roots: readonly string[], choice: FolderChoice): readonly string[] {
  if (entryOf(top).kind === 'input') return [];
  const ofMachine = (name: string): boolean =>
    roots.some((root) => root === name || root.startsWith(`${name}/`) || name.startsWith(`${root}/`));
  return [...filesBelow(top, top, { ...choice, note: () => {} })].filter((path) => {
    const name = relative(top, path);
    return roots.length > 0 ? !ofMachine(name) : !TABLE.test(name);
  });
}

/** Inputs that a note names. */
const SHOWN = 4;

/** Which of the inputs are no folders, so that patterns choose nothing of them; undefined: none. */
export function unchosenText(inputs: readonly string[]): string | undefined {
  const files = inputs.filter((input) => !statOf(input)?.isDirectory());
  if (files.length === 0) return undefined;
  const shown = files.slice(0, SHOWN).join(', ') + (files.length > SHOWN ? ' ...' : '');
  return `irqsim: --include and --exclude choose among the files of a folder; read all the same: ${shown}`;
}
