/** The forms of a report on differences; each is loaded only when asked for. */
import { documentWriter, type WrittenFormat } from '../document/writer.ts';
import { type Frame, framedTexts, type ReportOptions, textFrame } from '../reporter.ts';
import type { Pair } from './pair.ts';

interface Form {
  readonly frame: (pairs: number, options: ReportOptions) => Frame;
  readonly report: (pair: Pair, options: ReportOptions) => string;
}

const LIST: Frame = { open: '', between: '', close: '' };

/** A form that has no lines of a terminal. */
async function written(format: WrittenFormat): Promise<Form> {
  const [{ differenceDocument }, { part, frame }] = await Promise.all([
    import('./document.ts'),
    documentWriter(format),
  ]);
  return {
    frame: () => frame,
    report: (pair, options) => part(differenceDocument(pair, options.verbose), options),
  };
}

export const DIFFERENCE_FORMS = {
  text: async () => {
    const [{ differenceDocument, DIFFERENCE_LAYOUT, shortDifference }, { terminalDocument }] =
      await Promise.all([import('./document.ts'), import('../document/terminal/terminal.ts')]);
    return {
      // One line a pair is a list; a line is never broken, so that it can be searched and counted.
      frame: (_, { quiet }) => (quiet ? LIST : textFrame()),
      report: (pair, options) =>
        options.quiet
          ? terminalDocument(shortDifference(pair), { ...options, width: Number.POSITIVE_INFINITY })
          : terminalDocument(differenceDocument(pair, options.verbose), options, DIFFERENCE_LAYOUT),
    };
  },
  json: async () => {
    const [{ differenceJson }, { jsonFrame }] = await Promise.all([
      import('./json.ts'),
      import('../json.ts'),
    ]);
    return { frame: jsonFrame, report: differenceJson };
  },
  markdown: () => written('markdown'),
  html: () => written('html'),
} satisfies Record<string, () => Promise<Form>>;

export type DifferenceFormat = keyof typeof DIFFERENCE_FORMS;

/** Starts a document on `pairs` pairs in one of the forms. */
export async function differenceWriter(
  format: DifferenceFormat,
  pairs: number,
  options: ReportOptions,
): Promise<{ add: (pair: Pair) => string; end: () => string }> {
  const { frame, report } = await DIFFERENCE_FORMS[format]();
  const texts = framedTexts(frame(pairs, options));
  return { add: (pair) => texts.add(report(pair, options)), end: texts.end };
}
