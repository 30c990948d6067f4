/** The settings of a quickemu configuration: bash reads it, so its variables, arrays and branches are played. */
import type { Location } from '../../machine/machine.ts';
import type { Defines } from '../reader.ts';
import type { Word } from '../text/shell.ts';
import { runScript } from '../text/shell-run.ts';

/** A setting with the words of its value: one for a plain value, any number for a list. */
export interface Setting {
  readonly name: string;
  readonly words: readonly Word[];
  /** Where it is set for the first time. */
  readonly at: Location;
}

export interface Settings {
  readonly all: readonly Setting[];
  /** The value of a setting that is there and not empty. */
  readonly first: (name: string) => Word | undefined;
  /** Other commands in the file. */
  readonly others: readonly Word[];
  /** Names of --define that the text asks for. */
  readonly asked: ReadonlySet<string>;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+|declare[ \t]+)?([A-Za-z_]\w{0,99})\+?=/gm;

/** A name that no file has: the command that shows the value of a setting. */
const SHOW = 'irqsim-quickemu-setting';

/** Settings taken: far more than quickemu has. */
const MAX_SETTINGS = 500;

/** Reads the text. Throws TextError for what is no shell text. */
export function readSettings(text: string, place: (offset: number) => Location, defines: Defines): Settings {
  const starts = new Map<string, number>();
  for (const match of text.matchAll(ASSIGNMENT)) {
    if (starts.size < MAX_SETTINGS && !starts.has(match[1])) starts.set(match[1], match.index);
  }
  const shown = [...starts.keys()].map((name) => `\n${SHOW} ${name} "\${${name}[@]}"`);
  const run = runScript(`${text}${shown.join('')}\n`, defines);
  const all: Setting[] = [];
  const others: Word[] = [...run.sourced];
  for (const { words } of run.commands) {
    const [program, name, ...values] = words;
    const start = program?.text === SHOW ? starts.get(name?.text ?? '') : undefined;
    if (start === undefined) {
      if (program && program.at(0) < text.length) others.push(program);
    } else all.push({ name: name.text, words: values, at: place(start) });
  }
  const first = (name: string) =>
    all.find((setting) => setting.name === name)?.words.find((word) => word.text !== '');
  return { all, first, others, asked: run.asked };
}
