/** The forms of a replay; each is loaded only when asked for. */
import type { Analysis } from '../../findings/analyze.ts';
import { documentWriter, type WrittenFormat } from '../document/writer.ts';
import type { ReportOptions } from '../reporter.ts';

export type ReplayReport = (analysis: Analysis, options: ReportOptions) => string;

/** The replay as a document. */
const asDocument = (format: WrittenFormat) => async (): Promise<ReplayReport> => {
  const [{ replayDocument }, { whole }, { gist, GIST_WIDTH }] = await Promise.all([
    import('./document.ts'),
    documentWriter(format),
    import('../document/gist.ts'),
  ]);
  return (analysis, options) => {
    const document = replayDocument(analysis, options.verbose);
    if (options.quiet && format === 'text') return whole(gist(document), { ...options, width: GIST_WIDTH });
    return whole(document, options);
  };
};

export const REPLAYS = {
  text: asDocument('text'),
  json: async () => (await import('./json.ts')).replayJson,
  ndjson: async () => (await import('./json.ts')).replayNdjson,
  markdown: asDocument('markdown'),
  html: asDocument('html'),
} satisfies Record<string, () => Promise<ReplayReport>>;

export type ReplayFormat = keyof typeof REPLAYS;
