/** Events at their edges: what is up already, what is gone, the last of something, what others changed before. */
import { describe, expect, test } from 'vitest';
import type { EventRun, Run } from '../../../src/linux/sim/run.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

async function play(text: string, ...events: string[]): Promise<Run> {
  const set = events.map((event) => `--event ${event}`);
  return simulate(await readText(text, set)).run;
}
async function last(text: string, ...events: string[]) {
  const run = await play(text, ...events);
  const { result, errno, reason, messages, changes } = run.events[run.events.length - 1];
  return { result, errno, reason, messages, changes };
}
const OK = { result: 'ok', errno: 0, reason: null, messages: [], changes: [] };

const FOUR = `kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices: [{ name: nvme0, driver: nvme, queues: 4 }]
`;
const THREADS = FOUR.replace('cores: 4', 'cores: 2, threads: 2');

describe('offline', () => {
  test('the last CPU stays, where the boot CPU may go', async () => {
    const two = FOUR.replace('6.12', '6.1').replace('cores: 4', 'cores: 2');
    const hotpluggable = `${two}cmdline: cpu0_hotplug\n`;
    expect((await play(hotpluggable, 'offline=0')).online.toString()).toBe('1');
    expect(await last(hotpluggable, 'offline=1', 'offline=0')).toMatchObject({
      errno: 16,
      reason: 'CPU 0 is the last online CPU',
    });
    expect(await last(two, 'offline=0')).toMatchObject({ errno: 1 });
    expect(await last(hotpluggable.replace('6.1', '6.12'), 'offline=0')).toMatchObject({ errno: 1 });
  });

  test('the last CPU of isolcpus= ends a kernel before 6.6 with a fault', async () => {
    const isolated = `${FOUR.replace('6.12', '6.1')}cmdline: isolcpus=domain,0-2\n`;
    expect(await last(isolated, 'offline=3')).toEqual({
      result: 'crashed',
      errno: 0,
      reason: 'CPU 3 is the last online CPU that isolcpus= leaves to the scheduler',
      messages: ['general protection fault in partition_sched_domains'],
      changes: [],
    });
    expect(await last(isolated, 'offline=2')).toMatchObject({ result: 'ok' });
  });

  test('CPUs are listed in ascending order, and so are interrupts', async () => {
    const [down] = (await play(FOUR, 'offline=3,1,2')).events;
    expect(down.changed.cpus.offline).toEqual([1, 2, 3]);
    expect(down.changed.interrupts.map(({ vector }) => vector)).toEqual([0, 2, 3, 4]);
    const [, up] = (await play(FOUR, 'offline=1-3', 'online=3,2,1')).events;
    expect(up.changed.cpus.online).toEqual([1, 2, 3]);
    expect(up.changed.interrupts.map(({ queue }) => queue)).toEqual([1, 2, 3]);
  });

  test.each<[string, string[]]>([
    ['ok', []],
    ['ok', ['offline=2']],
    ['refused', ['offline=2', 'offline=3']],
    // A CPU that is down already is not counted again.
    ['ok', ['offline=2', 'offline=2', 'offline=2']],
    ['ok', ['offline=2-3', 'online=3']],
  ])(
    'P1 counts vectors of CPUs that interrupts cannot use while they run: %s after %j',
    async (result, before) => {
      // CPU 1 has more vectors than CPU 0 has free; CPUs 2 and 3 are unreachable, with 201 vectors each.
      const crowded = `kernel: "6.12"
hpet: off
policy: P1
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]
devices: [{ name: nic, driver: generic, managed: false, vectors: 250 }]
`;
      expect((await last(crowded, ...before, 'offline=1')).result).toBe(result);
    },
  );
});

describe('online', () => {
  test('a CPU that runs has its timer already', async () => {
    const timers = `kernel: "6.12"
platform: kvm
topology: { sockets: 4, present: 2 }
hpet: { msi: on, channels: 8 }
timers: { arat: off }
`;
    const run = await play(timers, 'online=1');
    expect(run.hpet.map(({ cpu }) => cpu)).toEqual([0, 1, null, null]);
    expect(run.events[0].changes).toEqual([]);
  });

  test('beyond the possible CPUs, which the next number is', async () => {
    const few = `${FOUR}cmdline: nr_cpus=3\n`;
    const reason = 'the kernel has only 3 possible CPUs';
    expect(await last(few, 'online=3')).toMatchObject({ errno: 19, reason });
    expect(await last(few, 'unplug=3')).toMatchObject({ errno: 19, reason });
  });
});

describe('plug and unplug', () => {
  test('an absent CPU is not unplugged', async () => {
    const slots = FOUR.replace('cores: 4', 'cores: 4, present: 3');
    expect(await last(slots, 'unplug=3')).toMatchObject({ errno: 19, reason: 'CPU 3 is not plugged' });
    expect(await last(FOUR, 'offline=3', 'unplug=3')).toMatchObject({
      result: 'ok',
      changes: ['CPU 3 is no longer present'],
    });
  });

  test('where no number is left, on a kernel that numbers CPUs as they come', async () => {
    const three = `kernel: "6.1"
hpet: off
platform: kvm
cmdline: nr_cpus=3
cpus: [{ apicId: "0-1" }, { apicId: "2-4", state: absent }]
`;
    expect(await last(three, 'plug=2')).toMatchObject({ result: 'ok' });
    expect(await last(three, 'plug=2', 'plug=3')).toMatchObject({
      errno: 22,
      reason: 'the kernel has no CPU number left for APIC ID 3',
    });
  });

  test.each([
    ['plug=4@0', ['0-1,4', '2-3']],
    ['plug=4@1', ['0-1', '2-4']],
    // A node that the kernel did not see when it booted is none: the CPU stays on the one that it had.
    ['plug=4@7', ['0-1,4', '2-3']],
  ])('the node that firmware names for a plugged CPU is that of later spreads: %s', async (plug, masks) => {
    const slot = `kernel: "6.1"
hpet: off
platform: kvm
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }, { apicId: 4, state: absent, node: 0 }]
devices: [{ name: nvme0, driver: nvme, queues: 2 }]
`;
    const { devices } = await play(slot, plug, 'online=4', 'reprobe=nvme0');
    expect(devices[0].queues.map(({ affinity }) => `${affinity}`)).toEqual(masks);
  });
});

describe('SMT', () => {
  test('on where it is on changes nothing: a CPU that a user took down stays down', async () => {
    const run = await play(THREADS, 'offline=3', 'smt=on');
    expect(run.events[1]).toMatchObject({ ...OK, changed: { cpus: { online: [] } } });
    expect(run.online.toString()).toBe('0-2');
  });

  test('on again, a second thread comes online by itself as well', async () => {
    const run = await play(THREADS, 'smt=off', 'smt=on', 'offline=1', 'online=1');
    expect(run.events[3].result).toBe('ok');
    expect(run.online.toString()).toBe('0-3');
  });

  test.each([
    ['6.17', '0-3'],
    ['6.18', '0-1'],
  ])('%s: on, with a core whose first thread is down: %s', async (kernel, online) => {
    const run = await play(THREADS.replace('6.12', kernel), 'smt=off', 'offline=2', 'smt=on');
    expect(run.online.toString()).toBe(online);
  });
});

describe('suspend and resume', () => {
  test('what the log says of each CPU', async () => {
    const [down, up] = (await play(FOUR, 'suspend', 'resume')).events;
    expect([down.messages, up.messages]).toEqual([[], []]);
  });

  test('a driver that follows the CPUs has let go of the device, and sets its hints when the machine wakes', async () => {
    const net = FOUR.replace('name: nvme0, driver: nvme', 'name: net0, driver: virtio-net');
    const masks = ({ devices: [device] }: Run) => device.queues.map(({ affinity }) => affinity.toString());
    // The last CPU of a mask gone, every CPU is allowed, until the driver sets its hint again.
    expect(masks(await play(net, 'suspend'))).toEqual(['0', '0-3', '0-3', '0-3']);
    expect(masks(await play(net, 'suspend', 'resume'))).toEqual(['0', '1', '2', '3']);
    expect(masks(await play(net, 'offline=3', 'suspend', 'resume'))).toEqual(['0', '1', '2', '0']);
  });
});

test('hints that a driver sets anew are among the changes', async () => {
  const net = FOUR.replace('name: nvme0, driver: nvme', 'name: net0, driver: virtio-net');
  const { changes } = await last(`${net}remapping: on\n`, 'offline=2');
  expect(changes).toEqual([
    'net0 queue 2 moved from CPU 2 to CPU 3',
    'net0 vector 6 moved from CPU 2 to CPU 3',
    'net0 queue 3 moved from CPU 3 to CPU 0',
    'net0 vector 8 moved from CPU 3 to CPU 0',
  ]);
});

test.each<[string, string[], string[]]>([
  [
    'hints',
    ['offline=2', 'online=2'],
    [
      'net0 queue 2 moved from CPU 3 to CPU 2',
      'net0 vector 6 moved from CPU 3 to CPU 2',
      'net0 queue 3 moved from CPU 0 to CPU 3',
      'net0 vector 8 moved from CPU 0 to CPU 3',
    ],
  ],
])('%s: %j', async (_, events, changes) => {
  const net = FOUR.replace('name: nvme0, driver: nvme', 'name: net0, driver: virtio-net');
  expect((await last(`${net}remapping: on\n`, ...events)).changes).toEqual(changes);
});

test('a housekeeping CPU takes managed interrupts back from isolated ones when it comes', async () => {
  const isolated = `${FOUR.replace('queues: 4', 'queues: 2')}remapping: on\ncmdline: isolcpus=managed_irq,1,3\n`;
  const [down, up] = (await play(isolated, 'offline=2', 'online=2')).events;
  expect(down.changes).toContain('nvme0 queue 1 moved from CPU 2 to CPU 3');
  expect(up.changes).toEqual(['nvme0 queue 1 moved from CPU 3 to CPU 2']);
});

test('what is lost is said once', async () => {
  const nodes = `kernel: "6.1.90"
hpet: off
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]
devices: [{ name: nic, driver: generic, managed: false, vectors: 260, node: 1 }]
`;
  const [first, again] = (await play(nodes, 'offline=2', 'offline=1')).events;
  const lost = (event: EventRun) => event.changed.interrupts.filter(({ kind }) => kind === 'lost').length;
  expect([lost(first), lost(again)]).toEqual([59, 0]);
});

test('devices behind another, and those with one line, say so when they are set up again', async () => {
  const behind = `kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices: [{ name: vmd, driver: generic, vectors: 4 }, { name: disk, driver: nvme, behind: vmd }]
`;
  expect((await last(behind, 'reprobe=disk')).changes).toEqual([
    'disk is set up again: 0 vectors, 0 of 0 queues start: behind vmd: its interrupts share the vectors of vmd',
  ]);
  expect((await last(`${FOUR}cmdline: pci=nomsi\n`, 'reprobe=nvme0')).changes).toEqual([
    'nvme0 is set up again: 1 vector, 4 of 4 queues start: no message interrupts on this machine: one line interrupt serves everything',
  ]);
});

describe('policies', () => {
  const APART = (policy: string) => `kernel: "6.12"
hpet: off
policy: ${policy}
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]
devices:
  - { name: nic, driver: generic, managed: false, vectors: 2 }
  - { name: nvme0, driver: nvme, queues: 2 }
`;

  test('P1 names the CPUs that it takes', async () => {
    expect(await last(APART('P1'), 'set-affinity=nic:0=0,2')).toMatchObject({
      result: 'refused',
      errno: 22,
      reason: 'the policy max-affinity takes CPUs 0-1 only',
    });
    expect(await last(APART('P1'), 'set-affinity=nic:0=0-1')).toMatchObject({ result: 'ok' });
  });

  test.each(['P1', 'P2'])('%s: what is not for users to move is refused as ever', async (policy) => {
    expect(await last(APART(policy), 'set-affinity=0=2')).toMatchObject({ result: 'refused', errno: 1 });
    if (policy === 'P2')
      expect(await last(APART(policy), 'set-affinity=nvme0:0=2')).toMatchObject({
        result: 'refused',
        errno: 1,
      });
  });

  test('P2: no interrupt is on a boot CPU that messages cannot address', async () => {
    const { devices, vectors, online, usable } = await play(`kernel: "6.12"
hpet: off
policy: P2
x2apic: enabled
cpus: [{ apicId: 300 }, { apicId: "0-1" }]
devices: [{ name: nvme, driver: nvme, queues: 3 }, { name: nic, driver: generic, managed: false, vectors: 3 }]
`);
    expect([`${online}`, `${usable}`]).toEqual(['0-2', '1-2']);
    expect(vectors.perCpu[0].allocated).toBe(0);
    expect(vectors.globalAvailable).toBe(vectors.perCpu[1].available + vectors.perCpu[2].available);
    expect(devices[0].queues.map(({ state }) => state)).toEqual(['shutdown', 'started', 'started']);
    expect(devices[1].queues.map(({ affinity }) => `${affinity}`)).toEqual(['1-2', '1-2', '1-2']);
  });

  test.each([
    ['P1', 'ok', 0],
    ['P2', 'refused', 28],
  ])('%s: the last CPU that interrupts can use goes, while others run: %s', async (policy, result, errno) => {
    const boot = `kernel: "6.1"
hpet: off
policy: ${policy}
cmdline: cpu0_hotplug
cpus: [{ apicId: 0 }, { apicId: 0x100 }]
devices: [{ name: nvme, driver: nvme, queues: 1 }]
`;
    expect(await last(boot, 'offline=0')).toMatchObject({ result, errno });
  });

  test('P2: a mask of CPUs that cannot be addressed is taken, and nothing moves', async () => {
    expect(await last(APART('P2'), 'set-affinity=nic:0=2')).toEqual({
      ...OK,
      changes: [expect.stringMatching(/^irq 24 stays on CPU \d: no CPU of 2 can be addressed$/)],
    });
  });
});
