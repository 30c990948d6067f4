/** What completion offers of the machine that a command line names: its CPUs, queues and devices. Silent on errors. */
import { statSync } from 'node:fs';
import { isKeyOf } from '../../lib/lookup.ts';
import type { Machine } from '../../machine/machine.ts';
import { SUBJECTS, type SubjectKind } from '../../questions/why/why.ts';
import { type Line, lineOf, unquoted } from '../definition/line.ts';
import type { CommandModel } from '../definition/model.ts';
import { ASKED_ARGUMENT, ASKED_OPTIONS, isPlain } from '../definition/words.ts';
import { readMachine } from '../input/input.ts';
import type { Io } from '../io.ts';

/** Somebody waits: a larger file is not read. */
const BYTES_MAX = 1024 * 1024;
/** As many as anybody looks at. */
const OFFERED_MAX = 500;

/** The one machine of a file; undefined for what is no file, is large, or is not understood. */
async function machineOf(typed: string, { env }: Io): Promise<Machine | undefined> {
  for (const path of new Set([typed, unquoted(typed, env.HOME)])) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() && stat.size <= BYTES_MAX) return await readMachine(path, { set: [] });
  }
  return undefined;
}

const isSubject = (kind: string): kind is SubjectKind => (SUBJECTS as readonly string[]).includes(kind);

async function subjects([input, kind]: readonly string[], io: Io): Promise<readonly string[]> {
  const machine = isSubject(kind) ? await machineOf(input, io) : undefined;
  if (!machine || !isSubject(kind)) return [];
  return (await import('../../questions/why/subjects.ts')).subjectsOf(machine, kind);
}

/** "devices.nvme0.": the devices that `--set` can change, by name. */
async function deviceKeys([input]: readonly string[], io: Io): Promise<readonly string[]> {
  if (input === undefined) return [];
  const machine = await machineOf(input, io);
  // Of an entry with `count`, the devices are numbered: no key leads to them.
  return machine?.devices.map(({ name }) => `devices.${name}.`) ?? [];
}

function valuesAt(command: string, { option, before, all }: Line, io: Io): Promise<readonly string[]> {
  if (option !== undefined) return isKeyOf(ASKED_OPTIONS, option) ? deviceKeys(all, io) : Promise.resolve([]);
  const asked = ASKED_ARGUMENT.command === command && before.length === ASKED_ARGUMENT.place;
  return asked ? subjects(before, io) : Promise.resolve([]);
}

/**
 * The words that may stand at `at` of the words behind "irqsim", the first of them the name of `command`, of those that begin as the word there does. Words that
 * a shell would not take as they stand are left out: names in a file are anybody's.
 */
export async function lineValues(
  at: number,
  words: readonly string[],
  command: CommandModel,
  io: Io,
): Promise<readonly string[]> {
  if (!Number.isInteger(at) || at < 1 || at > words.length) return [];
  const line = lineOf(words.slice(1), at - 1, command);
  const found = await valuesAt(command.name, line, io).catch(() => []);
  return [...new Set(found)]
    .filter((word) => isPlain(word) && word.startsWith(line.current))
    .slice(0, OFFERED_MAX);
}
