import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runMatrixCase } from '../../../src/linux/cases/matrix.ts';
import { inGroups } from '../../budget.ts';

interface GoldenCase {
  readonly id: string;
  readonly ops: readonly (readonly [unknown, unknown])[];
  readonly final: unknown;
}

const golden: readonly string[] = gunzipSync(
  readFileSync(new URL('../../golden/matrix.ndjson.gz', import.meta.url)),
)
  .toString()
  .trim()
  .split('\n');

describe('runMatrixCase', () => {
  it('has every golden sequence', () => {
    expect(golden).toHaveLength(600);
  });

  it.each(inGroups(golden, 20))('equals golden sequences from number %i, op for op', (_, lines) => {
    for (const line of lines) {
      const { id, ops, final, ...rest }: GoldenCase = JSON.parse(line);
      const input = { id, ...rest, ops: ops.map(([op]) => [op]) };
      expect(runMatrixCase(input), id).toEqual({ id, ops, final });
    }
  });

  it('ignores results in the input', () => {
    const first: GoldenCase = JSON.parse(golden[0]!);
    expect(runMatrixCase(first)).toEqual({ id: first.id, ops: first.ops, final: first.final });
  });

  it('counts managed vectors for the unplug check before the fix', () => {
    const ops = [
      ['online', 0],
      ['reserveManaged', '0'],
      ['allocManaged', '0'],
      ['allocated', 0],
    ];
    const allocated = (kernel: string) => {
      const init = { bits: 256, start: 32, end: 236, ncpus: 1 };
      const result = runMatrixCase({ id: 'x', kernel, init, ops: ops.map((op) => [op]) });
      return (result as { ops: [unknown, { rc: number }][] }).ops[3]![1].rc;
    };
    expect([allocated('6.5'), allocated('6.1.62'), allocated('6.1.63'), allocated('6.12')]).toEqual([
      1, 1, 0, 0,
    ]);
  });
});

describe('runMatrixCase, unreadable input', () => {
  const init = { bits: 256, start: 32, end: 236, ncpus: 4 };
  const withOp = (op: unknown) => ({ id: 'x', kernel: '6.12', init, ops: [[op]] });
  it.each<[string, unknown, string]>([
    ['not an object', 7, 'a case must be an object, not 7'],
    ['null', null, 'a case must be an object, not null'],
    ['an array', [], 'a case must be an object, not []'],
    ['no id', { init, ops: [] }, 'id must be a string, not nothing'],
    ['no init', { id: 'x', ops: [] }, 'init must be an object, not nothing'],
    ['no ops', { id: 'x', init }, 'ops must be an array, not nothing'],
    [
      'a billion CPUs',
      { id: 'x', init: { ...init, ncpus: 1e9 }, ops: [] },
      'init.ncpus must be a whole number from 1 to 32768, not 1000000000',
    ],
    [
      'no CPUs',
      { id: 'x', init: { ...init, ncpus: 0 }, ops: [] },
      'init.ncpus must be a whole number from 1 to 32768, not 0',
    ],
    [
      'a window that runs backwards',
      { id: 'x', init: { ...init, start: 240 }, ops: [] },
      'init.start must be a whole number from 0 to 236, not 240',
    ],
    [
      'too many bits',
      { id: 'x', init: { ...init, bits: 512 }, ops: [] },
      'init.bits must be a whole number from 1 to 256, not 512',
    ],
    [
      'a kernel that is none',
      { id: 'x', kernel: 'hurd', init, ops: [] },
      '"hurd" is not a kernel release such as 6.12 or 6.12.41',
    ],
    [
      'a kernel of the wrong type',
      { id: 'x', kernel: 6.12, init, ops: [] },
      'kernel must be a string, not 6.12',
    ],
    ['an op that is no array', { id: 'x', init, ops: [7] }, 'ops[0] must be an array, not 7'],
    ['an empty op', { id: 'x', init, ops: [[]] }, 'ops[0] must be [op] or [op, result]'],
    ['an unknown op', withOp(['explode']), 'ops[0]: unknown op "explode"'],
    ['a name from Object.prototype', withOp(['constructor']), 'ops[0]: unknown op "constructor"'],
    ['a missing argument', withOp(['online']), 'ops[0]: online takes 1 argument'],
    ['an argument too many', withOp(['online', 0, 0]), 'ops[0]: online takes 1 argument'],
    ['a CPU out of range', withOp(['online', 4]), 'CPU of ops[0] must be a whole number from 0 to 3, not 4'],
    ['a negative CPU', withOp(['online', -1]), 'CPU of ops[0] must be a whole number from 0 to 3, not -1'],
    [
      'a CPU of the wrong type',
      withOp(['online', '0']),
      'CPU of ops[0] must be a whole number from 0 to 3, not "0"',
    ],
    [
      'a list out of range',
      withOp(['reserveManaged', '0-999999999']),
      'CPUs of ops[0]: CPU 999999999 is outside 0-3',
    ],
    [
      'a list that is none',
      withOp(['reserveManaged', 'x']),
      'CPUs of ops[0]: "x" is not a number or a range such as 0-3',
    ],
    [
      'a bit that is none',
      withOp(['assign', 0, 1.5]),
      'bit of ops[0] must be a whole number from 0 to 4294967295, not 1.5',
    ],
    [
      'a negative bit',
      withOp(['free', 0, -1, false]),
      'bit of ops[0] must be a whole number from 0 to 4294967295, not -1',
    ],
    [
      'the bit behind the bitmap',
      withOp(['system', 0, 256, false]),
      "ops[0]: bit 256 would be written behind the kernel's bitmap",
    ],
    ['a flag that is none', withOp(['alloc', '0', 1]), 'flag of ops[0] must be true or false, not 1'],
    [
      'a text of 40 characters',
      { id: 'x', init: 'y'.repeat(38), ops: [] },
      'init must be an object, not "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"',
    ],
  ])('%s', (_, input, error) => {
    expect(runMatrixCase(input)).toEqual({
      id: typeof input === 'object' && input !== null && 'id' in input ? 'x' : null,
      error,
    });
  });
});
