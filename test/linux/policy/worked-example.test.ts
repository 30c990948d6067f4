/**
 * The worked example of docs/model/policies.md#worked-example, cell by cell: CPUs 0,1 have the APIC IDs 0 and
 * 1, CPUs 2,3 have 0x100 and 0x101; bare metal without remapping. The mainline column was measured on Linux
 * 6.12.117.
 */
import { describe, expect, test } from 'vitest';
import { hangingCpus } from '../../../src/findings/rules/facts/hanging-io.ts';
import type { QueueRow } from '../../../src/linux/sim/run.ts';
import { analyzeText } from '../../helpers.ts';

const machine = (queues: number, events = '') => `
kernel: "6.12.117"
platform: bare-metal
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]
devices: [{ name: nvme, driver: nvme, queues: ${queues} }]
${events}`;

const run = async (policy: string, queues: number, events = '') =>
  analyzeText(machine(queues, events), [`policy=${policy}`]);

const masks = (queues: readonly QueueRow[]) => queues.map((queue) => queue.affinity.toString());
const states = (queues: readonly QueueRow[]) => queues.map((queue) => queue.state);

describe('NVMe with 4 queues', () => {
  const KEPT = ['0', '1', '2', '3'];
  test.each([
    ['P0', KEPT, ['started', 'started', 'shutdown', 'shutdown'], '0-1', ''],
    ['P2', KEPT, ['started', 'started', 'shutdown', 'shutdown'], '0-3', '2-3'],
    ['P3', ['0', '1'], ['started', 'started'], '0-3', ''],
    ['P4', ['0', '1'], ['started', 'started'], '0-3', ''],
    ['P5', KEPT, ['started', 'started', 'shutdown', 'shutdown'], '0-3', ''],
  ])(
    '%s: masks, states, online CPUs, and CPUs whose I/O hangs',
    async (policy, mask, state, online, hangs) => {
      const { run: result } = await run(policy, 4);
      const [{ queues }] = result.devices;
      expect(masks(queues)).toEqual(mask);
      expect(states(queues)).toEqual(state);
      expect(result.online.toString()).toBe(online);
      expect(hangingCpus(result).toString()).toBe(hangs);
    },
  );

  test('P1: the masks are refused with EINVAL, and one interrupt is left for everything', async () => {
    const { run: result, findings } = await run('P1', 4);
    const [nvme] = result.devices;
    expect(nvme).toMatchObject({ vectorsGranted: 1, errno: 22 });
    expect(states(nvme.queues)).toEqual(['started', 'not-allocated', 'not-allocated', 'not-allocated']);
    expect(findings.map((finding) => finding.rule)).toContain('policy-refuses-mask');
  });

  test.each(['P0', 'P2', 'P5'])('%s: a stopped queue shows CPU 0 as effective', async (policy) => {
    const { run: result } = await run(policy, 4);
    expect(result.devices[0].queues.slice(2).map((queue) => queue.effective)).toEqual([0, 0]);
  });

  test('P5: requests of CPUs 2 and 3 go to the first queue', async () => {
    const { run: result, findings } = await run('P5', 4);
    expect(result.devices[0].queues.map((queue) => queue.redirectedTo)).toEqual([undefined, undefined, 0, 0]);
    expect(findings.map((finding) => finding.rule)).not.toContain('policy-io-hangs');
  });

  test.each(['P0', 'P2', 'P3', 'P4', 'P5'])(
    '%s: CPU 1 offline stops its queue, CPU 1 back restores it',
    async (policy) => {
      const offline = await run(policy, 4, 'events: [{ offline: 1 }]');
      expect(offline.run.devices[0].queues[1].state).toBe('shutdown');
      const back = await run(policy, 4, 'events: [{ offline: 1 }, { online: 1 }]');
      expect(back.run.devices[0].queues[1]).toMatchObject({ state: 'started', effective: 1 });
    },
  );

  test('CPU 2 comes online or not: P0 refuses with EINVAL, the others accept', async () => {
    const events = 'events: [{ offline: 2 }, { online: 2 }]';
    expect((await run('P0', 4, events)).run.events[1]).toMatchObject({ result: 'refused', errno: 22 });
    for (const policy of ['P1', 'P2', 'P3', 'P4', 'P5']) {
      const { run: result } = await run(policy, 4, events);
      expect(result.events[1].result).toBe('ok');
      expect(result.online.test(2)).toBe(true);
    }
  });
});

describe('NVMe with 2 queues, the case that Gleixner warns about', () => {
  test('P0: both usable CPUs share the first queue, the second is dead', async () => {
    const { run: result } = await run('P0', 2);
    const [{ queues }] = result.devices;
    expect(masks(queues)).toEqual(['0-1', '2-3']);
    expect(queues.map((queue) => queue.effective)).toEqual([1, 0]);
    expect(queues.map((queue) => queue.health)).toEqual(['healthy', 'dead']);
  });

  test('P0: the first queue follows CPU 1 away and does not come back with it', async () => {
    const away = await run('P0', 2, 'events: [{ offline: 1 }]');
    expect(away.run.devices[0].queues[0].effective).toBe(0);
    const back = await run('P0', 2, 'events: [{ offline: 1 }, { online: 1 }]');
    expect(back.run.devices[0].queues[0].effective).toBe(0);
  });

  test.each(['P3', 'P4'])('%s gives each usable CPU a queue', async (policy) => {
    const { run: result } = await run(policy, 2);
    expect(masks(result.devices[0].queues)).toEqual(['0', '1']);
    expect(result.devices[0].queues.every((queue) => queue.health === 'healthy')).toBe(true);
  });

  test('P2 leaves CPUs 2 and 3 hanging, P5 redirects them', async () => {
    expect(hangingCpus((await run('P2', 2)).run).toString()).toBe('2-3');
    const { run: result } = await run('P5', 2);
    expect(result.devices[0].queues[1]).toMatchObject({ redirectedTo: 0, health: 'degraded' });
    expect(hangingCpus(result).toString()).toBe('');
  });

  test('nr_cpus=2 is the fix measured for mainline', async () => {
    const { run: result, enumeration } = await analyzeText(machine(2), ['cmdline=nr_cpus=2']);
    expect(masks(result.devices[0].queues)).toEqual(['0', '1']);
    expect(result.devices[0].queues.every((queue) => queue.state === 'started')).toBe(true);
    expect(enumeration.messages).toContain('CPU topo: CPU limit of 2 reached. Ignoring further CPUs');
    expect(enumeration.messages).toContain('CPU topo: Rejected CPUs 2');
  });
});

describe('the hot-plug variant: 4 plugged CPUs, 508 slots, KVM without extended ID, 64 queues', () => {
  test('2 of 64 queues can start, with the masks measured on 6.12', async () => {
    const { run: result } = await analyzeText(`
kernel: "6.12"
platform: kvm
topology: { sockets: 2, cores: 256, present: "0-1,256-257" }
devices: [{ name: nvme, driver: nvme, queues: 64 }]
`);
    const [{ queues }] = result.devices;
    expect(queues).toHaveLength(64);
    expect(masks(queues).slice(0, 6)).toEqual([
      '0,484-490',
      '1,491-497',
      '2,498-504',
      '3,505-511',
      '4-11',
      '12-19',
    ]);
    expect(queues.filter((queue) => queue.state === 'started')).toHaveLength(2);
  });
});

test('virtio-blk with 4 queues has the masks and states of NVMe', async () => {
  const text = machine(4).replace('driver: nvme', 'driver: virtio-blk');
  const [{ queues }] = (await analyzeText(text)).run.devices;
  expect(masks(queues)).toEqual(['0', '1', '2', '3']);
  expect(states(queues)).toEqual(['started', 'started', 'shutdown', 'shutdown']);
});
