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
  it.each<[string, unknown]>([
    ['not an object', 7],
    ['null', null],
    ['an array', []],
    ['no id', { init, ops: [] }],
    ['no init', { id: 'x', ops: [] }],
    ['no ops', { id: 'x', init }],
    ['a billion CPUs', { id: 'x', init: { ...init, ncpus: 1e9 }, ops: [] }],
    ['no CPUs', { id: 'x', init: { ...init, ncpus: 0 }, ops: [] }],
    ['a window that runs backwards', { id: 'x', init: { ...init, start: 240 }, ops: [] }],
    ['too many bits', { id: 'x', init: { ...init, bits: 512 }, ops: [] }],
    ['a kernel that is none', { id: 'x', kernel: 'hurd', init, ops: [] }],
    ['a kernel of the wrong type', { id: 'x', kernel: 6.12, init, ops: [] }],
    ['an op that is no array', { id: 'x', init, ops: [7] }],
    ['an empty op', { id: 'x', init, ops: [[]] }],
    ['an unknown op', withOp(['explode'])],
    ['a name from Object.prototype', withOp(['constructor'])],
    ['a missing argument', withOp(['online'])],
    ['an argument too many', withOp(['online', 0, 0])],
    ['a CPU out of range', withOp(['online', 4])],
    ['a negative CPU', withOp(['online', -1])],
    ['a CPU of the wrong type', withOp(['online', '0'])],
    ['a list out of range', withOp(['reserveManaged', '0-999999999'])],
    ['a list that is none', withOp(['reserveManaged', 'x'])],
    ['a bit that is none', withOp(['assign', 0, 1.5])],
    ['a negative bit', withOp(['free', 0, -1, false])],
    ['the bit behind the bitmap', withOp(['system', 0, 256, false])],
    ['a flag that is none', withOp(['alloc', '0', 1])],
  ])('%s', (_, input) => {
    expect(runMatrixCase(input)).toEqual({
      id: typeof input === 'object' && input !== null && 'id' in input ? 'x' : null,
      error: expect.any(String),
    });
  });
});
