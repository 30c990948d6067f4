/** How many columns of a terminal a text takes. */

/** First and last code points of what takes two: ideographs, syllables, and forms as wide as they. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b001],
  [0x1f200, 0x1f251],
  [0x20000, 0x3fffd],
];

/** For the flag v, which needs no newer Node but a newer JavaScript than what is compiled. */
const EMOJI = '\\p{RGI_Emoji}';
const PLAIN = /^[ -~]*$/;
const COMBINING = /[\u0300-\u036f]/g;

/** An emoji, of however many code points, takes two columns as well. */
function otherColumns(text: string): number {
  const emoji = new RegExp(EMOJI, 'gv');
  const characters = [...text.replace(emoji, '  ').replace(COMBINING, '')];
  return characters.reduce((sum, character) => {
    const code = character.codePointAt(0) ?? 0;
    return sum + (WIDE.some(([first, last]) => first <= code && code <= last) ? 2 : 1);
  }, 0);
}

/** The columns of a text without control characters. */
export const columnsOf = (text: string): number => (PLAIN.test(text) ? text.length : otherColumns(text));
