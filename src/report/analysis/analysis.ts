/** The report on one machine as text; of several with an empty line between, and a line on all of them at the end. */
import type { Analysis } from '../../findings/analyze.ts';
import { terminalDocument } from '../document/terminal/terminal.ts';
import { wrap } from '../document/terminal/wrap.ts';
import { framed, type Reporter, textFrame } from '../reporter.ts';
import type { TextOptions } from '../text-options.ts';
import { addToClosing, closingLine, noClosing } from './closing.ts';
import { analysisDocument } from './document.ts';

/** The report as text; lines end with a newline, nothing else is added. */
export function analysisText(analysis: Analysis, options: TextOptions): string {
  return terminalDocument(analysisDocument(analysis, options.verbose), options, { indent: 2 });
}

const reports = framed(textFrame, analysisText);

export const text: Reporter = {
  begin(options, inputs) {
    const writer = reports.begin(options, inputs);
    const closing = noClosing();
    return {
      add(analysis) {
        addToClosing(closing, analysis);
        return writer.add(analysis);
      },
      failed(input, error) {
        closing.unread++;
        return writer.failed(input, error);
      },
      end() {
        const line = closingLine(closing);
        return `${writer.end()}${line === '' ? '' : `\n${wrap(line, options.width).join('\n')}\n`}`;
      },
    };
  },
};
