/** Interrupts that are started and arrive nowhere: who is left behind, what the log says, and what it does to devices. */
import { describe, expect, test } from 'vitest';
import type { DeviceRun } from '../../../src/linux/sim/run.ts';
import { analyzeText } from '../../helpers.ts';

/** Node 1 is CPUs 2-3, with 201 vectors each. */
const TWO_NODES = `
kernel: "6.1.90"
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]
devices:
  - { name: nic, driver: generic, managed: false, vectors: 260, node: 1 }
`;

const played = (text: string, ...events: string[]) =>
  analyzeText(
    text,
    events.map((event) => `--event ${event}`),
  );
const dead = ({ queues }: DeviceRun) => queues.filter(({ health }) => health === 'dead').length;

describe('an interrupt that finds no vector when its CPU goes', () => {
  test.each([
    ['6.1.90', 59],
    ['5.10', 59],
    ['6.6.44', 58],
    ['6.6.45', 0],
    ['6.10', 0],
    ['6.12', 0],
  ])('kernel %s loses %d', async (kernel, lost) => {
    const { run, findings, summary } = await played(`${TWO_NODES.replace('6.1.90', kernel)}`, 'offline=2');
    expect(dead(run.devices[0])).toBe(lost);
    expect(run.devices[0].queues.filter((queue) => queue.lost === 'cpu-offline')).toHaveLength(lost);
    expect(run.events[0].changed.interrupts.filter(({ kind }) => kind === 'lost')).toHaveLength(lost);
    expect(findings.some(({ rule }) => rule === 'interrupt-lost')).toBe(lost > 0);
    expect(summary.verdict === 'fail').toBe(lost > 0);
  });

  test('stays lost when the CPU comes back, as its vector table is empty', async () => {
    const { run, findings } = await played(TWO_NODES, 'offline=2', 'online=2');
    const [nic] = run.devices;
    expect(nic.queues.filter(({ lost }) => lost === 'cpu-came-back')).toHaveLength(59);
    expect(findings.find(({ rule }) => rule === 'interrupt-lost')?.message).toContain(
      '59 interrupts of nic are left on CPU 2, which went offline and came back without them',
    );
  });

  test('logs ten lines, and counts the rest before the next', async () => {
    const nodes = TWO_NODES.replace('"2-3", node: 1', '"2-3", node: 1 }, { apicId: "4-5", node: 2');
    const second = '  - { name: nic2, driver: generic, managed: false, vectors: 260, node: 2 }\n';
    const { run } = await played(nodes + second, 'offline=2', 'offline=4');
    const [first, next] = run.events;
    const failures = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('set affinity failed(-28)'));
    expect(failures(first.messages)).toHaveLength(10);
    expect(failures(next.messages)).toHaveLength(10);
    expect(first.messages.filter((line) => line.includes('callbacks'))).toEqual([]);
    expect(next.messages).toContain('migrate_one_irq: 49 callbacks suppressed');
  });
});

test('a loss that a later event mends is told with the event that made it', async () => {
  // CPU 3 goes as well: what stays on offline CPUs is moved anew, now to node 0.
  const { run, findings } = await played(TWO_NODES, 'offline=2', 'offline=3');
  expect(dead(run.devices[0])).toBe(0);
  const finding = findings.find(({ rule }) => rule === 'interrupt-lost');
  expect(finding?.level).toBe('error');
  expect(finding?.message).toBe('59 interrupts of nic were lost for a time, from "offline CPU 2" on');
});

describe('an interrupt that serves no queue', () => {
  const ADMIN = (driver: string) => `${TWO_NODES}  - { name: disk, driver: ${driver}, queues: 4, node: 1 }\n`;
  // Vectors with the default affinity start on the node of its first CPU.
  const FULL = ADMIN('nvme').replace('vectors: 260, node: 1', 'vectors: 380, node: 0');

  test('an NVMe without its admin interrupt is dead', async () => {
    const { run } = await played(FULL, 'offline=1');
    const [, disk] = run.devices;
    expect(disk.interrupts.map(({ lost }) => lost)).toEqual(['cpu-offline']);
    expect(disk.health).toBe('dead');
    expect(disk.queues.every(({ health }) => health !== 'dead')).toBe(true);
  });

  test('a virtio disk without its configuration interrupt does its I/O', async () => {
    const { run } = await played(FULL.replace('nvme', 'virtio-blk'), 'offline=1');
    expect(run.devices[1].interrupts[0].lost).toBe('cpu-offline');
    expect(run.devices[1].health).toBe('degraded');
  });

  test('with room for it nothing is lost', async () => {
    const { run, findings } = await played(
      ADMIN('nvme').replace('260, node: 1', '150, node: 0'),
      'offline=1',
    );
    expect(run.devices.map(({ health }) => health)).toEqual(['healthy', 'idle']);
    expect(findings.filter(({ rule }) => rule === 'interrupt-lost')).toEqual([]);
  });
});

describe("Hyper-V's stub", () => {
  const GUEST = `
kernel: "6.12"
platform: hyperv
cpus: [{ apicId: "0-3" }, { apicId: "0x100-0x101" }]
devices: [{ name: nic, driver: generic, managed: false, vectors: 2 }]
`;

  test('a message interrupt moves with the next interrupt, to any CPU', async () => {
    const { run } = await played(GUEST, 'set-affinity=nic:0=5', 'fire=nic:0');
    expect(run.events[0].changes).toEqual(['nic queue 0 goes to 5 with its next interrupt']);
    expect(run.events[1].changes).toEqual(['nic queue 0 moved from CPU 1 to CPU 5']);
  });

  test('a line interrupt is refused above APIC ID 255, and taken below', async () => {
    const lines = `${GUEST}cmdline: pci=nomsi\n`;
    const refused = await played(lines, 'set-affinity=nic:0=4');
    expect(refused.run.events[0]).toMatchObject({ result: 'refused', errno: 22 });
    expect(refused.run.events[0].reason).toBe("Hyper-V's stub sends line interrupts to CPUs 0-3 only");
    const taken = await played(lines, 'set-affinity=nic:0=2', 'fire=nic:0');
    expect(taken.run.devices[0].queues[0].effective).toBe(2);
  });
});
