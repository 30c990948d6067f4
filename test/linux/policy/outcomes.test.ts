/**
 * Every row of docs/model/policies.md#outcomes, for P0 to P5. R is a reachable CPU, X an unreachable one:
 * machines without remapping whose X have APIC IDs of 0x100 and above.
 */
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/findings/analyze.ts';
import { hangingCpus } from '../../../src/findings/rules/facts/hanging-io.ts';
import { analyzeText } from '../../helpers.ts';

const POLICIES = ['P0', 'P1', 'P2', 'P3', 'P4', 'P5'] as const;
type Outcomes = Readonly<Record<(typeof POLICIES)[number], unknown>>;

/** CPUs 0,1 are R, CPUs 2,3 are X; one queue a CPU. */
const APART = `kernel: "6.12"
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`;
/** CPUs 0,2 are R, CPUs 1,3 are X; each of two queues has one of either. */
const MIXED = `kernel: "6.12"
cpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]
devices: [{ name: nvme, driver: nvme, queues: 2 }]
`;
/** A guest kernel that does not know the IDs of free slots: CPUs 0,1 plugged, two slots to come. */
const SLOTS = `kernel: "6.1"
platform: kvm
cpus: [{ apicId: "0-1" }, { apicId: 2, state: absent }, { apicId: 0x100, state: absent }]
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`;

const under = (policy: string, text: string) => analyzeText(text, [`policy=${policy}`]);

function row(name: string, text: string, outcomes: Outcomes, look: (analysis: Analysis) => unknown): void {
  test.each(POLICIES)(`${name}: %s`, async (policy) => {
    expect(look(await under(policy, text))).toEqual(outcomes[policy]);
  });
}

const queue = (analysis: Analysis, index: number) => analysis.run.devices[0].queues[index];
const lastEvent = (analysis: Analysis) => analysis.run.events[analysis.run.events.length - 1];

row(
  'online of X',
  `${APART}events: [{ offline: 2 }, { online: 2 }]\n`,
  { P0: 'refused 22', P1: 'ok 0', P2: 'ok 0', P3: 'ok 0', P4: 'ok 0', P5: 'ok 0' },
  (analysis) => `${lastEvent(analysis).result} ${lastEvent(analysis).errno}`,
);

row(
  'vector count requested by the driver',
  APART,
  { P0: 5, P1: 5, P2: 5, P3: 3, P4: 3, P5: 5 },
  (analysis) => analysis.run.devices[0].vectorsAsked,
);

row(
  'set-up: a queue with only X in its mask',
  APART,
  {
    P0: ['2', 'shutdown', null],
    P1: ['', 'not-allocated', null],
    P2: ['2', 'shutdown', null],
    P3: undefined,
    P4: undefined,
    P5: ['2', 'shutdown', null],
  },
  (analysis) => {
    const third = queue(analysis, 2);
    return third && [third.affinity.toString(), third.state, third.vector];
  },
);

row(
  'set-up: a queue with R and X in its mask',
  MIXED,
  {
    P0: ['2-3', 'started', 2],
    P1: ['', 'not-allocated', null],
    P2: ['2-3', 'started', 2],
    P3: ['2', 'started', 2],
    P4: ['2', 'started', 2],
    P5: ['2-3', 'started', 2],
  },
  (analysis) => {
    const second = queue(analysis, 1);
    return [second.affinity.toString(), second.state, second.effective];
  },
);

row(
  'managed vectors reserved on X',
  APART,
  { P0: 1, P1: 0, P2: 1, P3: 0, P4: 0, P5: 0 },
  (analysis) => analysis.run.vectors.perCpu[2].managed,
);

row(
  'start, only X online in the mask',
  APART,
  {
    P0: ['offline', 'shutdown', ''],
    P1: ['online', 'not-allocated', ''],
    P2: ['online', 'shutdown', '2-3'],
    P3: ['online', undefined, ''],
    P4: ['online', undefined, ''],
    P5: ['online', 'shutdown', ''],
  },
  (analysis) => [
    analysis.run.online.test(2) ? 'online' : 'offline',
    queue(analysis, 2)?.state,
    hangingCpus(analysis.run).toString(),
  ],
);

row(
  'offline of the last R of a group while X is online',
  `${MIXED}events: [{ offline: 2 }]\n`,
  {
    // The X of the group is offline, so nothing submits; the interrupt is shut down.
    P0: ['shutdown', '', undefined],
    P1: ['not-allocated', '', undefined],
    P2: ['shutdown', '3', undefined],
    P3: ['shutdown', '', undefined],
    P4: ['shutdown', '', undefined],
    P5: ['shutdown', '', 0],
  },
  (analysis) => {
    const second = queue(analysis, 1);
    return [second.state, hangingCpus(analysis.run).toString(), second.redirectedTo];
  },
);

row(
  'hot-add of a CPU later found R',
  `${SLOTS}events: [{ plug: { apicId: 2 } }, { online: 2 }]\n`,
  { P0: 2, P1: 'EINVAL', P2: 2, P3: 2, P4: 'in no mask', P5: 2 },
  (analysis) => {
    const [nvme] = analysis.run.devices;
    if (nvme.errno === 22) return 'EINVAL';
    const own = nvme.queues.find((one) => one.affinity.test(2));
    return own ? own.effective : 'in no mask';
  },
);

row(
  'hot-add of a CPU later found X',
  `${SLOTS}events: [{ plug: { apicId: 0x100 } }, { online: 2 }]\n`,
  {
    P0: ['present', 'offline', 'shutdown', ''],
    P1: ['present', 'online', undefined, ''],
    P2: ['present', 'online', 'shutdown', '2'],
    P3: ['present', 'online', 'shutdown', '2'],
    P4: ['present', 'online', undefined, ''],
    P5: ['present', 'online', 'shutdown', ''],
  },
  (analysis) => [
    analysis.run.present.test(2) ? 'present' : 'absent',
    analysis.run.online.test(2) ? 'online' : 'offline',
    analysis.run.devices[0].queues.find((one) => one.affinity.test(2))?.state,
    hangingCpus(analysis.run).toString(),
  ],
);

const NIC = 'devices: [{ name: nic, driver: generic, managed: false, vectors: 1 }]\n';

row(
  'non-managed interrupt, mask = {X}',
  `kernel: "6.12"\ncpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n${NIC}events: [{ setAffinity: { device: nic, vector: 0, cpus: 2 } }]\n`,
  { P0: 'refused 22', P1: 'refused 22', P2: 'ok 1', P3: 'ok 1', P4: 'ok 1', P5: 'ok 1' },
  (analysis) => {
    const { result, errno } = lastEvent(analysis);
    return `${result} ${result === 'ok' ? queue(analysis, 0).effective : errno}`;
  },
);

row(
  'non-managed interrupt, offline of the last usable CPU of its mask',
  `kernel: "6.12"\ncpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n${NIC}events: [{ offline: 1 }]\n`,
  { P0: 0, P1: 0, P2: 0, P3: 0, P4: 0, P5: 0 },
  (analysis) => queue(analysis, 0).effective,
);

describe('unplug allowed?', () => {
  // CPU 1 has more vectors than CPU 0 has free; the two X have 201 each that no interrupt can use.
  const crowded = `kernel: "6.12"
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]
devices: [{ name: nic, driver: generic, managed: false, vectors: 250 }]
events: [{ offline: 1 }]
`;
  test.each([
    ['P0', 'refused'],
    ['P1', 'ok'],
    ['P2', 'refused'],
    ['P3', 'refused'],
    ['P4', 'refused'],
    ['P5', 'refused'],
  ])('%s: %s, as CPUs that interrupts cannot use are counted by P1 only', async (policy, result) => {
    expect(lastEvent(await under(policy, crowded)).result).toBe(result);
  });
});

describe('P7 and P8', () => {
  test('P7: with the extended destination ID every CPU is reachable and nothing is lost', async () => {
    const { domains, run, summary } = await under('P7', APART);
    expect(domains[0].unreachable.toString()).toBe('');
    expect(run.online.toString()).toBe('0-3');
    expect(summary.queues.healthy).toBe(4);
  });

  const HPET = `${APART}hpet: { present: true, msi: true }\n`;
  test('P8a limits the HPET domain to 255, P8b and P8c do without HPET messages', async () => {
    const hpetOf = ({ domains }: Analysis) => domains.find((domain) => domain.name === 'hpet-msi');
    expect(hpetOf(await under('P7', HPET))?.maxApicId).toBe(32767);
    expect(hpetOf(await under('P8a', HPET))).toMatchObject({ maxApicId: 255 });
    expect(hpetOf(await under('P8a', HPET))?.unreachable.toString()).toBe('2-3');
    expect(hpetOf(await under('P8b', HPET))).toBeUndefined();
    expect((await under('P8c', HPET)).machine.hpet.present).toBe(false);
  });

  test('P0H: every CPU comes online, IO-APIC interrupts reach APIC IDs up to 255 only', async () => {
    const { domains, run } = await under('P0H', APART);
    expect(run.online.toString()).toBe('0-3');
    expect(domains.find((domain) => domain.name === 'ioapic')).toMatchObject({ maxApicId: 255 });
    expect(domains[0].unreachable.toString()).toBe('');
  });
});
