/** What is read from the kernel's trace: whose interrupts those are that a driver gives back. */
import { expect, test } from 'vitest';
import { readTrace, transientAllocs } from '../../../src/questions/verify/trace.ts';

/** Two nvme controllers that are probed at the same time: each takes one vector, gives it back and takes more. */
const PARALLEL = `# entries-in-buffer/entries-written: 12/12   #P:4
   kworker/u70:2-308     [001] d..1.    27.215095: vector_reserve: irq=24 ret=0
   kworker/u70:0-120     [003] d..1.    27.235432: vector_reserve: irq=25 ret=0
   kworker/u70:2-308     [001] d..1.    27.647324: vector_teardown: irq=24 is_managed=0 has_reserved=1
   kworker/u70:0-120     [002] d..1.    27.705987: vector_teardown: irq=25 is_managed=0 has_reserved=1
   kworker/u70:0-120     [002] d..1.    27.724284: vector_reserve: irq=24 ret=0
   kworker/u70:0-120     [002] .....    27.727564: vector_reserve_managed: irq=26 ret=0
   kworker/u70:2-308     [001] d..1.    27.728284: vector_reserve: irq=25 ret=0
   kworker/u70:9-400     [000] d..1.    27.747994: vector_reserve: irq=27 ret=0
   kworker/u70:9-400     [000] d..1.    27.780933: vector_teardown: irq=27 is_managed=0 has_reserved=1
`;

const given = (text: string): (readonly [irq: number, lasting: number | undefined])[] =>
  [...transientAllocs(readTrace(text).steps)].map(([step, lasting]) => {
    if (step.kind !== 'alloc') throw new Error(`a ${step.kind} is no allocation`);
    return [step.irq, lasting] as const;
  });

test('an interrupt given back leads to the next that its task keeps, not to the same number', () => {
  expect(given(PARALLEL).sort(([a], [b]) => a - b)).toEqual([
    [24, 25],
    [25, 24],
    [27, undefined],
  ]);
});

test('the process is found with and without the column of its group', () => {
  const line = (task: string) => `  ${task} [001] d..1.  27.2: vector_reserve: irq=24 ret=0\n`;
  const taskOf = (text: string) =>
    readTrace(text).steps.map((step) => (step.kind === 'alloc' ? step.task : ''));
  expect(taskOf(line('kworker/u70:2-308   '))).toEqual(['308']);
  expect(taskOf(line('my-task 7-31-309    (    309)'))).toEqual(['309']);
  expect(taskOf(line('<...>-310    (-------)'))).toEqual(['310']);
});

test('allocations that fail are not the ones a device keeps', () => {
  const failing = PARALLEL.replace(
    'vector_reserve: irq=25 ret=0\n   kworker/u70:9',
    'vector_reserve: irq=25 ret=-28\n   kworker/u70:9',
  );
  expect(new Map(given(failing)).get(24)).toBeUndefined();
});

test('a managed interrupt counts from where the matrix reserves for it, not from the line that names it', () => {
  const between = `# entries-in-buffer/entries-written: 5/5   #P:4
   kworker/u70:6-312     [010] d..1.    27.727488: irq_matrix_reserve_managed: bit=33 cpu=2 online=1 avl=199 alloc=1 managed=1
   kworker/u70:6-312     [010] d..1.    27.727490: irq_matrix_reserve_managed: bit=33 cpu=3 online=1 avl=199 alloc=1 managed=1
  kworker/u70:12-318     [006] d..2.    27.729065: vector_activate: irq=24 is_managed=0 can_reserve=1 reserve=0
  kworker/u70:12-318     [006] d..2.    27.729071: vector_alloc: irq=24 vector=34 reserved=1 ret=0
   kworker/u70:6-312     [010] .....    27.729075: vector_reserve_managed: irq=35 ret=0
`;
  const steps = readTrace(between).steps.map((step) => [step.kind, step.kind === 'mark' ? -1 : step.irq]);
  expect(steps).toEqual([
    ['alloc', 35],
    ['request', 24],
  ]);
});
