/** Running text as Markdown. */
import { type Inline, piecesOf } from '../block.ts';
import { markdownCode, markdownProse, markdownText } from './text.ts';

/** Running text on one line. */
export function markdownInline(text: Inline): string {
  return piecesOf(text)
    .map((piece) => {
      if (typeof piece === 'string') return markdownText(piece);
      return 'code' in piece ? markdownCode(piece.code) : markdownProse(piece.prose);
    })
    .join('');
}
