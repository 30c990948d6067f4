/** What events do and say, kernel by kernel. Figures marked "measured" are those of real boots. */
import { describe, expect, test } from 'vitest';
import type { EventRun } from '../../../src/linux/sim/run.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { analyzeText } from '../../helpers.ts';

/** Four plugged CPUs, an NVMe disk with a queue for each. */
const FOUR = `
kernel: "6.12"
topology: { cores: 4 }
devices:
  - { name: nvme0, driver: nvme, queues: 4 }
`;

async function run(text: string, ...events: string[]): Promise<readonly EventRun[]> {
  const { run: result } = await analyzeText(
    text,
    events.map((event) => `--event ${event}`),
  );
  return result.events;
}

/** The figures of one event that stay readable in a comparison. */
function brief({ errno, reason, messages, changes }: EventRun): object {
  return { errno, reason, messages, changes };
}

const ok = (changes: string[] = [], messages: string[] = []) => ({
  errno: 0,
  reason: null,
  messages,
  changes,
});

async function refusal(text: string, ...events: string[]): Promise<object> {
  const all = await run(text, ...events);
  const { errno, reason, messages, result } = all[all.length - 1];
  expect(result).toBe('refused');
  return { errno, reason, messages };
}

describe('offline and online', () => {
  test('a queue stops with the last CPU of its mask and starts with the first', async () => {
    const [down, up] = await run(FOUR, 'offline=2', 'online=2');
    expect(brief(down)).toEqual(ok(['nvme0 queue 2 shut down: no CPU of 2 is online']));
    expect(brief(up)).toEqual(ok(['nvme0 queue 2 started on CPU 2']));
    expect(down.changed).toMatchObject({
      interrupts: [{ kind: 'shut-down', device: 'nvme0', queue: 2, vector: 3, from: 2, to: null }],
      cpus: { online: [], offline: [2], present: [], absent: [] },
      vectors: { before: 6, after: 5 },
    });
    expect(up.changed).toMatchObject({
      interrupts: [{ kind: 'started', from: null, to: 2 }],
      cpus: { online: [2] },
      vectors: { before: 5, after: 6 },
    });
  });

  test('a queue with two CPUs moves, and stays where it went', async () => {
    const two = FOUR.replace('queues: 4', 'queues: 2');
    const [down, up, again] = await run(two, 'offline=1', 'online=1', 'online=1');
    expect(down.changes).toContain('nvme0 queue 0 moved from CPU 1 to CPU 0');
    expect(brief(up)).toEqual(ok());
    expect(brief(again)).toEqual(ok());
  });

  test('an offline CPU goes offline without a change', async () => {
    const [, second] = await run(FOUR, 'offline=3', 'offline=3');
    expect(brief(second)).toEqual(ok());
  });

  test('the boot CPU stays', async () => {
    expect(await refusal(FOUR, 'offline=0')).toEqual({
      errno: 1,
      reason: 'the boot CPU of an x86 machine cannot be taken offline',
      messages: [],
    });
    expect(await refusal(FOUR, 'unplug=0')).toMatchObject({ errno: 1 });
  });

  test('a CPU that is not plugged, and one that is not possible', async () => {
    const slots = FOUR.replace('cores: 4', 'cores: 4, present: 3');
    expect(await refusal(slots, 'online=3')).toMatchObject({ errno: 19, reason: 'CPU 3 is not plugged' });
    const few = `${FOUR}cmdline: nr_cpus=2\n`;
    expect(await refusal(few, 'online=3')).toMatchObject({
      errno: 19,
      reason: 'the kernel has only 2 possible CPUs',
    });
  });

  test('too few vectors for those of the CPU, measured on 6.12.117', async () => {
    const full = `
kernel: "6.12.117"
platform: tcg
topology: { cores: 2 }
devices:
  - { name: serial, driver: generic, count: 4, managed: false, vectors: 65 }
  - { name: nvme, driver: nvme, count: 2, queues: 2 }
  - { name: ahci, driver: generic, managed: false, vectors: 1 }
`;
    expect(await refusal(full, 'offline=1')).toEqual({
      errno: 28,
      reason: 'the other CPUs have too few free vectors for those of CPU 1',
      messages: ['CPU 1 has 132 vectors, 67 available. Cannot disable CPU'],
    });
  });

  test('a list ends at the CPU that is refused; those before it stay changed', async () => {
    const [event] = await run(FOUR, 'offline=3,0,2');
    expect(event).toMatchObject({ result: 'refused', errno: 1 });
    expect(event.changed.cpus.offline).toEqual([3]);
    expect(event.changes).toContain('CPU 3 offline');
  });
});

describe('CPUs above the limit', () => {
  const guest = (kernel: string) => `
kernel: "${kernel}"
platform: kvm
hpet: off
cpus:
  - { apicId: "0-3" }
  - { apicId: "4,300", state: absent }
`;

  test.each([
    ['5.15', 'smpboot: native_cpu_up: bad cpu 4'],
    ['6.6', 'smpboot: native_kick_ap: bad cpu 4'],
  ])('%s: hot-added under the next number, then refused', async (kernel, message) => {
    const [added, refused] = await run(guest(kernel), 'plug=300', 'online=4');
    expect(added.result).toBe('ok');
    expect(added.changes).toEqual([
      'APIC ID 300 is CPU 4, present',
      'the APIC ID of CPU 4 is known now: it is unreachable',
    ]);
    expect(added.changed.cpus).toMatchObject({ present: [4], unreachable: [4] });
    expect(brief(refused)).toEqual({
      errno: 22,
      reason: 'CPU 4 cannot come online: its APIC ID 300 is above the limit 255',
      messages: [message],
      changes: [],
    });
  });

  test('6.12: the number is that of boot, and the message names the APIC ID', async () => {
    const [added, refused] = await run(guest('6.12'), 'plug=300', 'online=5');
    expect(brief(added)).toEqual(ok(['APIC ID 300 is CPU 5, present'], ['ACPI: CPU5 has been hot-added']));
    expect(refused.messages).toEqual(['smpboot: CPU 5 has invalid APIC ID 12c. Aborting bringup']);
  });

  test('an APIC ID that was not there at boot', async () => {
    expect(await refusal(guest('6.12'), 'plug=77')).toEqual({
      errno: 19,
      reason: 'the kernel did not see APIC ID 77 when it booted',
      messages: ['ACPI: Unable to map lapic to logical cpu number'],
    });
    const [older] = await run(guest('6.1'), 'plug=77');
    expect(older.messages).toEqual(['CPU4 has been hot-added']);
    expect(older.changed.cpus).toMatchObject({ present: [4], reachable: [4] });
  });

  test('a CPU that is plugged already', async () => {
    expect(await refusal(guest('6.12'), 'plug=2')).toMatchObject({
      errno: 17,
      reason: 'a CPU with APIC ID 2 is plugged already',
    });
  });

  test('unplugged and plugged again, it has its number again', async () => {
    const [gone, back] = await run(guest('6.12'), 'unplug=3', 'plug=3');
    expect(gone.changes).toEqual(['CPU 3 is no longer present']);
    expect(gone.changed.cpus).toMatchObject({ offline: [3], absent: [3] });
    expect(back.changes).toEqual(['APIC ID 3 is CPU 3, present']);
  });
});

describe('suspend and resume', () => {
  test('all but the boot CPU go, and come back', async () => {
    const { run: result } = await analyzeText(FOUR, ['--event suspend', '--event resume']);
    const [down, up] = result.events;
    expect(down).toMatchObject({ result: 'ok', changed: { cpus: { offline: [1, 2, 3] } } });
    expect(down.changes).toContain('CPUs 1-3 offline');
    expect(up.changed.cpus.online).toEqual([1, 2, 3]);
    expect(result.devices[0].queues.every(({ state }) => state === 'started')).toBe(true);
  });

  test('interrupts are resumed when all CPUs are back: a queue may start on its last CPU', async () => {
    const pairs = FOUR.replace('queues: 4', 'queues: 2');
    const [, woken] = await run(pairs, 'suspend', 'resume');
    expect(woken.changes).toContain('nvme0 queue 1 started on CPU 3');
    const [, first] = await run(pairs, 'offline=1-3', 'online=1-3');
    expect(first.changes).toContain('nvme0 queue 1 started on CPU 2');
  });

  test('a refusal brings back those that are down; the arithmetic is that of a report of 2022', async () => {
    const full = `
kernel: "5.19"
remapping: on
topology: { cores: 4 }
devices: [{ name: usb4, driver: generic, count: 5, vectors: 46, managed: false }]
`;
    const { run: result } = await analyzeText(full, ['--event suspend', '--event resume']);
    const [down, up] = result.events;
    expect(down).toMatchObject({
      errno: 28,
      messages: [
        'CPU 3 has 115 vectors, 85 available. Cannot disable CPU',
        'Error taking CPU3 down: -28',
        'Non-boot CPUs are not disabled',
      ],
    });
    expect(down.changed.cpus).toMatchObject({ online: [], offline: [] });
    expect(result.online.toString()).toBe('0-3');
    expect(brief(up)).toEqual(ok());
  });

  test('nothing else happens while the machine sleeps', async () => {
    expect(await refusal(FOUR, 'suspend', 'online=2')).toEqual({
      errno: 16,
      reason: 'the machine sleeps: only resume can happen',
      messages: [],
    });
  });
});

describe('SMT', () => {
  const THREADS = FOUR.replace('cores: 4', 'cores: 2, threads: 2');

  test('off takes the second threads down, on brings them back', async () => {
    const [off, refused, on] = await run(THREADS, 'smt=off', 'online=1', 'smt=on');
    expect(off.changed.cpus.offline).toEqual([1, 3]);
    expect(refused).toMatchObject({
      errno: 1,
      reason: 'CPU 1 is the second thread of a core, and SMT is off',
    });
    expect(on.changed.cpus.online).toEqual([1, 3]);
  });

  test('a machine without threads', async () => {
    expect(await refusal(FOUR, 'smt=off')).toMatchObject({ errno: 19 });
  });
});

describe('affinity', () => {
  test.each([
    ['6.1', 5],
    ['6.12', 1],
  ])('%s refuses for a managed interrupt with errno %i', async (kernel, errno) => {
    expect(await refusal(FOUR.replace('6.12', kernel), 'set-affinity=nvme0:2=0')).toEqual({
      errno,
      reason: 'the kernel manages this interrupt, the user cannot move it',
      messages: [],
    });
  });

  test('no online CPU', async () => {
    expect(await refusal(FOUR, 'offline=3', 'set-affinity=nvme0:v0=3')).toMatchObject({
      errno: 22,
      reason: 'no CPU of 3 is online',
    });
  });

  test('without remapping it waits for the interrupt', async () => {
    const [set, fired] = await run(FOUR, 'set-affinity=nvme0:v0=3', 'fire=nvme0:v0');
    expect(set.changes).toEqual(['nvme0 vector 0 goes to 3 with its next interrupt']);
    expect(fired.changes).toEqual([expect.stringMatching(/^nvme0 vector 0 moved from CPU \d to CPU 3$/)]);
    // The old vector is held until the interrupt has arrived at the new one.
    expect(fired.changed.vectors).toEqual({ before: 6, after: 7 });
  });

  test('with remapping it moves at once', async () => {
    const [set] = await run(`${FOUR}remapping: on\n`, 'set-affinity=nvme0:v0=3');
    expect(set.changes).toEqual([expect.stringMatching(/^nvme0 vector 0 moved from CPU \d to CPU 3$/)]);
    expect(set.changed.vectors).toEqual({ before: 6, after: 6 });
  });

  test('of something that does not exist', async () => {
    expect(await refusal(FOUR, 'set-affinity=nvme0:9=0')).toMatchObject({
      errno: 2,
      reason: 'nvme0 has no queue 9: the last is 3',
    });
    expect(await refusal(FOUR, 'fire=999')).toMatchObject({ errno: 2, reason: 'there is no irq 999' });
    expect(await refusal(`${FOUR}cmdline: nr_cpus=2\n`, 'set-affinity=nvme0:v0=3')).toMatchObject({
      errno: 34,
    });
  });

  test('an interrupt that is stopped is lost', async () => {
    expect(await refusal(FOUR, 'offline=3', 'fire=nvme0:3')).toEqual({
      errno: 0,
      reason: 'the interrupt is lost: it is not started',
      messages: [],
    });
  });
});

test('a queue that never ran differs from one that was shut down', async () => {
  const slot = FOUR.replace('cores: 4', 'cores: 4, present: 3');
  const { run: result } = await analyzeText(slot, ['--event offline=2']);
  const [device] = result.devices;
  expect(device.queues.map(({ stopped }) => stopped)).toEqual([
    undefined,
    undefined,
    'shut-down',
    'never-started',
  ]);
});

test('the timeline has the state of every queue after boot and what changed', async () => {
  const { run: result } = await analyzeText(FOUR, ['--event offline=3', '--event online=3']);
  expect(result.timeline?.devices).toEqual([
    { device: 'nvme0', boot: new Uint8Array([0, 0, 0, 0]), steps: [1, 3, 2, 2, 3, 0] },
  ]);
});

test('events are not looked for in a machine that panics', async () => {
  const { run: result } = await analyzeText('cpus: [{ apicId: 300 }]\n', ['--event suspend']);
  expect(result.events).toMatchObject([{ result: 'refused', reason: 'the kernel panics at boot' }]);
  expect(result.timeline).toBeNull();
});

test.each([
  ['ofline=1', '--event ofline=1: unknown event "ofline", did you mean "offline"?'],
  ['offline', '--event offline: expected offline=CPUS'],
  ['offline=9', '--event offline=9: events[0].offline: CPU 9 does not exist, the highest is 3'],
  ['plug=a', '--event plug=a: expected plug=APICID or plug=APICID@NODE'],
  ['suspend=now', '--event suspend=now: suspend takes no argument'],
  ['smt=maybe', '--event smt=maybe: expected smt=on or smt=off'],
  [
    'set-affinity=nvmee0:1=0',
    '--event set-affinity=nvmee0:1=0: unknown device "nvmee0", did you mean "nvme0"?',
  ],
  ['fire=x', '--event fire=x: expected fire=DEVICE:QUEUE, DEVICE:vVECTOR or an irq number'],
])('refuses --event %s', async (event, message) => {
  const error = await analyzeText(FOUR, [`--event ${event}`]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).format()).toBe(message);
});

test.each([
  ['{ suspend: off }', 'events[0].suspend: expected true, found "off"'],
  ['{ fire: { device: nvme0 } }', 'events[0].fire: expected irq, or device with one of queue and vector'],
  [
    '{ setAffinity: { irq: 24, cpu: 1 } }',
    'unknown key "cpu" in events[0].setAffinity, did you mean "cpus"?',
  ],
  ['{ smtt: off }', 'unknown key "smtt" in events[0], did you mean "smt"?'],
])('refuses events: [%s]', async (event, message) => {
  const error = await analyzeText(`${FOUR}events: [${event}]\n`).catch((thrown: unknown) => thrown);
  expect((error as InputError).format()).toContain(message);
});
