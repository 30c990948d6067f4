/** Facts on a terminal: a column of names, and texts beside it with where they come from. */
import { visible } from '../../../lib/visible.ts';
import type { Fact, Facts } from '../block.ts';
import { coloured, plainText, type TerminalStyle } from './style.ts';
import { longestWord, wrap as toLines } from './wrap.ts';

/** A text beside a name has so many columns and holds its longest word, or it stands below the name. */
const LEAST = 20;
/** Blanks between a name and its text, at least. */
const GAP = 2;

/** The texts below each other; the note stands behind the last line where it fits, or on a line of its own. */
function factTexts(
  { texts, code = [], note = '' }: Fact,
  width: number,
  { chalk, hang, wrap }: TerminalStyle,
): string[] {
  const lines = texts.flatMap((text) => {
    const [first, ...more] = wrap(plainText(text), width);
    if (more.length === 0) return [first];
    return [first, ...wrap(more.join(' '), width - hang).map((line) => ' '.repeat(hang) + line)];
  });
  lines.push(...code.map(visible));
  if (note === '') return lines;
  const shown = `[${visible(note)}]`;
  const last = lines[lines.length - 1];
  return last.length + GAP + shown.length <= width
    ? [...lines.slice(0, -1), `${last}  ${chalk.dim(shown)}`]
    : [...lines, ...toLines(shown, width).map((line) => chalk.dim(line))];
}

export function factLines({ facts, tone }: Facts, style: TerminalStyle): string[] {
  const { chalk, nameFace, width } = style;
  const names = facts.reduce((widest, { name }) => Math.max(widest, name.length + GAP), style.names);
  const margin = ' '.repeat(style.margin);
  return facts
    .flatMap((fact) => {
      const room = width - style.margin - names;
      const longest = fact.texts.reduce((most, text) => Math.max(most, longestWord(plainText(text))), LEAST);
      const beside = longest <= room;
      const indent = beside ? names : GAP;
      const texts = factTexts(fact, width - style.margin - indent, style);
      const name =
        fact.name === '' ? undefined : chalk[nameFace](beside ? fact.name.padEnd(names) : fact.name);
      const head = name === undefined || beside ? [] : [margin + name];
      const lead = (n: number) => (n === 0 && beside && name !== undefined ? name : ' '.repeat(indent));
      return [...head, ...texts.map((line, n) => margin + lead(n) + line)];
    })
    .map((line) => coloured(line, tone, chalk));
}
