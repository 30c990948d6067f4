/** The verdict and the name on a terminal, and beside them the sentence, which goes on below the name. */
import { visible } from '../../../lib/visible.ts';
import type { Headline } from '../block.ts';
import { coloured, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

/** A sentence beside a name has so many columns, or it stands below. */
const LEAST = 20;
const GAP = 2;

/** The verdict with the name behind it, or below it where both are too long for one line. */
function head(
  { verdict, tone, title }: Headline,
  { width, chalk }: TerminalStyle,
): { readonly lines: readonly string[]; readonly taken: number; readonly margin: number } {
  const sign = coloured(chalk.bold(verdict), tone, chalk);
  const margin = verdict.length + GAP;
  if (title === undefined) return { lines: [sign], taken: margin, margin };
  const name = visible(title);
  const taken = margin + name.length + GAP;
  if (taken - GAP <= width) return { lines: [`${sign}  ${chalk.bold(name)}`], taken, margin };
  const below = wrap(name, width - GAP).map((line) => ' '.repeat(GAP) + chalk.bold(line));
  return { lines: [sign, ...below], taken: width, margin: GAP };
}

export function headlineLines(headline: Headline, style: TerminalStyle): string[] {
  const { title, text } = headline;
  const { lines, taken, margin } = head(headline, style);
  const face = title === undefined ? style.chalk.bold : (line: string) => line;
  const said = (columns: number) => style.wrap(text, columns).map((line) => face(line));
  const below = (more: readonly string[]) => more.map((line) => ' '.repeat(margin) + line);
  if (text !== '' && style.width - taken < LEAST) return [...lines, ...below(said(style.width - margin))];
  const [first, ...more] = said(style.width - taken);
  return [...lines.slice(0, -1), `${lines.at(-1)}  ${first}`, ...below(more)];
}
