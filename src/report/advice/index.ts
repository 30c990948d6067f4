/** The forms of the advice; each is loaded only when asked for. */
import { documentWriter } from '../document/writer.ts';
import type { AdviceStyle, AdviceWriter } from './style.ts';

export const ADVICE_WRITERS = {
  text: async () => (await import('./text.ts')).textAdvice,
  json: async () => (await import('./json.ts')).jsonAdvice,
  markdown: async () => (await import('./text.ts')).writtenAdvice(await documentWriter('markdown')),
  html: async () => (await import('./text.ts')).writtenAdvice(await documentWriter('html')),
} satisfies Record<string, () => Promise<(style: AdviceStyle) => AdviceWriter>>;

export type AdviceFormat = keyof typeof ADVICE_WRITERS;

/** Starts a document. */
export async function adviceWriter(format: AdviceFormat, style: AdviceStyle): Promise<AdviceWriter> {
  return (await ADVICE_WRITERS[format]())(style);
}
