/** What is left of a machine whose kernel panics before it has an interrupt. */
import { expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

/** Firmware left x2APIC on, and the boot CPU's ID does not fit into an xAPIC. */
const PANICS = `kernel: "6.12"
hpet: off
cpus: [{ apicId: 300 }]
devices: [{ name: disk, driver: nvme }]
events: [{ suspend: on }]
`;

test('nothing is online, no device was probed, no event happens', async () => {
  const { run } = simulate(await readText(PANICS));
  expect(run).toEqual({
    online: new CpuMask(1),
    usable: new CpuMask(1),
    present: CpuMask.full(1),
    refused: [],
    hpet: [],
    devices: [
      {
        name: 'disk',
        driver: 'nvme',
        path: ['devices', 0],
        domain: 'pci-msi',
        vectorsAsked: 0,
        vectorsGranted: 0,
        health: 'dead',
        fallback: 'never probed: the kernel panics at boot',
        errno: 0,
        fullCpu: null,
        queues: [],
        maps: [],
        interrupts: [],
        tally: {
          healths: { healthy: 0, idle: 0, 'at-risk': 0, degraded: 0, dead: 0 },
          states: { started: 0, shutdown: 0, 'not-allocated': 0 },
          lost: 0,
        },
      },
    ],
    events: [
      {
        event: { kind: 'suspend', path: ['events', 0] },
        result: 'refused',
        errno: 0,
        reason: 'the kernel panics at boot',
        messages: [],
        changes: [],
        changed: {
          interrupts: [],
          unlisted: 0,
          redirected: [],
          hanging: [],
          cpus: { online: [], offline: [], present: [], absent: [], reachable: [], unreachable: [] },
          vectors: { before: 0, after: 0 },
        },
      },
    ],
    timeline: null,
    hangs: [],
    vectors: {
      globalAvailable: 0,
      globalReserved: 0,
      totalAllocated: 0,
      perCpuCapacity: 201,
      perCpu: [{ cpu: 0, available: 0, allocated: 0, managed: 0, managedAllocated: 0 }],
    },
    messages: [
      'x2apic: enabled by BIOS, switching to x2apic ops',
      'APIC: Switched APIC routing to: cluster x2apic',
      'CPU topo: Allowing 1 present CPUs plus 0 hotplug CPUs',
      "x2apic: IRQ remapping doesn't support X2APIC mode",
      'Cannot disable x2apic, id: 0000012c',
    ],
  });
});
