/** What strangers put into texts: tokens that break forms, numbers past limits, characters that do things to terminals. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's own are meant
import type { Random } from './random.ts';

const TOKENS: readonly string[] = [
  ...[
    '0',
    '-1',
    '1',
    '3',
    '255',
    '256',
    '4096',
    '40000',
    '65536',
    '4294967296',
    '1e9',
    '99999999999999999999',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '=',
    '\n',
    '\\',
    ' ',
    '#',
    '---\n',
    '- ',
    '\0',
    '\t',
    '\r',
    '|',
    '>',
  ],
  ...['<', '</', '/>', '<!--', '-->', '<![CDATA[', ']]>', '&amp;', '&#0;', '&#x10ffff;', '&x;', '<?xml ?>'],
  ...[
    '\u00e9',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\x1b[31m',
    '\x1b]0;a\x07',
    '\u009b',
    '\ud800',
    '\u2028',
    '\ufffd',
  ],
  ...[
    '&a ',
    '*a',
    '!!x ',
    '<<: ',
    '? ',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'true',
  ],
  ...[
    '[[',
    '0-',
    '5-2',
    '0-99999999',
    '0x',
    '0-3:1/2',
    '~',
    '!',
    '$',
    '$X',
    '$(nproc)',
    '`x`',
    '${A:-3}',
    '$((1/0))',
  ],
  ...['::error::x', '=cmd|x', '%0A', '../..', '/dev/zero', 'x'.repeat(300), ' '.repeat(100), '\n'.repeat(30)],
  ...[
    'cpus',
    'queues',
    'kind: List\nitems: ',
    '<vcpu>9</vcpu>',
    ' -smp 9',
    'done',
    'if ',
    'eval ',
    '(',
    ')',
    ';',
  ],
];

/** A text with one to four places overwritten, cut out, doubled or exchanged. */
export function mutated(text: string, random: Random): string {
  let result = text;
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const at = random.below(result.length + 1);
    const length = random.pick([0, 0, 1, 2, 5, 20]);
    const piece = result.slice(at, at + random.pick([3, 10, 40]));
    const put = random.pick([
      random.pick(TOKENS),
      random.pick(TOKENS),
      random.pick(TOKENS),
      piece + piece,
      '',
    ]);
    result = result.slice(0, at) + put + result.slice(at + length);
  }
  return result;
}

/** Bytes with one to four of them changed, or cut off. */
export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const result = new Uint8Array(random.oneIn(8) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes);
  if (result.length === 0) return result;
  for (let edits = 1 + random.below(4); edits > 0; edits--)
    result[random.below(result.length)] = random.pick([0, 1, 2, 9, 16, 127, 128, 255, random.below(256)]);
  return result;
}
