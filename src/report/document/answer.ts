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

/** The text of an answer, with `quiet` its shortest one; what writes documents is loaded for those that are asked for one. */
export async function answerText(
  { json, document, layout }: Answer,
  format: DocumentFormat,
  { quiet, ...options }: Pick<TextOptions, 'width' | 'colour'> & { readonly quiet?: boolean },
): Promise<string> {
  if (format === 'json') return `${jsonText(json(), 2)}\n`;
  const { documentWriter } = await import('./writer.ts');
  if (quiet && format === 'text') {
    const { gist, GIST_WIDTH } = await import('./gist.ts');
    return (await documentWriter('text')).whole(gist(document()), { ...options, width: GIST_WIDTH }, layout);
  }
  return (await documentWriter(format)).whole(document(), options, layout);
}
