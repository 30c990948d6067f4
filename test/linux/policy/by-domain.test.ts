/**
 * Policies go by the domain of each device: one that no IOMMU covers reaches APIC IDs 0 to 7 in cluster mode, while
 * the rest of the machine reaches all (docs/model/policies.md#by-domain).
 */
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/findings/analyze.ts';
import { analyzeText } from '../../helpers.ts';

const MACHINE = `kernel: "6.12"
remapping: on
hpet: off
topology: { sockets: 2, cores: 8 }
devices:
  - { name: out, driver: nvme, queues: 8, remapped: off }
  - { name: in, driver: nvme, queues: 8 }
  - { name: nic, driver: generic, managed: off, vectors: 20, remapped: off }
`;

const under = (policy: string, more = '') => analyzeText(MACHINE + more, [`policy=${policy}`]);
const queues = ({ run }: Analysis, name: string) =>
  run.devices.find((device) => device.name === name)?.queues ?? [];
const rules = ({ findings }: Analysis) =>
  findings.filter(({ level }) => level !== 'note').map(({ rule }) => rule);
const states = (analysis: Analysis, name: string) =>
  queues(analysis, name)
    .map(({ affinity, health }) => `${affinity} ${health}`)
    .join(', ');

const PAIRS = ['0-1', '2-3', '4-5', '6-7', '8-9', '10-11', '12-13', '14-15'];
const all = (health: string, masks = PAIRS) => masks.map((mask) => `${mask} ${health}`).join(', ');
const half = (beyond: string) => `${all('healthy', PAIRS.slice(0, 4))}, ${all(beyond, PAIRS.slice(4))}`;
const SINGLE = ['0', '1', '2', '3', '4', '5', '6', '7'];

test.each([
  ['P0', half('dead'), ['device-outside-iommu']],
  [
    'P2',
    half('dead'),
    ['policy-io-hangs', 'queue-never-starts', 'cpus-share-queues', 'managed-vectors-wasted'],
  ],
  ['P3', all('healthy', SINGLE), []],
  ['P4', all('healthy', SINGLE), []],
  ['P5', half('degraded'), []],
])('%s: the device outside', async (policy, expected, found) => {
  const analysis = await under(policy);
  expect(states(analysis, 'out')).toBe(expected);
  expect(rules(analysis).sort()).toEqual([...found].sort());
});

test('P1 refuses its masks, and those of no remapped device', async () => {
  const analysis = await under('P1');
  const [out, inside] = analysis.run.devices;
  expect([out.errno, out.vectorsGranted, inside.vectorsGranted]).toEqual([22, 1, 9]);
  expect(out.queues[0].affinity.toString()).toBe('0-7');
  expect(rules(analysis)).toEqual(['policy-refuses-mask']);
});

describe.each(['P1', 'P2', 'P3', 'P4', 'P5'])('%s', (policy) => {
  test('the device inside has every CPU', async () => {
    expect(states(await under(policy), 'in')).toBe(all('healthy'));
  });

  test('interrupts that are not managed go to CPUs that they reach only, also when one goes offline', async () => {
    const analysis = await under(policy, 'events: [{ offline: 4-7 }]\n');
    for (const { effective, lost } of queues(analysis, 'nic')) {
      expect(lost).toBeUndefined();
      expect(effective).toBeLessThan(4);
    }
  });

  test('a mask of CPUs out of reach is refused, or leaves the interrupt where it is', async () => {
    const analysis = await under(
      policy,
      'events: [{ setAffinity: { device: nic, queue: 0, cpus: 9 } }, { setAffinity: { device: nic, queue: 1, cpus: 6 } }]\n',
    );
    const [beyond, within] = analysis.run.events;
    expect([beyond.result, beyond.errno]).toEqual(policy === 'P1' ? ['refused', 22] : ['ok', 0]);
    if (policy !== 'P1')
      expect(beyond.changes.join()).toMatch(/stays on CPU \d+: no CPU of 9 can be addressed/);
    expect(within.changes.join()).toContain('goes to 6');
  });
});

test('P5: requests of CPUs 8-15 go to a queue of the device outside; the device inside redirects nothing', async () => {
  const analysis = await under('P5');
  expect(queues(analysis, 'out').map(({ redirectedTo }) => redirectedTo)).toEqual([
    ...new Array(4).fill(undefined),
    ...new Array(4).fill(0),
  ]);
  expect(queues(analysis, 'in').every(({ redirectedTo }) => redirectedTo === undefined)).toBe(true);
  // No vector is held for the device outside where it cannot use one: those there are the other's.
  expect(analysis.run.vectors.perCpu.map(({ managed }) => managed)).toEqual([
    ...new Array(8).fill(2),
    ...new Array(8).fill(1),
  ]);
});

test('P5: the last CPU that a queue outside reaches goes', async () => {
  const analysis = await analyzeText(
    MACHINE.replace('queues: 8, remapped: off', 'queues: 2, remapped: off').replace(
      'sockets: 2, cores: 8',
      'cores: 12',
    ),
    ['policy=P5', '--event offline=6-7'],
  );
  expect(states(analysis, 'out')).toBe('0-5 healthy, 6-11 degraded');
  expect(queues(analysis, 'out')[1].redirectedTo).toBe(0);
  expect(analysis.run.hangs).toEqual([]);
});

test('P2: the same hangs', async () => {
  const analysis = await analyzeText(
    MACHINE.replace('queues: 8, remapped: off', 'queues: 2, remapped: off').replace(
      'sockets: 2, cores: 8',
      'cores: 12',
    ),
    ['policy=P2', '--event offline=6-7'],
  );
  expect(analysis.run.hangs).toMatchObject([{ device: 'out', queue: 1, from: 1, until: null }]);
  expect(analysis.run.hangs[0].cpus.toString()).toBe('8-11');
});

/** Line interrupts of Hyper-V's guest reach the stub's CPUs only, its messages all. */
test('P2 on Hyper-V: a line interrupt is on a CPU of the stub, message interrupts are on any', async () => {
  const analysis = await analyzeText(
    `kernel: "6.12"
platform: hyperv
x2apic: enabled
cpus: [{ apicId: "0-1,256-259" }]
devices:
  - { name: line, driver: generic, interrupts: line }
  - { name: nvme, driver: nvme, queues: 6 }
`,
    ['policy=P2', '--event offline=1'],
  );
  const [line, nvme] = analysis.run.devices;
  expect(line.queues[0].effective).toBe(0);
  expect(nvme.queues.map(({ effective, state }) => (state === 'started' ? effective : null))).toEqual([
    0,
    null,
    2,
    3,
    4,
    5,
  ]);
});

/** What a description says of a domain is known to such a policy. */
test('P2: a limit of pci-msi that the description states is kept to, lines may go beyond', async () => {
  const text = `kernel: "6.12"
hpet: off
topology: { cores: 4 }
domains: { pci-msi: { reach: { unreachable: "2-3" } } }
devices:
  - { name: line, driver: generic, interrupts: line }
  - { name: nvme, driver: nvme, queues: 4 }
events: [{ setAffinity: { device: line, queue: 0, cpus: 3 } }, { fire: { device: line, queue: 0 } }]
`;
  const { run, findings } = await analyzeText(text, ['policy=P2']);
  expect(run.devices[0].queues[0].effective).toBe(3);
  expect(run.devices[1].queues.map(({ state }) => state)).toEqual([
    'started',
    'started',
    'shutdown',
    'shutdown',
  ]);
  expect(findings.map(({ rule }) => rule)).toContain('policy-io-hangs');
  expect(findings.map(({ rule }) => rule)).not.toContain('domain-misses-cpus');
});
