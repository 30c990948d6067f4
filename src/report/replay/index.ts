/** The forms of a replay; each is loaded only when asked for. */
import type { Analysis } from '../../findings/analyze.ts';
import { documentWriter, type WrittenFormat } from '../document/writer.ts';
import type { ReportOptions } from '../reporter.ts';

export type ReplayReport = (analysis: Analysis, options: ReportOptions) => string;

/** The replay as a document. */
const asDocument = (format: WrittenFormat) => async (): Promise<ReplayReport> => {
  const [{ replayDocument }, { whole }] = await Promise.all([
    import('./document.ts'),
    documentWriter(format),
  ]);
  return (analysis, options) => whole(replayDocument(analysis, options.verbose), options);
};

export const REPLAYS = {
  text: asDocument('text'),
  json: async () => (await import('./json.ts')).replayJson,
  ndjson: async () => (await import('./json.ts')).replayNdjson,
  markdown: asDocument('markdown'),
  html: asDocument('html'),
} satisfies Record<string, () => Promise<ReplayReport>>;

export type ReplayFormat = keyof typeof REPLAYS;
