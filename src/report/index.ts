/** The report formats. A new one is one file and one line here; each is loaded only when asked for. */
import type { Reporter } from './reporter.ts';

export const REPORTERS: Readonly<Record<string, () => Promise<Reporter>>> = {
  text: async () => (await import('./text/text.ts')).text,
  json: async () => (await import('./json.ts')).json,
  ndjson: async () => (await import('./json.ts')).ndjson,
};
