/** Text as XML 1.0 can hold it; what hides itself is written out. */
import { lookup } from '../../lib/lookup.ts';
import { visible, visibleLines } from '../../lib/visible.ts';

/** Everything but the characters that XML 1.0 allows (production Char); lone surrogates are among it. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ESCAPES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
} as const;
/** Character data of an element, in lines; lone surrogates, which XML forbids, are left out. */
export function xmlText(text: string): string {
  return visibleLines(text)
    .replace(FORBIDDEN, '')
    .replace(/[&<>]/g, (char) => lookup(ESCAPES, char) ?? char);
}

/** ` name="value"` for each, on one line; lone surrogates, which XML forbids, are left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      const text = visible(String(value))
        .replace(FORBIDDEN, '')
        .replace(/[&<>"]/g, (char) => lookup(ESCAPES, char) ?? char);
      return ` ${name}="${text}"`;
    })
    .join('');
}
