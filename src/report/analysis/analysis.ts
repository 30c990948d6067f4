/** The report on one machine as text, and of several with an empty line between. */
import type { Analysis } from '../../findings/analyze.ts';
import { terminalDocument } from '../document/terminal/terminal.ts';
import { framed, textFrame } from '../reporter.ts';
import type { TextOptions } from '../text-options.ts';
import { analysisDocument } from './document.ts';

/** The report as text; lines end with a newline, nothing else is added. */
export function analysisText(analysis: Analysis, options: TextOptions): string {
  return terminalDocument(analysisDocument(analysis, options.verbose), options, { indent: 2 });
}

export const text = framed(textFrame, analysisText);
