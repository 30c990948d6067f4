/** Lines as messages to threads hold them, and outcomes as they come back. */
import { expect, test } from 'vitest';
import type { Item } from '../../src/cli/batch/item.ts';
import { outcomeJoiner } from '../../src/cli/batch/outcomes.ts';
import { idOfLine, pack, unpack } from '../../src/cli/batch/packed-lines.ts';
import type { Outcome } from '../../src/cli/batch/process.ts';
import { EMPTY_TALLY } from '../../src/cli/batch/tally.ts';

const line = (index: number, file: string, number: number, text: string): Item => ({
  kind: 'line',
  id: idOfLine(file, number),
  index,
  file,
  line: number,
  bytes: new TextEncoder().encode(`<${text}>`).subarray(1, -1),
});

test('items are unpacked as they were, whatever is between lines', () => {
  const items: readonly Item[] = [
    line(3, 'a', 1, 'one'),
    line(5, 'a', 4, ''),
    line(7, 'a', 5, 'drei €'),
    line(9, 'b', 1, 'x'),
    { kind: 'path', id: 'p', index: 11 },
    { kind: 'part', id: 'c:items[0]', file: 'c', line: 2, column: 3, bytes: new Uint8Array([1]), index: 12 },
    line(13, 'b', 2, 'y'),
  ];
  const packed = pack(items);
  expect(packed.map(({ kind }) => kind)).toEqual(['lines', 'lines', 'path', 'part', 'lines']);
  const message = structuredClone(packed);
  expect([...unpack(message)]).toEqual(items);
  expect([...unpack(pack([]))]).toEqual([]);
});

test('outcomes without an error are one, and every error is alone', () => {
  const tally = (more: object) => ({ ...EMPTY_TALLY, records: 1, ...more });
  const sound = (text: string, traces?: Outcome['traces']): Outcome => ({
    text,
    tally: tally({ verdicts: { pass: 1, warn: 0, fail: 0 } }),
    ...(traces && { traces }),
  });
  const error: Outcome = {
    text: 'e\n',
    tally: tally({ errors: { input: 1, internal: 0 } }),
    complaint: 'no',
  };
  const joiner = outcomeJoiner();
  for (const one of [sound('a\n'), sound('b\n'), error, error, sound('c\n')]) joiner.add(one);
  const outcomes = joiner.end();
  expect(outcomes.map(({ text, items = 1 }) => [text, items])).toEqual([
    ['a\nb\n', 2],
    ['e\n', 1],
    ['e\n', 1],
    ['c\n', 1],
  ]);
  expect(outcomes[0].tally).toEqual({ ...EMPTY_TALLY, records: 2, verdicts: { pass: 2, warn: 0, fail: 0 } });
  expect(outcomes[1]).toBe(error);
});
