/** The text report in one line a machine: what `--quiet` leaves of it. */
import type { Analysis } from '../../findings/analyze.ts';
import { count } from '../../findings/rules/rule.ts';
import { framed } from '../reporter.ts';
import { headline } from './headline.ts';
import { textStyle } from './style.ts';

/** A line is never broken, so that it can be searched and counted. */
const UNBROKEN = Number.POSITIVE_INFINITY;

/** A verdict that somebody's decisions have made better says so, however short. */
function suppressedText({ summary: { suppressed } }: Analysis): string {
  return suppressed === 0 ? '' : ` (${count(suppressed, 'finding')} suppressed)`;
}

export const headlines = framed(
  () => ({ open: '', between: '', close: '' }),
  (analysis, options) =>
    `${headline(analysis, textStyle({ ...options, width: UNBROKEN })).join(' ')}${suppressedText(analysis)}\n`,
);
