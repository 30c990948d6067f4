/** The text report in one line a machine: what `--quiet` leaves of it. */
import type { Analysis } from '../../findings/analyze.ts';
import { count } from '../../findings/rules/rule.ts';
import { terminalDocument } from '../document/terminal/terminal.ts';
import { framed } from '../reporter.ts';
import { headline } from './headline.ts';

/** A line is never broken, so that it can be searched and counted. */
const UNBROKEN = Number.POSITIVE_INFINITY;

/** A verdict that somebody's decisions have made better says so, however short. */
function suppressedText({ summary: { suppressed } }: Analysis): string {
  return suppressed === 0 ? '' : ` (${count(suppressed, 'finding')} suppressed)`;
}

export const headlines = framed(
  () => ({ open: '', between: '', close: '' }),
  (analysis, { colour }) => {
    const block = headline(analysis);
    const said = { ...block, text: block.text + suppressedText(analysis) };
    return terminalDocument([[said]], { width: UNBROKEN, colour });
  },
);
