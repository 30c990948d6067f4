/** The forms of a replay; each is loaded only when asked for. */
import type { Analysis } from '../../findings/analyze.ts';
import type { ReportOptions } from '../reporter.ts';

export type ReplayReport = (analysis: Analysis, options: ReportOptions) => string;

export const REPLAYS: Readonly<Record<string, () => Promise<ReplayReport>>> = {
  text: async () => (await import('./text.ts')).replayText,
  json: async () => (await import('./json.ts')).replayJson,
  ndjson: async () => (await import('./json.ts')).replayNdjson,
};
