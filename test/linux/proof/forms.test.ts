/** Closed forms by value: the fewest CPUs that break a property, and the sets that may (docs/model/proofs.md). */
import { describe, expect, test } from 'vitest';
import { offlineCandidates } from '../../../src/linux/proof/offline-room.ts';
import { plugsOf } from '../../../src/linux/proof/plugs.ts';
import { propertyOf } from '../../../src/linux/proof/properties/index.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import type { PropertyName } from '../../../src/machine/property-names.ts';
import { stateOf, subject } from './stand-ins.ts';

const FOUR = 'topology: { cores: 4 }\n';
const SIX = 'topology: { cores: 6 }\n';
/** CPU 0 may go, where the kernel lets it. */
const FREE = `legacyIrqs: off\n${FOUR}cmdline: cpu0_hotplug `;
const NODES = 'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';
const LARGER = 'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-4", node: 1 }]\n';
/** CPUs 1 and 3 are unreachable. */
const MIXED = 'cpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]\n';
const SLOTS = 'platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]\n';
const APART = 'policy: P2\ncpus: [{ apicId: "0-2" }, { apicId: 0x100 }]\n';
const disk = (queues: number) => `devices: [{ name: disk, driver: nvme, queues: ${queues} }]\n`;
const nic = (vectors: number, more = '') =>
  `devices: [{ name: nic, driver: generic, managed: false, vectors: ${vectors}${more} }]\n`;
const NET = 'devices: [{ name: net, driver: virtio-net, queues: 2 }]\n';
const ON_NIC = (event: string) => `events: [{ ${event}: { device: nic, queue: 0, cpus: 3 } }]\n`;
const SLEEPS = 'events: [{ suspend: on }]\n';

function eventText(event: MachineEvent): string {
  if (event.kind === 'plug') return `plug ${event.apicId}`;
  return 'cpus' in event ? `${event.kind} ${event.cpus}` : event.kind;
}

async function form(name: PropertyName, amount: number, text: string, kernel: string): Promise<string> {
  const its = await subject(text, kernel);
  const { stage } = stateOf(its);
  const threat = { facts: its.facts, candidates: offlineCandidates(its.facts), plugs: plugsOf(stage) };
  const bound = propertyOf(name)?.bound?.(stateOf(its), threat, amount) ?? null;
  if (bound === null) return 'none';
  const tries = bound.tries.map((events) => events.map(eventText).join(', '));
  return [bound.fewest, ...tries].join(': ');
}

describe.each<[PropertyName, [number, string, string, string?][]]>([
  [
    'every-device-works',
    [
      [1, 'Infinity', `${FOUR}${disk(3)}`],
      [2, '2: offline 2, offline 3', `${FOUR}${disk(3)}`],
      [3, '1: offline 2', `${FOUR}${disk(3)}`],
      // It has three.
      [5, 'Infinity', `${FOUR}${disk(3)}`],
      // What is not managed stays.
      [3, 'Infinity', `${FOUR}${nic(3)}`],
      // The smallest masks go first; that of the boot CPU cannot.
      [2, '4: offline 2, offline 3, offline 4, offline 5', `${SIX}${disk(4)}`],
      [3, '2: offline 4, offline 5', `${SIX}${disk(4)}`],
      // Masks of reading and of writing overlap.
      [2, 'none', `${FOUR}cmdline: nvme.write_queues=2\n${disk(4)}`],
      [
        2,
        '2: offline 2, offline 3',
        `${FOUR}devices: [{ name: mix, driver: generic, managed: true, preVectors: 1, queues: 3 }]\n`,
      ],
    ],
  ],
  [
    'every-node-has-a-queue',
    [
      [1, 'Infinity', `${NODES}${disk(4)}`],
      [1, 'Infinity', `${NODES}${disk(2)}`],
      [1, 'Infinity', `${NODES}${nic(4)}`],
      [1, 'Infinity', `${LARGER}${disk(3)}`],
      [1, '0: ', `${NODES}${nic(2, ', node: 1')}`],
      [1, '1: offline 1', `${LARGER}${nic(4)}`],
      [1, 'none', `${NODES}${NET}`],
      [1, 'none', `${SLOTS}${disk(2)}`],
    ],
  ],
  [
    'no-interrupt-on-isolated',
    [
      [1, 'Infinity', `${FOUR}${disk(2)}`],
      // It cannot go to the isolated CPU.
      [1, 'Infinity', `${APART}cmdline: isolcpus=domain,3\n${disk(1)}`],
      [1, 'none', `${FOUR}cmdline: isolcpus=domain,3\n${disk(1)}`],
      [1, '1: offline 2', `${FOUR}cmdline: isolcpus=managed_irq,domain,3 irqaffinity=0-2\n${disk(2)}`],
      [1, '2: offline 0, offline 1', `${FREE}isolcpus=domain,3 irqaffinity=1\n${nic(1)}`, '6.1'],
      [1, 'none', `${SLOTS}cmdline: isolcpus=domain,1 irqaffinity=0\n${nic(1)}`],
      // The boot CPU stays.
      [1, 'Infinity', `${FOUR}cmdline: isolcpus=domain,3 irqaffinity=0-2\n${nic(1)}`],
      [1, 'none', `${FOUR}cmdline: isolcpus=domain,3\n${nic(2)}`],
      [1, 'none', `${FOUR}cmdline: isolcpus=domain,3 irqaffinity=1-2\n${nic(390)}`],
      [1, 'none', `${FOUR}cmdline: isolcpus=domain,3 irqaffinity=0-2\n${NET}`],
      [1, 'none', `${FOUR}cmdline: isolcpus=domain,3 irqaffinity=1-2\n${nic(2)}${ON_NIC('setAffinity')}`],
    ],
  ],
  [
    'no-io-hangs',
    [
      [1, 'Infinity', `${FOUR}${disk(2)}`],
      // Queues that are polled have no interrupt.
      [1, 'Infinity', `${FOUR}cmdline: nvme.poll_queues=2\n${disk(4)}`],
      [1, 'Infinity', `${FOUR}devices: [{ name: disk, driver: nvme, vectors: 1 }]\n`],
      [1, '1: offline 2', `policy: P2\n${MIXED}cmdline: nvme.poll_queues=1\n${disk(3)}`],
      [1, 'Infinity', `policy: redirect\n${MIXED}cmdline: nvme.poll_queues=1\n${disk(3)}`],
      [1, 'Infinity', `${FOUR}${nic(4)}`],
      [1, '1: offline 2', `policy: P2\n${MIXED}${disk(2)}`],
      [1, 'Infinity', `policy: redirect\n${MIXED}${disk(2)}`],
      [1, 'Infinity', `${SLOTS}${disk(4)}`],
      [1, 'Infinity', `policy: P2\n${SLOTS}${disk(3)}`],
      [1, 'Infinity', `${SLOTS}${disk(3)}`, '6.1'],
      [1, 'none', `policy: P2\n${SLOTS}${disk(3)}`, '6.1'],
      [1, 'none', `policy: P1\n${MIXED}${disk(2)}`],
    ],
  ],
  [
    'no-queue-stops',
    [
      [1, '1: offline 2: offline 3', `${FOUR}${disk(3)}`],
      [1, 'Infinity', `${FOUR}${nic(4)}`],
      // Queue 1 does not work as it is.
      [1, 'Infinity', `${FOUR}${disk(2)}events: [{ offline: "2-3" }]\n`],
      [1, 'none', `policy: P1\n${MIXED}${disk(2)}`],
    ],
  ],
  [
    'offline-accepted',
    [
      [1, 'Infinity', `${FOUR}${nic(4)}`],
      [1, 'Infinity', `${SLOTS}${nic(4)}`],
      [1, '2: offline 2, offline 1', `topology: { cores: 3 }\n${nic(390)}`],
      [1, 'none', `${FOUR}${SLEEPS}`],
    ],
  ],
  [
    'vectors-left',
    [
      [200, '3: offline 1, offline 2, offline 3', `${FOUR}${nic(4)}`],
      [300, '1: offline 1', `topology: { cores: 3 }\n${nic(300)}`],
      // So many are refused that fewer are never left.
      [100, 'Infinity', `topology: { cores: 3 }\n${nic(500)}`],
      [1, 'Infinity', `topology: { cores: 2 }\n${nic(250)}`],
      [100, 'none', `${FOUR}${SLEEPS}`],
    ],
  ],
])('%s', (name, rows) => {
  test.each(rows)('%i: %s, %s', async (amount, expected, text, kernel = '6.12') => {
    expect(await form(name, amount, text, kernel)).toBe(expected);
  });
});
