/** A document in the form that was asked for. */
import type { TextOptions } from '../text-options.ts';
import type { Document } from './block.ts';
import { markdownDocument } from './markdown/markdown.ts';
import type { Layout } from './terminal/style.ts';
import { terminalDocument } from './terminal/terminal.ts';

/** Lines end with a newline; the layout is that of the terminal. */
export function written(
  document: Document,
  format: 'text' | 'markdown',
  options: Pick<TextOptions, 'width' | 'colour'>,
  layout?: Partial<Layout>,
): string {
  return format === 'markdown' ? markdownDocument(document) : terminalDocument(document, options, layout);
}
