/** Text as HTML shows it literally: hostile names run nothing. */
import { lookup } from '../../../lib/lookup.ts';
import { visible } from '../../../lib/visible.ts';
import { type Inline, piecesOf, type Tone } from '../block.ts';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const;

/** Any text, also as the value of an attribute in quotes. */
export const htmlText = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (char) => lookup(ENTITIES, char) ?? char);

const code = (text: string): string => `<code>${htmlText(text)}</code>`;

/** A text of ours, in which backticks mark code. */
const prose = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, n) => (n % 2 === 1 ? code(part) : htmlText(part)))
    .join('');

/** Running text. */
export const htmlInline = (text: Inline): string =>
  piecesOf(text)
    .map((piece) =>
      typeof piece === 'string' ? htmlText(piece) : 'code' in piece ? code(piece.code) : prose(piece.prose),
    )
    .join('');

/** The class of a tone: its colour, and in drawings its pattern. */
export const toneClass = (tone: Tone | undefined): string => (tone === undefined ? '' : ` class="${tone}"`);

/** An element around HTML. */
export const element = (name: string, html: string, attributes = ''): string =>
  `<${name}${attributes}>${html}</${name}>`;
