/**
 * Text for a terminal that shows ASCII only. Signs of irqsim's own texts are replaced; names of others keep their bytes,
 * so that they can be pasted.
 */

/** Every sign that a text of irqsim may hold. */
export const SIGNS = {
  '→': '->',
  '↓': 'v',
  '×': 'x',
  '∩': '&',
  '·': '.',
  '≥': '>=',
  '≤': '<=',
  '–': '-',
  '—': '-',
  '…': '...',
} as const satisfies Readonly<Record<string, string>>;

const ANY_SIGN = new RegExp(`[${Object.keys(SIGNS).join('')}]`, 'g');
/** A text that was cut to the width of its column must not grow. */
const CUT = /…(?=(?:\p{Cc}\[[\d;]*m)*(?: {2}|$))/gu;
/** What stands between two columns. */
const GAP = /( {2,})/;

/** A line; a column that grows takes the blanks behind it, so that the next one begins where it did. */
function asciiLine(line: string): string {
  const parts = line.replace(CUT, '~').split(GAP);
  let grown = 0;
  return parts
    .map((part, at) => {
      if (at % 2 === 1) {
        const gap = Math.max(1, part.length - grown);
        grown = 0;
        return ' '.repeat(gap);
      }
      const text = part.replace(ANY_SIGN, (sign) => SIGNS[sign as keyof typeof SIGNS]);
      grown += text.length - part.length;
      return text;
    })
    .join('');
}

/** The text with its signs in ASCII. */
export function asciiText(text: string): string {
  return text.search(ANY_SIGN) < 0 ? text : text.split('\n').map(asciiLine).join('\n');
}
