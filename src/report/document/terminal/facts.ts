/** Facts on a terminal: a column of names, and texts beside it with where they come from. */
import { visible } from '../../../lib/visible.ts';
import type { Fact, Facts } from '../block.ts';
import { coloured, plainText, type TerminalStyle } from './style.ts';

/** However narrow the terminal is, a text has so many columns. */
const LEAST = 20;
/** Blanks between a name and its text, at least. */
const GAP = 2;

/** The texts below each other; the note stands behind the last line where it fits, or on a line of its own. */
function factTexts(
  { texts, code = [], note = '' }: Fact,
  width: number,
  { chalk, hang, wrap }: TerminalStyle,
): string[] {
  const lines = texts.flatMap((text) =>
    wrap(plainText(text), width).map((line, n) => (n === 0 ? line : ' '.repeat(hang) + line)),
  );
  lines.push(...code.map(visible));
  if (note === '') return lines;
  const shown = `[${visible(note)}]`;
  const last = lines[lines.length - 1];
  return last.length + GAP + shown.length <= width
    ? [...lines.slice(0, -1), `${last}  ${chalk.dim(shown)}`]
    : [...lines, chalk.dim(shown)];
}

export function factLines({ facts, tone }: Facts, style: TerminalStyle): string[] {
  const { chalk, nameFace, width } = style;
  const names = facts.reduce((widest, { name }) => Math.max(widest, name.length + GAP), style.names);
  const margin = ' '.repeat(style.margin);
  return facts
    .flatMap((fact) =>
      factTexts(fact, Math.max(LEAST, width - style.margin - names), style).map(
        (line, n) =>
          margin +
          (n === 0 && fact.name !== '' ? chalk[nameFace](fact.name.padEnd(names)) : ' '.repeat(names)) +
          line,
      ),
    )
    .map((line) => coloured(line, tone, chalk));
}
