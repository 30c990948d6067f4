/** What events say of interrupts that stop, are lost, or have their requests taken by others: word for word. */
import { describe, expect, test } from 'vitest';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { runEvents } from '../../../src/linux/sim/events.ts';
import type { Run } from '../../../src/linux/sim/run.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import { readText } from '../../helpers.ts';

async function play(text: string, ...events: string[]): Promise<Run> {
  const { run } = simulate(
    await readText(
      `hpet: off\n${text}`,
      events.map((event) => `--event ${event}`),
    ),
  );
  return run;
}
const changes = async (text: string, ...events: string[]) =>
  (await play(text, ...events)).events.map((event) => event.changes);

/** CPUs 0 and 2 are reachable, 1 and 3 are not; each of two queues has one of either. */
const MIXED = (policy: string) => `kernel: "6.12"
policy: ${policy}
cpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]
devices: [{ name: nvme, driver: nvme, queues: 2 }]
`;
const THERE_AND_BACK = ['offline=2', 'offline=3', 'online=3', 'online=2'];

describe('a queue loses its last reachable CPU while another of its CPUs runs', () => {
  const admin = 'nvme vector 0 moved from CPU 2 to CPU 0';
  const stops = 'nvme queue 1 shut down: no online CPU of 2-3 can be addressed';
  const starts = 'nvme queue 1 started on CPU 2';

  test('P5: another queue serves it for as long as that CPU runs', async () => {
    const run = await play(MIXED('P5'), ...THERE_AND_BACK);
    expect(run.events.map((event) => event.changes)).toEqual([
      [admin, stops, 'nvme queue 1 is served by queue 0'],
      ['nvme queue 1 takes its own requests again'],
      ['nvme queue 1 is served by queue 0'],
      [starts, 'nvme queue 1 takes its own requests again'],
    ]);
    expect(run.events.map(({ changed }) => changed.redirected.map(({ to }) => to))).toEqual([
      [0],
      [null],
      [0],
      [null],
    ]);
    expect(run.events.flatMap(({ changed }) => changed.hanging)).toEqual([]);
  });

  test('P2: the I/O of that CPU hangs', async () => {
    const run = await play(MIXED('P2'), ...THERE_AND_BACK);
    expect(run.events.map((event) => event.changes)).toEqual([
      [admin, stops, 'I/O of CPU 3 to nvme queue 1 hangs'],
      ['I/O to nvme queue 1 no longer hangs'],
      ['I/O of CPU 3 to nvme queue 1 hangs'],
      [starts, 'I/O to nvme queue 1 no longer hangs'],
    ]);
    expect(run.hangs.map(({ from, until }) => [from, until])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

test('the I/O of several CPUs hangs', async () => {
  const out = `kernel: "6.12"
policy: P2
remapping: on
topology: { cores: 12 }
devices: [{ name: disk, driver: nvme, queues: 2, remapped: off }]
`;
  const [first] = await changes(out, 'offline=6-7');
  expect(first.slice(-2)).toEqual([
    'disk queue 1 shut down: no online CPU of 6-11 can be addressed',
    'I/O of CPUs 8-11 to disk queue 1 hangs',
  ]);
});

describe('lost', () => {
  test('where it is: lines of a Hyper-V guest have no other CPU', async () => {
    const stub = `kernel: "6.1"
platform: hyperv
cmdline: cpu0_hotplug
cpus: [{ apicId: 0 }, { apicId: "0x100-0x102" }]
devices: [{ name: uart, driver: generic, interrupts: line }]
`;
    const [gone] = (await play(stub, 'offline=0')).events;
    expect(gone.changes).toEqual([
      'irq 0 is lost: it stays on CPU 0, and nothing arrives there',
      'uart queue 0 is lost: it stays on CPU 0, and nothing arrives there',
    ]);
    expect(gone.messages).toEqual(['IRQ0: set affinity failed(-22).', 'IRQ24: set affinity failed(-22).']);
    expect(gone.changed.interrupts).toMatchObject([
      { kind: 'lost', irq: 0, device: null, queue: null, vector: null, from: 0, to: null },
      { kind: 'lost', irq: 24, device: 'uart', queue: 0, vector: 0, from: 0, to: null },
    ]);
  });

  test('where it goes: a limit that the description states and the kernel does not know', async () => {
    const beyond = `kernel: "6.12"
remapping: on
topology: { cores: 4 }
domains: { pci-msi: { reach: { unreachable: "3" } } }
devices: [{ name: nic, driver: generic, managed: off, vectors: 1 }]
`;
    const run = await play(beyond, 'set-affinity=nic:0=3');
    expect(run.events[0].changes).toEqual([
      'nic queue 0 is lost: it goes to CPU 3, which its messages cannot address',
    ]);
    expect(run.events[0].changed.interrupts).toMatchObject([{ kind: 'lost', to: 3 }]);
  });
});

test('timers and lines of nobody are named by their number', async () => {
  const guest = `kernel: "6.1"
platform: kvm
cmdline: cpu0_hotplug
topology: { cores: 4 }
timers: { arat: off }
hpet: { msi: on, channels: 8 }
`;
  const { run } = simulate(await readText(guest, ['--event offline=0', '--event online=0']));
  expect(run.events.map((event) => event.changes)).toEqual([
    ['irq 0 moved from CPU 0 to CPU 1', 'irq 24 (hpet3) shut down: CPU 0, whose timer it is, is offline'],
    ['irq 24 (hpet3) started on CPU 0'],
  ]);
});

test('past a number of changes only how many there are is said, over all events', async () => {
  const { stage } = bringToLife(
    await readText(
      'kernel: "6.12"\nhpet: off\ntopology: { cores: 4 }\ndevices: [{ name: nvme, driver: nvme, queues: 4 }]\n',
    ),
  );
  if (!stage) throw new Error('the kernel panics');
  const offline = (cpu: number): MachineEvent => ({ kind: 'offline', cpus: [cpu], path: [] });
  const online = (cpu: number): MachineEvent => ({ kind: 'online', cpus: [cpu], path: [] });
  const { events } = runEvents(stage.system, [offline(3), offline(1), online(3), online(1)], 3);
  expect(events.map((event) => [event.changed.interrupts.length, event.changed.unlisted])).toEqual([
    [1, 0],
    [2, 0],
    [0, 1],
    [0, 1],
  ]);
  expect(events[2].changes).toEqual(['1 more interrupt changed']);
});
