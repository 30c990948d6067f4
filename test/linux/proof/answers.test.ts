/** What proofs say of small machines: the answer, how it was found, how much it covers, and the counterexample. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { countSets } from '../../../src/linux/proof/answer.ts';
import { offlineAtMost, offlineCandidates } from '../../../src/linux/proof/offline-room.ts';
import { plugsOf } from '../../../src/linux/proof/plugs.ts';
import { type Subject, subjectOf } from '../../../src/linux/proof/subject.ts';
import { alikeCpus } from '../../../src/linux/proof/symmetry.ts';
import { smallestWithin } from '../../../src/linux/proof/usable-cpus.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import { readText } from '../../helpers.ts';
import { ask as askOf, type Options } from './asked.ts';

const DISK = (queues: number) => `devices: [{ name: disk, driver: nvme, queues: ${queues} }]\n`;
const NIC = (vectors: number, more = '') =>
  `devices: [{ name: nic, driver: generic, managed: false, vectors: ${vectors}${more} }]\n`;
const NODES = 'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';

const MACHINES = {
  /** Two CPUs a queue. */
  pairs: `topology: { cores: 4 }\n${DISK(2)}`,
  /** CPUs 2 and 3 are unreachable; a queue for each. */
  apart: `policy: P2\ncpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n${DISK(4)}`,
  /** CPUs 1 and 3 are unreachable; each queue has one of either. */
  mixed: `policy: P2\ncpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]\n${DISK(2)}`,
  /** Two CPUs hold the vectors of three, one does not. */
  crowded: `topology: { cores: 3 }\n${NIC(390)}`,
  /** Vectors of node 1 are not taken to node 0, which has room for them. */
  lossy: `${NODES}${NIC(260, ', node: 1')}`,
  /** CPU 2 and, above the limit, CPU 3 may come. */
  slots: `platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]\n${DISK(4)}`,
  isolated: `topology: { cores: 4 }\ncmdline: isolcpus=managed_irq,domain,2-3\n${DISK(2)}`,
} as const;
type Name = keyof typeof MACHINES;

async function subject(name: Name): Promise<Subject> {
  const kernel = name === 'lossy' ? '6.1.90' : '6.12';
  return subjectOf(await readText(`kernel: "${kernel}"\nhpet: off\n${MACHINES[name]}`));
}

async function ask(name: Name, property: string, options: Options = {}): Promise<string[]> {
  return askOf((await subject(name)).machine, property, options);
}

describe.each<[Name, [string, ...string[]][]]>([
  [
    'pairs',
    [
      ['no-io-hangs', 'holds by closed-form, 3 of 3 CPUs, 7'],
      ['every-device-works', 'holds by closed-form, 3 of 3 CPUs, 7'],
      [
        'every-device-works=2',
        'holds by closed-form, 1 of 1 CPUs, 3',
        'offline 2,3: disk: 1 of 2 queues work, fewer than 2',
      ],
      ['offline-accepted', 'holds by closed-form, 3 of 3 CPUs, 7'],
      [
        'no-queue-stops',
        'holds by closed-form, 1 of 1 CPUs, 3',
        'offline 2,3: disk queue 1 stops: no CPU of 2-3 is online',
      ],
      ['no-interrupt-on-isolated', 'holds by closed-form, 3 of 3 CPUs, 7'],
      ['every-node-has-a-queue', 'holds by closed-form, 3 of 3 CPUs, 7'],
      ['vectors-left=100', 'holds by closed-form, 3 of 3 CPUs, 7'],
      ['suspend-works', 'holds by exhaustive, 1'],
      ['reachable-after-plug', 'holds by closed-form, 0'],
      ['probe-order-free', 'holds by closed-form, 1'],
    ],
  ],
  [
    'apart',
    [
      [
        'no-io-hangs',
        'fails by exhaustive, 3 of null CPUs, 1',
        ': I/O of CPU 2 to disk queue 2 hangs: no online CPU of 2 can be addressed',
      ],
      [
        'no-queue-stops',
        'fails by closed-form, 0 of 0 CPUs, 1',
        'offline 1: disk queue 1 stops: no CPU of 1 is online',
      ],
      ['offline-accepted', 'holds by closed-form, 3 of 3 CPUs, 7'],
    ],
  ],
  [
    'mixed',
    [
      [
        'no-io-hangs',
        'fails by closed-form, 0 of 0 CPUs, 1',
        'offline 2: I/O of CPU 3 to disk queue 1 hangs: no online CPU of 2-3 can be addressed',
      ],
      ['every-device-works', 'holds by closed-form, 3 of 3 CPUs, 7'],
      [
        'no-queue-stops',
        'fails by closed-form, 0 of 0 CPUs, 1',
        'offline 2: disk queue 1 stops: no online CPU of 2-3 can be addressed',
      ],
    ],
  ],
  [
    'crowded',
    [
      [
        'offline-accepted',
        'holds by closed-form, 1 of 1 CPUs, 2',
        'offline 1,2: the kernel refuses it: the other CPUs have too few free vectors for those of CPU 2',
      ],
      // Three times 201, less the timer's and 390.
      ['vectors-left=11', 'holds by closed-form, 2 of 2 CPUs, 3'],
      [
        'vectors-left=12',
        'fails by closed-form, 0 of 0 CPUs, 1',
        'offline 1: 11 vectors are left on all online CPUs',
      ],
      [
        'suspend-works',
        'fails by exhaustive, 1',
        'suspend: suspend is given up: the other CPUs have too few free vectors for those of CPU 2',
      ],
      ['no-queue-stops', 'holds by closed-form, 2 of 2 CPUs, 3'],
    ],
  ],
  [
    'lossy',
    [
      ['every-device-works', 'holds by symmetry, 3 of 3 CPUs, 7'],
      [
        'no-queue-stops',
        'fails by symmetry, 0 of 0 CPUs, 1',
        'offline 2: nic queue 142 stops: its interrupt stays on CPU 2, which is offline',
      ],
      [
        'every-node-has-a-queue',
        'fails by exhaustive, 3 of null CPUs, 1',
        ': no queue of nic that works has its interrupt on node 0',
      ],
      [
        'offline-accepted',
        'holds by closed-form, 2 of 2 CPUs, 6',
        'offline 1,2,3: the kernel refuses it: the other CPUs have too few free vectors for those of CPU 3',
      ],
    ],
  ],
  [
    'slots',
    [
      ['no-io-hangs', 'holds by closed-form, 1 of 1 CPUs, 1'],
      ['every-node-has-a-queue', 'holds by exhaustive, 1 of 1 CPUs, 1'],
      [
        'reachable-after-plug',
        'fails by closed-form, 2',
        'plug 300, online 3: a CPU with APIC ID 300 does not come online: CPU 3 cannot come online: its APIC ID 300 is above the limit 255',
      ],
    ],
  ],
  [
    'isolated',
    [
      [
        'no-interrupt-on-isolated',
        'fails by exhaustive, 3 of null CPUs, 1',
        ': the interrupt of disk queue 1 is on the isolated CPU 3',
      ],
    ],
  ],
])('%s', (name, rows) => {
  test.each(rows)('%s', async (property, ...expected) => {
    expect(await ask(name, property)).toEqual(expected);
  });
});

describe('what is asked for', () => {
  test('sets of so many CPUs at most', async () => {
    expect(await ask('pairs', 'no-queue-stops', { offlineAtMost: 1 })).toEqual([
      'holds by closed-form, 1 of null CPUs, 3',
    ]);
    expect(await ask('pairs', 'no-queue-stops', { offlineAtMost: 2 })).toEqual([
      'fails by closed-form, 2 of null CPUs, 4',
      'offline 2,3: disk queue 1 stops: no CPU of 2-3 is online',
    ]);
  });

  test('CPUs that may go, and those that stay', async () => {
    const holds = ['holds by closed-form, 2 of 2 CPUs, 3'];
    expect(await ask('pairs', 'no-queue-stops', { among: CpuMask.parse('1-2', 4) })).toEqual(holds);
    expect(await ask('pairs', 'no-queue-stops', { keep: CpuMask.parse('3', 4) })).toEqual(holds);
  });
});

describe('parts', () => {
  test('sets of CPUs in numbers', () => {
    expect([countSets(4, 1, 4), countSets(4, 0, 0), countSets(5, 2, 3), countSets(3, 1, 9)]).toEqual([
      15n,
      1n,
      20n,
      7n,
    ]);
    expect(countSets(100, 50, 50)).toBe(100891344545564193334812497256n);
  });

  test.each<[Name, number, readonly number[] | null, string]>([
    ['pairs', 3, null, '1-3'],
    ['crowded', 1, [2, 1], '1-2'],
    ['lossy', 2, [2, 3, 1], '1-3'],
    ['slots', 1, null, '1'],
  ])('%s: %i CPUs may go', async (name, accepted, refused, candidates) => {
    const { facts } = await subject(name);
    expect(offlineAtMost(facts)).toEqual({ accepted, refused });
    expect(`${offlineCandidates(facts)}`).toBe(candidates);
  });

  test.each<[Name, number[][]]>([
    ['pairs', [[1], [2], [3]]],
    ['crowded', [[1, 2]]],
    ['lossy', [[1], [2, 3]]],
  ])('%s: CPUs that are alike', async (name, groups) => {
    const { state, facts } = await subject(name);
    expect(state && alikeCpus(state, offlineCandidates(facts))).toEqual(groups);
  });

  test('CPUs that may come, of a kernel that knows them and one that does not', async () => {
    const plugs = async (kernel: string) => {
      const text = `kernel: "${kernel}"\nhpet: off\nplatform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]\n`;
      const { state } = subjectOf(await readText(text));
      return state && plugsOf(state.stage);
    };
    const reached = { comesOnline: true, reachable: true, inDoubt: false };
    const beyond = { comesOnline: false, reachable: false, inDoubt: false };
    expect(await plugs('6.12')).toEqual([
      { cpu: 2, apicId: 2, inTurn: false, ...reached },
      { cpu: 3, apicId: 300, inTurn: false, ...beyond },
    ]);
    expect(await plugs('6.1')).toEqual([
      { cpu: 2, apicId: 2, inTurn: true, ...reached },
      { cpu: 3, apicId: 300, inTurn: true, ...beyond },
    ]);
  });

  test('the smallest sets among the candidates, each once', () => {
    const cpus = (list: string) => CpuMask.parse(list, 8);
    const smallest = smallestWithin(cpus('1-7'));
    expect(smallest.size()).toBe(Number.POSITIVE_INFINITY);
    expect(smallest.tries()).toEqual([]);
    const offline = (...list: number[]) => list.map((cpu) => ({ kind: 'offline', cpus: [cpu], path: [] }));
    smallest.add(cpus('0'));
    expect(smallest.size()).toBe(Number.POSITIVE_INFINITY);
    smallest.add(cpus('1-3'));
    expect(smallest.tries()).toEqual([offline(1, 2, 3)]);
    smallest.add(cpus('4-5'));
    smallest.add(cpus('1-3'));
    smallest.add(cpus('2,6'), offline(7) as MachineEvent[]);
    smallest.add(cpus('4-5'));
    expect(smallest.size()).toBe(2);
    expect(smallest.tries()).toEqual([offline(4, 5), offline(7, 2, 6)]);
    expect([smallest.allows(cpus('1-7')), smallest.allows(cpus('0-1'))]).toEqual([true, false]);
  });
});
