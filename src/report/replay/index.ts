/** The forms of a replay; each is loaded only when asked for. */
import type { Analysis } from '../../findings/analyze.ts';
import type { ReportOptions } from '../reporter.ts';

export type ReplayReport = (analysis: Analysis, options: ReportOptions) => string;

/** The replay as a document, in the form for a terminal or for Markdown. */
const asDocument = (format: 'text' | 'markdown') => async (): Promise<ReplayReport> => {
  const [{ replayDocument }, { written }] = await Promise.all([
    import('./document.ts'),
    import('../document/written.ts'),
  ]);
  return (analysis, options) => written(replayDocument(analysis, options.verbose), format, options);
};

export const REPLAYS = {
  text: asDocument('text'),
  json: async () => (await import('./json.ts')).replayJson,
  ndjson: async () => (await import('./json.ts')).replayNdjson,
  markdown: asDocument('markdown'),
} satisfies Record<string, () => Promise<ReplayReport>>;

export type ReplayFormat = keyof typeof REPLAYS;
