/** Every row of docs/model/interrupt-life.md#queue-health. CPUs 0 and 1 are reachable, 2 and 3 are not, 4 is unknown. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { type IrqDesc, IrqFlag } from '../../../src/linux/engine/irq-desc.ts';
import { NR_VECTORS } from '../../../src/linux/engine/vector-layout.ts';
import { type QueueSetting, queueHealth, shownAffinity } from '../../../src/linux/sim/health.ts';

const NR_CPUS = 6;
const VECTOR = 33;
const cpus = (list: string) => (list === '' ? new CpuMask(NR_CPUS) : CpuMask.parse(list, NR_CPUS));

interface Queue {
  readonly mask: string;
  /** Started, on this CPU; absent: stopped. */
  readonly on?: number;
  readonly online?: string;
  readonly pending?: string;
  readonly shared?: true;
  readonly redirected?: true;
  /** CPUs that send it requests, where these are not those of its mask. */
  readonly mapped?: string;
  /** Every CPU of the machine can be addressed. */
  readonly complete?: true;
}

function descOf({ mask, on, pending }: Queue): IrqDesc {
  const flags =
    (on === undefined ? 0 : IrqFlag.started) | (pending === undefined ? 0 : IrqFlag.affinityPending);
  const pendingMask = pending === undefined ? null : cpus(pending);
  const d = { irq: 24, flags, affinity: cpus(mask), pendingMask, vector: VECTOR };
  return { ...d, effectiveCpu: on ?? 0, effectiveMask: null } as unknown as IrqDesc;
}

function settingOf({ on = 0, online = '0-1', shared, redirected, complete }: Queue): QueueSetting {
  const vectorTable = new Int32Array(NR_CPUS * NR_VECTORS);
  vectorTable[on * NR_VECTORS + VECTOR] = 24 + 1;
  const reach = complete
    ? { reachable: cpus('0-5'), unreachable: cpus(''), unknown: cpus(''), complete: true }
    : { reachable: cpus('0-1,5'), unreachable: cpus('2-3'), unknown: cpus('4'), complete: false };
  return {
    life: { vectorTable },
    online: cpus(online),
    reach,
    shared: shared === true,
    redirected: redirected === true,
  } as unknown as QueueSetting;
}

const healthOf = (queue: Queue) =>
  queueHealth(descOf(queue), settingOf(queue), queue.mapped === undefined ? undefined : cpus(queue.mapped));

describe.each<[string, [string, Queue][]]>([
  [
    'healthy',
    [
      ['all of its CPUs reachable', { mask: '0-1', on: 0 }],
      ['a reachable CPU of it offline', { mask: '0,5', on: 0 }],
      ['nothing limited', { mask: '0-5', on: 1, complete: true }],
      ['a change waits for the next interrupt', { mask: '0', on: 0, pending: '1' }],
    ],
  ],
  [
    'idle',
    [
      ['stopped, none of its CPUs online', { mask: '5' }],
      ['stopped, and none that sends requests', { mask: '5', mapped: '5' }],
    ],
  ],
  [
    'at-risk',
    [
      ['an unknown CPU', { mask: '1,4', on: 1 }],
      ['an unreachable CPU that is offline', { mask: '1-2', on: 1 }],
      ['the lowest CPU unreachable and offline', { mask: '1-3', on: 1, online: '0-1,4' }],
      ['stopped, an unknown CPU', { mask: '4-5' }],
      ['stopped, an unreachable CPU', { mask: '3,5' }],
    ],
  ],
  [
    'degraded',
    [
      ['an unreachable CPU that is online', { mask: '1-2', on: 1, online: '0-2' }],
      ['the second of two unreachable CPUs online', { mask: '1-3', on: 1, online: '0-1,3' }],
      ['outside its mask', { mask: '1', on: 0 }],
      ['outside its mask, nothing limited', { mask: '1', on: 0, complete: true }],
      ['an interrupt for several queues', { mask: '0-1', on: 0, shared: true }],
      ['stopped, redirected', { mask: '2', online: '0-2', redirected: true }],
    ],
  ],
  [
    'dead',
    [
      ['stopped, an online CPU', { mask: '2', online: '0-2' }],
      ['stopped, an online CPU sends requests', { mask: '5', mapped: '1,5' }],
      ['stopped, all CPUs unreachable', { mask: '2-3' }],
      ['on an offline CPU', { mask: '0-1,5', on: 5 }],
      ['on an unreachable CPU', { mask: '2', on: 2, online: '0-2' }],
    ],
  ],
])('%s', (health, queues) => {
  test.each(queues)('%s', (_, queue) => {
    expect(healthOf(queue)).toBe(health);
  });
});

test('a change that waits is shown as the mask, until it is made', () => {
  const waiting = descOf({ mask: '0', on: 0, pending: '1' });
  expect(shownAffinity(waiting).toString()).toBe('1');
  const made = { ...waiting, flags: IrqFlag.started };
  expect(shownAffinity(made).toString()).toBe('0');
});
