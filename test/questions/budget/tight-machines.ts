/** Small machines whose vectors are nearly used up, so that CPUs may or may not leave. */
import fc from 'fast-check';

const onOff = fc.boolean();
const PARAMETERS = [
  ...[
    'isolcpus=1',
    'isolcpus=0-1',
    'isolcpus=managed_irq,1-2',
    'isolcpus=managed_irq,domain,0',
    'cpu0_hotplug',
  ],
  ...['nohz_full=1-2', 'maxcpus=3', 'irqaffinity=1', 'nosmt'],
];
const device = fc.oneof(
  fc.record({
    name: fc.constantFrom('bulk', 'more'),
    driver: fc.constant('generic'),
    managed: onOff,
    vectors: fc.integer({ min: 1, max: 240 }),
    count: fc.constantFrom(1, 2, 3),
  }),
  fc.record({ name: fc.constant('nvme'), driver: fc.constant('nvme'), count: fc.constantFrom(1, 40, 120) }),
  fc.record({
    name: fc.constant('net'),
    driver: fc.constant('virtio-net'),
    queues: fc.constantFrom(1, 4),
    count: fc.constantFrom(1, 30),
  }),
);

/** Two to five CPUs. */
export const tightMachines = fc.record({
  kernel: fc.constantFrom('5.10', '6.1', '6.6.40', '6.12', '6.12', '7.0', '7.3'),
  platform: fc.constantFrom('kvm', 'bare-metal', 'hyperv'),
  cmdline: fc.subarray(PARAMETERS, { maxLength: 2 }).map((words) => words.join(' ')),
  policy: fc.constantFrom('mainline', 'mainline', 'P1', 'P2', 'P3', 'P5'),
  remapping: onOff.map((enabled) => ({ enabled, eim: enabled })),
  hpet: fc.constantFrom({ present: false }, { present: true, msi: true, channels: 6 }),
  timers: onOff.map((arat) => ({ arat })),
  cpus: fc
    .shuffledSubarray([1, 2, 3, 4, 256, 300], { minLength: 1, maxLength: 4 })
    .map((ids) => [0, ...ids].map((apicId, n) => ({ apicId, state: n === 3 ? 'absent' : 'online' }))),
  smt: fc.constantFrom(1, 1, 2),
  devices: fc.uniqueArray(device, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  events: fc.array(
    fc.oneof(
      fc.constant(1).map((offline) => ({ offline })),
      fc.constant(1).map((online) => ({ online })),
      fc.constant({ suspend: true }),
    ),
    { maxLength: 2 },
  ),
});
