/** Text as XML 1.0 can hold it. */

/** Everything but the characters that XML 1.0 allows (production Char); lone surrogates are among it. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
/** A parser turns these into a blank or a line feed unless they are references. */
const reference = (char: string): string => `&#${char.charCodeAt(0)};`;

/** Character data of an element; characters that XML forbids are left out. */
export function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replace(/[&<>]/g, (char) => ESCAPES[char])
    .replaceAll('\r', reference);
}

/** ` name="value"` for each; characters that XML forbids are left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      const text = String(value)
        .replace(FORBIDDEN, '')
        .replace(/[&<>"]/g, (char) => ESCAPES[char])
        .replace(/[\t\n\r]/g, reference);
      return ` ${name}="${text}"`;
    })
    .join('');
}
