/** Parts that no reader knows, put into configurations of every format: each is named, or the input is refused. */
import { analyze } from '../../src/findings/analyze.ts';
import { FORMAT_NAMES, type InputFormat } from '../../src/formats/formats.ts';
import { InputError } from '../../src/machine/locate.ts';
import { describe, readSources } from '../../src/questions/source.ts';
import { STRANGER } from '../formats/strangers/place.ts';
import { STRANGERS } from '../formats/strangers/table.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import { TEXTS } from './texts.ts';

/** What is said of a text, and whether all of it passes; null: it is refused without its name. */
async function saidOf(
  text: string,
  from: InputFormat,
): Promise<{ named: string; passes: boolean; isRefused: boolean }> {
  try {
    const bytes = new TextEncoder().encode(text);
    const machines = (await readSources({ bytes, file: 'f', from })).map(
      (source) => describe(source).machine,
    );
    const analyses = machines.map((machine) => analyze(machine));
    const told = analyses.flatMap(({ findings }) => findings);
    const parts = machines.flatMap(({ notUnderstood }) => notUnderstood.map(({ part }) => part));
    const refusals = machines.flatMap(({ imported }) => imported?.refusals ?? []);
    return {
      named: [...told, ...refusals]
        .map(({ message }) => message)
        .concat(parts)
        .join('\n')
        .toLowerCase(),
      passes: analyses.every(({ summary }) => summary.verdict === 'pass'),
      isRefused: refusals.some(({ level }) => level === 'error'),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { named: error.format().toLowerCase(), passes: false, isRefused: true };
  }
}

/** The number of the format, that of the place, and the text without a stranger. */
const head = (input: string): [number, number, string] => {
  const [, format = '0', place = '0', text = ''] = /^(\d+) (\d+)\n([\s\S]*)$/.exec(input) ?? [];
  return [Number(format), Number(place), text];
};

async function playStranger(input: string): Promise<boolean> {
  const [format, number, text] = head(input);
  const name = FORMAT_NAMES[format];
  const place = STRANGERS[name]?.places[number];
  const strange = place?.put(text);
  if (strange === undefined || (await saidOf(text, name)).isRefused) return false;
  const { named, passes, isRefused } = await saidOf(strange, name);
  const { becomes, called = STRANGER, what } = place;
  const fault = (untrue: string) => new Error(`untrue: ${untrue}: ${what} of ${name}\n${strange}\n${named}`);
  // What is refused for something else first passes nobody.
  if (!isRefused && !named.includes(called.toLowerCase())) throw fault('each part is named');
  if (becomes !== 'note' && passes) throw fault('nothing passes with a part that may matter');
  return true;
}

/** Values of which the last counts, so that a stranger before it has no effect. */
const OVERRIDDEN: readonly RegExp[] = [
  /(?:\s-M|-machine)\s[\s\S]*(?:\s-M|-machine)\s/,
  /^(\w+)=[\s\S]*^\1=/m,
  /-s (\d+)[:,][\s\S]*-s \1[:,]/,
  /^machine_type="stranger"[\s\S]*extra_args="-M/m,
  // A word like others for the shell of Windows, and where `ps` shows it.
  /^(?:@echo off|root )[\s\S]*\$stranger/,
];

/** Formats that are read as text. */
const NUMBERS = FORMAT_NAMES.map((_, n) => n).filter((n) => FORMAT_NAMES[n] !== 'acpi');

/** A text of a format that has the place; the reader of a place that no text has is not asked. */
function make(random: Random): string {
  for (let tries = 0; tries < 8; tries++) {
    const format = random.pick(NUMBERS);
    const name = FORMAT_NAMES[format];
    const place = random.below(STRANGERS[name].places.length);
    const text = random.oneIn(4) ? random.pick(STRANGERS[name].texts) : TEXTS[name](random);
    const strange = STRANGERS[name].places[place].put(text);
    if (strange !== undefined && !OVERRIDDEN.some((twice) => twice.test(strange)))
      return `${format} ${place}\n${text}`;
  }
  return '';
}

export const STRANGER_TARGETS: readonly Target[] = [
  { name: 'strangers', weight: 20, make, run: playStranger },
];
