/** Policy P5: which queue takes the requests of one whose interrupt does not work. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { type IrqDesc, IrqFlag } from '../../../src/linux/engine/irq-desc.ts';
import { redirectTargets } from '../../../src/linux/sim/redirect.ts';
import type { ProbedDevice, System } from '../../../src/linux/sim/system.ts';

const NR_CPUS = 12;
/** CPUs 0-3 on node 0, 4-7 on node 1, 8-11 on node 2; CPU 11 is offline. */
const system = (redirects: System['policy']['redirects'] | null) =>
  ({
    policy: { redirects: redirects ?? undefined },
    nodeOf: Int32Array.from({ length: NR_CPUS }, (_, cpu) => Math.floor(cpu / 4)),
    online: CpuMask.parse('0-10', NR_CPUS),
  }) as unknown as System;

const desc = (cpus: string, started: boolean): IrqDesc =>
  ({ flags: started ? IrqFlag.started : 0, affinity: CpuMask.parse(cpus, NR_CPUS) }) as unknown as IrqDesc;
const works = (cpus: string) => desc(cpus, true);
const dead = (cpus: string) => desc(cpus, false);

const targets = (
  descs: readonly (IrqDesc | null)[],
  maps: readonly { first: number; queues: number }[] = [],
  redirects: System['policy']['redirects'] | null = 'to-lowest',
) => redirectTargets(system(redirects), { maps } as unknown as ProbedDevice, descs);

describe('the target', () => {
  test('is the lowest working queue on the node of the lowest CPU', () => {
    expect(
      targets([
        dead('0'),
        works('1'),
        works('2'),
        dead('4-8'),
        dead('5'),
        works('6'),
        works('7'),
        works('8'),
      ]),
    ).toEqual([1, null, null, 5, 5, null, null, null]);
  });

  test('is the lowest that works at all, where none works on that node', () => {
    expect(targets([dead('8'), works('4'), works('0'), dead('9-10')])).toEqual([1, null, null, 1]);
  });

  test('counts the node of the lowest CPU of a working queue too', () => {
    expect(targets([works('0'), works('3-4'), works('5'), dead('4')])).toEqual([null, null, null, 2]);
  });
});

describe('no target', () => {
  test('for queues that work, have no online CPU, or no interrupt', () => {
    expect(targets([works('0'), dead('11'), null, dead('10-11')])).toEqual([null, null, null, 0]);
  });

  test('where nothing works', () => {
    expect(targets([dead('0'), null, dead('4')])).toEqual([null, null, null]);
  });

  test('under a policy that does not redirect', () => {
    expect(targets([works('0'), dead('1')], [], null)).toEqual([null, null]);
  });
});

describe('the target shared out', () => {
  const shared = (...descs: (IrqDesc | null)[]) => targets(descs, [], 'to-least-used');

  test('is the least used on the node, the lowest of such', () => {
    expect(shared(works('0'), works('4'), works('5'), dead('6'), dead('7'), dead('4-5'))).toEqual([
      null,
      null,
      null,
      1,
      2,
      1,
    ]);
  });

  test('counts the online CPUs of those that work, and of those redirected before', () => {
    expect(shared(works('9-10'), works('8,11'), dead('8'))).toEqual([null, null, 1]);
    expect(shared(works('4-6'), works('7'), dead('5-6'), dead('7'), dead('4'))).toEqual([
      null,
      null,
      1,
      0,
      1,
    ]);
  });

  test('is the least used of all, where none works on that node', () => {
    expect(shared(works('4-5'), works('8'), dead('0'), dead('1'))).toEqual([null, null, 1, 0]);
  });

  test('is none for queues that work, have no online CPU, or no interrupt, and where nothing works', () => {
    expect(shared(works('0'), dead('11'), null)).toEqual([null, null, null]);
    expect(shared(dead('0'), null)).toEqual([null, null]);
  });
});

test('requests stay among the queues of their map', () => {
  const maps = [
    { first: 0, queues: 2 },
    { first: 2, queues: 3 },
  ];
  expect(targets([works('4'), dead('0'), dead('4'), dead('0'), works('8')], maps)).toEqual([
    null,
    0,
    4,
    4,
    null,
  ]);
  expect(targets([works('0'), works('4'), dead('0'), dead('4'), null], maps)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});
