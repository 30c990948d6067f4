/** Which interrupt numbers tasks that probe in parallel may have raced for. */
import { expect, test } from 'vitest';
import { racing } from '../../../src/questions/verify/numbers.ts';
import type { AllocStep, DestroyStep, TraceStep } from '../../../src/questions/verify/trace.ts';

const alloc = (task: string, irq: number): AllocStep => ({
  kind: 'alloc',
  irq,
  managed: false,
  failed: false,
  task,
});
const destroy = (task: string, irq: number): DestroyStep => ({ kind: 'destroy', irq, task });
const raced = (steps: readonly TraceStep[], deviceOf: (step: AllocStep) => unknown) => {
  const found = racing(steps, deviceOf);
  return steps.map((step) => found.has(step));
};

test('devices that are probed one after the other race for nothing', () => {
  const steps = [alloc('1', 24), alloc('1', 25), alloc('2', 26), alloc('2', 27), alloc('1', 28)];
  expect(raced(steps, ({ irq }) => (irq < 26 ? 'a' : irq < 28 ? 'b' : 'c'))).not.toContain(true);
});

test('steps in between, and the one behind them, are raced', () => {
  const steps = [alloc('1', 24), alloc('2', 25), destroy('2', 25), alloc('1', 26), alloc('1', 27)];
  expect(raced(steps, ({ task }) => task)).toEqual([false, true, true, true, false]);
});

test('an allocation that fails takes no number for long', () => {
  const failed: AllocStep = { ...alloc('2', 25), failed: true };
  expect(raced([alloc('1', 24), failed, alloc('1', 25)], ({ task }) => task)).not.toContain(true);
});
