/** Changes in the words of those who are told: the product that the input was read from, or those of its platform. */
import type { Machine } from '../../machine/machine.ts';
import { productOf } from './parts/products.ts';
import { type Change, LANGUAGES, type Language } from './remedy.ts';

/** Places that are the same whatever product runs the machine. */
const SHARED: readonly Language[] = [
  'host',
  'firmware',
  'hardware',
  'kernel',
  'kernel parameters',
  'crash kernel',
  'kernel configuration',
];

/** What is said to one language, line by line. */
export interface Words {
  readonly language: Language;
  readonly lines: readonly string[];
}

const says = ({ wording }: Change, language: Language): boolean => (wording[language] ?? []).length > 0;

/**
 * A change in the languages that matter for an input: those of the product that it was read from, or of the
 * products of its platform; "hypervisor" and "device" where no product has words of its own.
 */
export function wordsOf(change: Change, { platform, imported }: Machine): readonly Words[] {
  const { languages } = productOf(imported?.format ?? 'native', platform);
  const own = languages.filter((language) => says(change, language));
  const general: readonly Language[] = own.length > 0 ? [] : ['hypervisor', 'device'];
  return LANGUAGES.filter((one) => says(change, one) && [...own, ...SHARED, ...general].includes(one)).map(
    (language) => ({ language, lines: change.wording[language] ?? [] }),
  );
}

/** "kernel parameters: nr_cpus=4"; a device's words name it by themselves, as do those of another version. */
function wordsText({ language, lines }: Words): string {
  const text = lines.join(' and ');
  return language === 'device' || text.startsWith(`${language} `) ? text : `${language}: ${text}`;
}

/** What is said of one change to those who speak `own`: that language where it has words, else all that it says. */
function textOf(change: Change, machine: Machine, own: Language | undefined): string {
  const words = wordsOf(change, machine);
  const mine = words.filter(
    ({ language }) => own === undefined || language === own || SHARED.includes(language),
  );
  const texts = (mine.length > 0 ? mine : words).map(wordsText);
  return texts.length > 0 ? texts.join('; ') : change.title;
}

/** A set of changes as text to paste: one line for each product that has words of its own for one of them. */
export function changeTexts(changes: readonly Change[], machine: Machine): readonly string[] {
  const { languages } = productOf(machine.imported?.format ?? 'native', machine.platform);
  const own = languages.filter((language) => changes.some((change) => says(change, language)));
  const spoken: readonly (Language | undefined)[] = own.length > 0 ? own : [undefined];
  const lost = changes.flatMap(({ givesUp }) => givesUp ?? []).join(' and ');
  return spoken.map((language) => {
    const text = changes.map((change) => textOf(change, machine, language)).join(', together with ');
    return lost === '' ? text : `${text}; gives up ${lost}`;
  });
}
