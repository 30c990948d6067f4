/** The forms of the advice; each is loaded only when asked for. */
import type { AdviceStyle, AdviceWriter } from './style.ts';

const WRITERS: Readonly<Record<string, () => Promise<(style: AdviceStyle) => AdviceWriter>>> = {
  text: async () => (await import('./text.ts')).textAdvice,
  json: async () => (await import('./json.ts')).jsonAdvice,
  markdown: async () => (await import('./text.ts')).markdownAdvice,
};

/** Starts a document. Throws RangeError for a format that there is none of. */
export async function adviceWriter(format: string, style: AdviceStyle): Promise<AdviceWriter> {
  const load = WRITERS[format];
  if (!load) throw new RangeError(`no advice is written as ${format}`);
  return (await load())(style);
}
