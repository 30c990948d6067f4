/** Kernel parameters as words of a text; edits by offsets. */
import { describe, expect, test } from 'vitest';
import { applyEdits, insertion, lineBreak, lineEnd, offsetOf } from '../../../src/formats/text/text-edits.ts';
import { changeWords, sourceWordEdits } from '../../../src/formats/text/words.ts';

const change = (text: string, add: string[], remove: string[] = []) => changeWords(text, { add, remove });

describe('words of a command line', () => {
  test('an added word stands behind the last one that the kernel reads', () => {
    expect(change('quiet  ro ', ['nr_cpus=4'])).toBe('quiet  ro nr_cpus=4 ');
    expect(change('quiet -- single', ['nr_cpus=4'])).toBe('quiet nr_cpus=4 -- single');
    expect(change('-- single', ['nr_cpus=4'])).toBe('nr_cpus=4 -- single');
    expect(change('', ['a', 'b'])).toBe('a b');
  });

  test('a removed word goes with its blank, or gives its place to what is added', () => {
    expect(change('intremap=off quiet', [], ['intremap=off'])).toBe('quiet');
    expect(change('ro intremap=off quiet', [], ['intremap=off'])).toBe('ro quiet');
    expect(change('ro nr_cpus=8 quiet', ['nr_cpus=4'], ['nr_cpus=8'])).toBe('ro nr_cpus=4 quiet');
    expect(change('only', [], ['only'])).toBe('');
  });

  test('quotes keep a word together', () => {
    expect(change('dyndbg="file a +p" ro', [], ['dyndbg="file a +p"'])).toBe('ro');
  });

  test('a word that is there is not added again, one that is not there cannot be removed', () => {
    expect(change('ro quiet', ['quiet'])).toBe('ro quiet');
    expect(change('ro quiet', [], ['intremap=off'])).toBeNull();
    expect(change('ro -- intremap=off', [], ['intremap=off'])).toBeNull();
  });

  test('a folded text keeps its lines; one with escapes is refused', () => {
    const source = 'cmdline: >-\n  ro\n  intremap=off\n  quiet\n';
    const edits = sourceWordEdits(source, { start: 12, end: source.length }, 'ro intremap=off quiet', {
      add: ['nr_cpus=4'],
      remove: ['intremap=off'],
    });
    expect(edits && applyEdits(source, edits)).toBe('cmdline: >-\n  ro\n  nr_cpus=4\n  quiet\n');
    expect(sourceWordEdits('a\\"b', { start: 0, end: 4 }, 'a"b', { add: ['x'], remove: [] })).toBeNull();
  });
});

describe('edits of a text', () => {
  test('are made at their offsets, those at one offset in order', () => {
    const edits = [insertion(3, 'X'), { start: 0, end: 1, text: '' }, insertion(3, 'Y')];
    expect(applyEdits('abcdef', edits)).toBe('bcXYdef');
  });

  test('that overlap are refused', () => {
    expect(applyEdits('abcdef', [{ start: 0, end: 3, text: '' }, insertion(2, 'x')])).toBeNull();
  });

  test('lines end before their line end, of either kind', () => {
    expect(lineEnd('ab\r\ncd', 0)).toBe(2);
    expect(lineEnd('ab\ncd', 4)).toBe(5);
    expect(lineBreak('ab\r\ncd\n')).toBe('\r\n');
    expect(lineBreak('ab')).toBe('\n');
    expect(offsetOf('ab\r\ncd', { file: '-', line: 2, column: 2 })).toBe(5);
  });
});
