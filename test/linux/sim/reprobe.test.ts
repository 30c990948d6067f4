/** A device that is removed and set up again, by the CPUs of that moment. */
import { describe, expect, test } from 'vitest';
import type { DeviceRun } from '../../../src/linux/sim/run.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { Simulation } from '../../../src/linux/sim/simulation.ts';
import { analyzeText, readText } from '../../helpers.ts';

const played = (events: readonly string[]): string[] => events.map((event) => `--event ${event}`);
const play = async (text: string, ...events: string[]): Promise<Simulation> =>
  simulate(await readText(text, played(events)));

/** Eight CPUs, five of them plugged, two disks and a network device. */
const GUEST = (more = '') => `
kernel: "6.12"
platform: kvm
topology: { sockets: 8, present: 5 }
devices:
  - { name: nvme0, driver: nvme, queues: 4 }
  - { name: net0, driver: virtio-net, queues: 2 }
  - { name: hba0, driver: megaraid_sas }
${more}`;

const masks = ({ queues }: DeviceRun): string[] => queues.map(({ affinity }) => affinity.toString());
const numbers = ({ queues, interrupts }: DeviceRun): number[] =>
  [...queues, ...interrupts].flatMap(({ irq }) => (irq === null ? [] : [irq])).sort((a, b) => a - b);
const device = ({ run }: Simulation, name: string): DeviceRun => {
  const found = run.devices.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('a device set up again', () => {
  test('with the CPUs it had is as it was', async () => {
    const text = GUEST().replace(/ {2}- \{ name: (net0|hba0).*\n/g, '');
    const before = await play(text);
    const after = await play(text, 'reprobe=nvme0');
    expect(after.run.devices).toEqual(before.run.devices);
    expect(after.run.vectors).toEqual(before.run.vectors);
    expect(after.run.events[0].changes).toEqual(['nvme0 is set up again: 5 vectors, 4 of 4 queues start']);
  });

  test('spreads as a machine that booted with the CPUs of the moment', async () => {
    const later = await play(GUEST(), 'plug=6', 'online=6', 'reprobe=nvme0');
    const booted = await play(GUEST().replace('present: 5', 'present: "0-4,6"'));
    const kept = await play(GUEST(), 'plug=6', 'online=6');
    expect(masks(device(later, 'nvme0'))).not.toEqual(masks(device(kept, 'nvme0')));
    // Numbers follow the order of firmware's entries: APIC ID 6 is CPU 5 where it is present at boot.
    const renumbered = masks(device(booted, 'nvme0')).map((mask) => mask.length);
    expect(masks(device(later, 'nvme0')).map((mask) => mask.length)).toEqual(renumbered);
  });

  test('counts the online CPUs anew, and takes the lowest free interrupt numbers', async () => {
    const boot = await play(GUEST());
    const [nvme, net, hba] = boot.run.devices.map(numbers);
    const after = await play(GUEST(), 'plug=6', 'online=6', 'reprobe=nvme0', 'offline=4', 'reprobe=hba0');
    expect(numbers(device(after, 'nvme0'))).toEqual(nvme);
    expect(numbers(device(after, 'net0'))).toEqual(net);
    expect(numbers(device(after, 'hba0'))).toEqual(hba);
    const more = await play(
      GUEST('  - { name: nvme1, driver: nvme, queues: 4 }\n'),
      'offline=4',
      'reprobe=hba0',
    );
    const fewer = numbers(device(more, 'hba0'));
    expect(fewer).toEqual(hba.slice(0, -1));
    const grown = await play(
      GUEST('  - { name: nvme1, driver: nvme, queues: 4 }\n'),
      'plug=6',
      'online=6',
      'reprobe=hba0',
    );
    const last = Math.max(...numbers(device(grown, 'nvme1')));
    expect(numbers(device(grown, 'hba0'))).toEqual([...hba, last + 1]);
  });

  test('scattered numbers are found again: events and the timeline know whose they are', async () => {
    const text = GUEST('  - { name: nvme1, driver: nvme, queues: 4 }\n');
    const { run } = await play(text, 'plug=6', 'online=6', 'reprobe=hba0', 'offline=6', 'online=6');
    const [, , again, down, up] = run.events;
    expect(again.changes).toEqual(['hba0 is set up again: 7 vectors (6 before), 6 of 6 queues start']);
    expect(down.changes.join()).toContain('hba0 queue 5');
    expect(up.result).toBe('ok');
    const history = run.timeline?.devices.find(({ device: name }) => name === 'hba0');
    expect(history?.boot).toHaveLength(6);
  });

  test('hints of the driver are set again', async () => {
    const { run } = await play(GUEST(), 'offline=1', 'reprobe=net0');
    const boot = await play(GUEST().replace('cores', 'cores'), 'offline=1');
    expect(masks(run.devices[1])).toEqual(masks(boot.run.devices[1]));
  });

  test('brings a dead device back', async () => {
    const text =
      'kernel: "6.12"\ntopology: { cores: 4 }\nbudget: { vectors: 5000 }\ndevices:\n' +
      '  - { name: big, driver: generic, managed: true, vectors: 190 }\n' +
      '  - { name: nvme0, driver: nvme, queues: 4 }\n';
    const { run } = await play(text, 'reprobe=nvme0');
    expect(run.devices[1].queues).toHaveLength(4);
  });

  test('not while the machine sleeps', async () => {
    const { run } = await play(GUEST(), 'suspend', 'reprobe=nvme0');
    expect(run.events[1]).toMatchObject({
      result: 'refused',
      reason: 'the machine sleeps: only resume can happen',
    });
  });

  test('only devices that the description has', async () => {
    await expect(play(GUEST(), 'reprobe=nvme7')).rejects.toThrow(
      '--event reprobe=nvme7: unknown device "nvme7", did you mean "nvme0"?',
    );
    await expect(play(GUEST(), 'reprobe')).rejects.toThrow('expected reprobe=DEVICE');
  });
});

describe('policies look again', () => {
  const P4 = GUEST('policy: present-only\n');

  test('present-only: a plugged CPU is in a mask once the device is set up again', async () => {
    const before = await analyzeText(P4, played(['plug=6', 'online=6']));
    expect(before.findings.map(({ rule }) => rule)).toContain('policy-loses-hotplug-queues');
    expect(masks(device(before, 'nvme0')).join()).not.toContain('6');
    const after = await play(P4, 'plug=6', 'online=6', 'reprobe=nvme0');
    expect(masks(device(after, 'nvme0')).join()).toContain('6');
  });

  test('present-only: a CPU that was added once and then removed stays in the masks', async () => {
    const after = await play(P4, 'plug=6', 'online=6', 'unplug=6', 'reprobe=nvme0');
    expect(masks(device(after, 'nvme0')).join()).toContain('6');
    const never = await play(P4, 'reprobe=nvme0');
    expect(masks(device(never, 'nvme0')).join()).not.toContain('6');
  });

  test('I/O that hangs ends with the device that it hung on', async () => {
    const text = `
kernel: "6.12"
platform: kvm
topology: { sockets: 5, present: 4 }
policy: present-only
devices: [{ name: nvme0, driver: nvme, queues: 4 }]
`;
    const events = ['plug=4', 'online=4', 'reprobe=nvme0'];
    const { run } = await play(text, ...events);
    expect(run.hangs.filter(({ until }) => until === null)).toEqual([]);
  });
});
