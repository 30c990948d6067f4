/** What a name may do to a terminal, a log or a spreadsheet: nothing. */
import { describe, expect, test } from 'vitest';
import { visible, visibleLines } from '../../src/lib/visible.ts';
import { csvCell } from '../../src/report/csv-cell.ts';

describe('visible', () => {
  test.each([
    ['a\u001b[31mred', 'a\\x1b[31mred'],
    ['a\u001b]0;title\u0007', 'a\\x1b]0;title\\x07'],
    ['a\u009b2J', 'a\\x9b2J'],
    ['a\n::error::b', 'a\\n::error::b'],
    ['a\r\tb', 'a\\r\\tb'],
    ['a\u0085b\u2028c\u2029', 'a\\x85b\\u2028c\\u2029'],
    ['txt.\u202eexe', 'txt.\\u202eexe'],
    ['\u2066a\u2069\u061c', '\\u2066a\\u2069\\u061c'],
    ['nv\u200bme\ufeff0', 'nv\\u200bme\\ufeff0'],
    ['a\u{e0041}', 'a\\u{e0041}'],
    ['\u007f\u0000', '\\x7f\\x00'],
  ])('%j is written out', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(shown)).toBe(shown);
  });

  test.each(['größe-日本.yaml', 'مرحبا', '🙂 C:\\temp', 'a  b', 'ü'])('%s stays', (text) => {
    expect(visible(text)).toBe(text);
  });

  test('lines keep their line feeds alone', () => {
    expect(visibleLines('a\u001b\nb\r\n')).toBe('a\\x1b\nb\\r\n');
  });
});

describe('a cell of CSV', () => {
  test.each(['=1+1', '+1', '@SUM(A1)', '-2+3', '-cmd|x', '\uff1d1'])('%s is no formula', (text) => {
    expect(csvCell(text)).toBe(`'${text}`);
  });

  test.each(['-', '-1', '-1.5', 'a=b', '0-3', ''])('%j stays', (text) => {
    expect(csvCell(text)).toBe(text);
  });

  test('a formula in quotes is none either', () => {
    expect(csvCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
  });

  test('a number is a number, a line a line', () => {
    expect(csvCell(-3)).toBe('-3');
    expect(csvCell('\t=1\n')).toBe('\\t=1\\n');
  });
});
