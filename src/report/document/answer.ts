/** What a command answers, in the form that was asked for: a plain object, or a document. */
import { jsonText } from '../../lib/json-text.ts';
import type { TextOptions } from '../text-options.ts';
import type { Document } from './block.ts';
import type { DocumentFormat } from './formats.ts';
import type { Layout } from './terminal/style.ts';

export interface Answer {
  /** For `--format json`. */
  readonly json: () => object;
  readonly document: () => Document;
  /** On a terminal. */
  readonly layout?: Partial<Layout> | undefined;
}

/** The text of an answer; what writes documents is loaded for those that are asked for one. */
export async function answerText(
  { json, document, layout }: Answer,
  format: DocumentFormat,
  options: Pick<TextOptions, 'width' | 'colour'>,
): Promise<string> {
  if (format === 'json') return `${jsonText(json(), 2)}\n`;
  const { documentWriter } = await import('./writer.ts');
  return (await documentWriter(format)).whole(document(), options, layout);
}
