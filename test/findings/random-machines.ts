/** Random machines, with kernels, policies, devices and parameters that findings are about. */
import fc from 'fast-check';

const onOff = fc.boolean();
const PARAMETERS = [
  ...['nr_cpus=3', 'nosmp', 'nox2apic', 'intremap=off', 'nopv', 'noapic', 'irqaffinity=0'],
  ...['isolcpus=managed_irq,1-2', 'isolcpus=managed_irq,domain,0,3', 'isolcpus=1', 'nohz_full=2-3'],
];
const device = fc.oneof(
  fc.record({
    name: fc.constant('nvme'),
    driver: fc.constant('nvme'),
    queues: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    name: fc.constant('nic'),
    driver: fc.constant('generic'),
    managed: onOff,
    vectors: fc.constantFrom(1, 4, 130),
    count: fc.constantFrom(1, 2),
  }),
);
const cpus = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 7, 254, 255, 256, 257, 300], { minLength: 1 }),
    fc.array(fc.constantFrom('online', 'online', 'offline', 'absent'), { minLength: 10, maxLength: 10 }),
  )
  .map(([ids, states]) => ({
    cpus: ids.map((apicId, n) => ({ apicId, state: n === 0 ? 'online' : states[n] })),
  }));
const topology = fc
  .tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 2))
  .map(([sockets, cores, threads]) => ({ topology: { sockets, cores, threads } }));

/** Descriptions. */
export const machines = fc
  .record({
    kernel: fc.constantFrom('5.4.85', '5.10', '5.11', '6.1', '6.8', '6.12', '7.2'),
    platform: fc.constantFrom('bare-metal', 'kvm', 'hyperv', 'vmware', 'other', 'xen-hvm', 'bhyve', 'tcg'),
    cmdline: fc.subarray(PARAMETERS, { maxLength: 2 }).map((words) => words.join(' ')),
    policy: fc.constantFrom('mainline', 'mainline', 'P1', 'P2', 'P3', 'P4', 'redirect'),
    remapping: fc.record({ enabled: onOff, eim: onOff, vendor: fc.constantFrom('intel', 'amd') }),
    extDestId: onOff,
    devices: fc.uniqueArray(device, { maxLength: 2, selector: ({ name }) => name }),
  })
  .chain((rest) => fc.oneof(cpus, topology).map((which) => ({ ...rest, ...which })));

const few = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 });
const list = few.map((numbers) => numbers.join(','));
const event = fc.oneof(
  list.map((offline) => ({ offline })),
  list.map((online) => ({ online })),
  list.map((unplug) => ({ unplug })),
  fc.constantFrom(2, 9, 255, 260).map((apicId) => ({ plug: { apicId } })),
  onOff.map((smt) => ({ smt })),
);

/** Descriptions with a history. */
export const livedMachines = fc
  .tuple(machines, fc.array(event, { maxLength: 5 }))
  .map(([machine, events]) => ({ ...machine, events }));
