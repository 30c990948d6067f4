/**
 * Text of others (file names, names from inputs, quoted values, messages that hold them) as it may be printed: on one
 * line, and with nothing in it that a terminal, an editor or a log viewer would obey instead of show. Every report and
 * every message passes here before it leaves.
 */
import { isKeyOf } from './lookup.ts';

/**
 * What is obeyed and not shown: control characters (C0 with ESC and line ends, DEL, C1), line and paragraph
 * separators, marks that reorder a line (bidi), characters without width, and tags, which hide text.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; \p{Cc} takes longer to set up
  /\u034f|[\u180b-\u180d]|[\0-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' } as const;

/** `\n`, `\x1b`, `\u202e`, `\u{e0041}`: as programmers write them. */
function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (isKeyOf(SHORT, char)) return SHORT[char];
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** The text on one line with all that hides itself written out. What is visible already stays as it is. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same for a text of several lines: line feeds stay, and nothing else that hides itself. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
