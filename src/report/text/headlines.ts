/** The text report in one line a machine: what `--quiet` leaves of it. */
import { framed } from '../reporter.ts';
import { headline } from './headline.ts';
import { paper } from './paper.ts';

/** A line is never broken, so that it can be searched and counted. */
const UNBROKEN = Number.POSITIVE_INFINITY;

export const headlines = framed(
  () => ({ open: '', between: '', close: '' }),
  (analysis, options) => `${headline(analysis, paper({ ...options, width: UNBROKEN })).join(' ')}\n`,
);
