/** Whose interrupts events are about, and how queues fare from one event to the next. */
import { describe, expect, test } from 'vitest';
import { QUEUE_STATES, type Run } from '../../../src/linux/sim/run.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

async function play(text: string, ...events: string[]): Promise<Run> {
  const set = events.map((event) => `--event ${event}`);
  return simulate(await readText(text, set)).run;
}

describe('whose an interrupt is', () => {
  test('numbers that were given back, and a device that is set up with them: events know each by its name', async () => {
    const three = `kernel: "6.12"
hpet: off
topology: { cores: 6 }
devices:
  - { name: hba0, driver: megaraid_sas }
  - { name: between, driver: generic, managed: false, vectors: 2 }
  - { name: moved, driver: generic, managed: false, vectors: 1 }
`;
    const run = await play(
      three,
      'offline=5',
      'reprobe=hba0',
      'reprobe=moved',
      'set-affinity=between:0=1',
      'set-affinity=between:1=1',
      'set-affinity=moved:0=1',
    );
    const [hba, between, moved] = run.devices.map(({ queues, interrupts }) =>
      [...queues, ...interrupts].map(({ irq }) => irq ?? -1),
    );
    expect(Math.max(...hba)).toBeLessThan(moved[0]);
    expect(moved[0]).toBeLessThan(between[0]);
    expect(run.events.slice(3).map((event) => event.changes)).toEqual([
      ['between queue 0 goes to 1 with its next interrupt'],
      ['between queue 1 goes to 1 with its next interrupt'],
      ['moved queue 0 goes to 1 with its next interrupt'],
    ]);
  });

  test('a device without a vector of its own has none of the lines of the machine', async () => {
    const behind = `kernel: "6.1"
hpet: off
cmdline: cpu0_hotplug
topology: { cores: 4 }
devices: [{ name: vmd, driver: generic, vectors: 4 }, { name: disk, driver: nvme, behind: vmd }]
`;
    expect((await play(behind, 'offline=0')).events[0].changes).toContain('irq 0 moved from CPU 0 to CPU 1');
  });
});

describe('the timeline', () => {
  const steps = async (text: string, ...events: string[]) => {
    const { timeline } = await play(text, ...events);
    return timeline?.devices.map(({ boot, steps: list }) => {
      const changes: string[] = [];
      for (let n = 0; n < list.length; n += 3)
        changes.push(`${list[n]}: ${list[n + 1]} ${QUEUE_STATES[list[n + 2]]}`);
      return [[...boot].map((code) => QUEUE_STATES[code]).join(), ...changes];
    });
  };

  test.each([
    ['P2', ['1: 1 dead', '2: 1 waiting', '3: 1 dead', '4: 1 degraded']],
    ['P5', ['2: 1 waiting', '3: 1 degraded']],
  ])('%s: a queue whose last reachable CPU goes while another runs', async (policy, changes) => {
    const mixed = `kernel: "6.12"
hpet: off
policy: ${policy}
cpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]
devices: [{ name: nvme, driver: nvme, queues: 2 }]
`;
    expect(await steps(mixed, 'offline=2', 'offline=3', 'online=3', 'online=2')).toEqual([
      ['degraded,degraded', ...changes],
    ]);
  });

  test('P5: a suspend that is given up leaves the queue that another serves as it was', async () => {
    const crowded = `kernel: "5.19"
hpet: off
policy: P5
cpus: [{ apicId: "0-2" }, { apicId: 0x100 }]
devices:
  - { name: nvme, driver: nvme, queues: 4 }
  - { name: nic, driver: generic, managed: false, vectors: 390 }
`;
    const run = await play(crowded, 'suspend');
    expect(run.events[0]).toMatchObject({ result: 'refused', errno: 28 });
    expect(run.devices[0].queues[3]).toMatchObject({
      state: 'shutdown',
      health: 'degraded',
      redirectedTo: 0,
    });
    expect(run.events[0].changed.redirected).toEqual([]);
    expect((await steps(crowded, 'suspend'))?.[0]).toEqual(['started,started,started,degraded']);
  });

  test.each([0, 1])('CPUs out of reach of one of two devices come and go', async (place) => {
    const devices = ['{ name: in, driver: nvme, queues: 1 }'];
    devices.splice(place, 0, '{ name: out, driver: nvme, queues: 2, remapped: off }');
    const text = `kernel: "6.12"
hpet: off
remapping: on
topology: { cores: 12 }
devices: [${devices.join(', ')}]
`;
    // Without the IOMMU APIC IDs 0 to 7 are reached: the second queue begins on CPU 11, where nothing arrives.
    const rows = await steps(text, 'offline=8-11', 'offline=2', 'online=9');
    expect(rows?.[place]).toEqual(['started,dead', '1: 1 started', '3: 1 degraded']);
    expect(rows?.[1 - place]).toEqual(['started']);
  });

  test('a plugged CPU turns out to be unreachable: the queue that waits for it never starts', async () => {
    const guest = `kernel: "6.1"
platform: kvm
hpet: off
cpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`;
    expect(await steps(guest, 'plug=300')).toEqual([['started,started,waiting,waiting', '1: 2 dead']]);
    expect(await steps(guest, 'plug=2', 'online=2')).toEqual([
      ['started,started,waiting,waiting', '2: 2 started'],
    ]);
  });

  test('a device set up again with fewer queues, and with more', async () => {
    const hba = `kernel: "6.12"
hpet: off
topology: { cores: 3 }
devices: [{ name: hba0, driver: megaraid_sas }]
`;
    expect(await steps(hba, 'offline=2', 'reprobe=hba0', 'online=2', 'reprobe=hba0')).toEqual([
      [
        'started,started,started',
        '1: 2 waiting',
        '2: 2 not-allocated',
        '2: 1 waiting',
        '3: 1 started',
        '4: 2 started',
      ],
    ]);
    expect(await steps(`${hba}events: [{ offline: 2 }]\n`, 'reprobe=hba0')).toEqual([
      ['started,started,started', '1: 2 waiting', '2: 2 not-allocated', '2: 1 waiting'],
    ]);
  });
});
