/** Trace lines of one time: the matrix's totals tell how they followed each other. */
import { expect, test } from 'vitest';
import { inOrder, type TraceLine } from '../../../src/questions/verify/trace-order.ts';

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
