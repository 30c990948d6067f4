/** `qm create 100 --cores 4 …` and `qm set`: the settings that they write, a machine for each ID. */
import type { Place } from '../qemu/option.ts';
import { splitCommands, type Word } from '../text/shell.ts';
import { TextError } from '../text/text.ts';
import type { Config, Setting } from './config.ts';

/** Commands of `qm` that write settings. */
const WRITES = /^(?:create|set)$/;

/** A line with `qm create` or `qm set`, behind a prompt, sudo, or a variable. */
const RUNS = /^(?:[^\n]*[#$;&|] *)?(?:sudo +)?(?:\S*\/)?qm +(?:create|set)\s/m;

/** True if a text runs qm to write settings. Most texts do not name it, which is quicker to see. */
export const runsQm = (head: string): boolean => head.includes('qm ') && RUNS.test(head);

/** What a command writes, and words that only the shell knows. */
export interface Commanded {
  readonly config: Config;
  readonly unknown: readonly Setting[];
}

/** The machines that the commands of a text make, in order. Throws TextError. */
export function readCommands(text: string, place: Place): readonly Commanded[] {
  const machines = new Map<string, { config: Map<string, Setting>; unknown: Setting[] }>();
  for (const words of splitCommands(text)) {
    const at = words.findIndex(({ text: word }) => /(?:^|\/)qm$/.test(word));
    const [verb, id, ...rest] = at < 0 ? [] : words.slice(at + 1);
    if (!verb || !id || !WRITES.test(verb.text)) continue;
    const machine = machines.get(id.text) ?? { config: new Map<string, Setting>(), unknown: [] as Setting[] };
    machines.set(id.text, machine);
    for (const [key, value] of assignments(rest)) {
      const setting = { value: value.text, at: place(value.at(0)), offset: value.at(0) };
      machine.config.set(key, setting);
      if (/[$`]/.test(value.text)) machine.unknown.push({ ...setting, value: `--${key} ${value.text}` });
    }
  }
  if (machines.size === 0) throw new TextError(0, 'no qm create or qm set with settings is found');
  return [...machines.values()];
}

/** "--cores 4", "-cores 4" and "--cores=4"; a switch without a value is on. */
function assignments(words: readonly Word[]): [key: string, value: Word][] {
  const found: [string, Word][] = [];
  for (let index = 0; index < words.length; index++) {
    const [, key, equals] = /^--?([a-z][a-z0-9_-]*)(=?)/.exec(words[index].text) ?? [];
    if (key === undefined) continue;
    const word = words[index];
    const start = word.text.indexOf('=') + 1;
    const next = words.at(index + 1);
    if (equals) found.push([key, { text: word.text.slice(start), at: (i) => word.at(start + i) }]);
    else if (next && !/^--?[a-z]/.test(next.text)) {
      found.push([key, next]);
      index++;
    } else found.push([key, { text: '1', at: word.at }]);
  }
  return found;
}
