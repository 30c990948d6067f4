/** Trace lines of one time: the matrix's totals tell how they followed each other. */
import { expect, test } from 'vitest';
import type { TraceLine } from '../../../src/questions/verify/trace-line.ts';
import { inOrder } from '../../../src/questions/verify/trace-order.ts';

/** "CPU EVENT AVAILABLE RESERVED ALLOCATED", or "CPU EVENT" for a line without totals. */
function line(text: string, time = '1.0'): TraceLine {
  const [cpu, name, available, reserved, allocated] = text.split(' ');
  const totals = `online_maps=4 global_avl=${available}, global_rsvd=${reserved}, total_alloc=${allocated}`;
  return { task: cpu, cpu, time, name, rest: allocated === undefined ? 'irq=1' : totals };
}

const START = line('0 irq_matrix_reserve 100 9 5', '0.5');
const sorted = (...texts: string[]) => {
  const { ordered, fits } = inOrder([START, ...texts.map((text) => line(text))]);
  return { cpus: ordered.slice(1).map(({ cpu }) => cpu), fits };
};

test('allocations of several CPUs follow the number of vectors', () => {
  const second = ['1 irq_matrix_alloc 98 7 7', '1 vector_alloc'];
  const first = ['2 irq_matrix_alloc 99 8 6', '2 vector_alloc'];
  expect(sorted(...second, ...first)).toEqual({ cpus: ['2', '2', '1', '1'], fits: true });
});

test('a vector that is given back is announced before', () => {
  const result = sorted('1 vector_free_moved', '1 irq_matrix_free 100 8 5', '2 irq_matrix_alloc 99 8 6');
  expect(result).toEqual({ cpus: ['2', '1', '1'], fits: true });
});

test('totals that no order explains are told', () => {
  expect(sorted('1 irq_matrix_alloc 98 7 9', '2 irq_matrix_alloc 99 8 6').fits).toBe(false);
});

/** As line(), of a CPU that is online or not. */
function managed(text: string, online: 0 | 1): TraceLine {
  const plain = line(text);
  return { ...plain, rest: `bit=34 cpu=3 online=${online} ${plain.rest}` };
}

test('steps that change only what is available are ordered by it, over any number of lines', () => {
  const steps = [
    managed('1 irq_matrix_reserve_managed 98 9 5', 1),
    managed('1 irq_matrix_reserve_managed 98 9 5', 0),
    managed('1 irq_matrix_reserve_managed 96 9 5', 1),
    line('1 irq_matrix_alloc 94 7 7'),
    managed('2 irq_matrix_reserve_managed 99 9 5', 1),
    managed('2 irq_matrix_reserve_managed 97 9 5', 1),
    line('2 irq_matrix_alloc 95 8 6'),
  ];
  const { ordered, fits } = inOrder([START, ...steps]);
  expect(fits).toBe(true);
  expect(ordered.slice(1).map(({ cpu }) => cpu)).toEqual(['2', '1', '1', '2', '1', '2', '1']);
});
