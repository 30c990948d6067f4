/** The forms of a report on differences; each is loaded only when asked for. */
import { type Frame, framedTexts, type ReportOptions } from '../reporter.ts';
import type { Pair } from './pair.ts';

interface Form {
  readonly frame: (pairs: number, options: ReportOptions) => Frame;
  readonly report: (pair: Pair, options: ReportOptions) => string;
}

const LIST: Frame = { open: '', between: '', close: '' };
const blankBetween = (): Frame => ({ open: '', between: '\n', close: '' });

const DIFFERENCE_FORMS: Readonly<Record<string, () => Promise<Form>>> = {
  text: async () => ({
    // One line a pair is a list.
    frame: (_, { quiet }) => (quiet ? LIST : blankBetween()),
    report: (await import('./text.ts')).differenceText,
  }),
  json: async () => {
    const [{ differenceJson }, { jsonFrame }] = await Promise.all([
      import('./json.ts'),
      import('../json.ts'),
    ]);
    return { frame: jsonFrame, report: differenceJson };
  },
  markdown: async () => ({
    frame: blankBetween,
    report: (await import('./markdown.ts')).differenceMarkdown,
  }),
};

/** Starts a document on `pairs` pairs in one of the forms. */
export async function differenceSheet(
  format: string,
  pairs: number,
  options: ReportOptions,
): Promise<{ add: (pair: Pair) => string; end: () => string }> {
  const { frame, report } = await DIFFERENCE_FORMS[format]();
  const texts = framedTexts(frame(pairs, options));
  return { add: (pair) => texts.add(report(pair, options)), end: texts.end };
}
