/** Small machines with what few machines have: what proofs must not forget. */
import fc from 'fast-check';
import { POLICIES } from '../../../src/linux/policy/index.ts';
import { KERNELS } from './small-machines.ts';

const ID_LISTS = [
  [0, 1, 2, 3],
  [0, 1, 2, 3, 4],
  [0, 1, 0x100, 0x101],
  [0, 1, 2, 0x100, 0x101],
  [0, 2, 7, 9, 0x102],
] as const;

const cpus = fc.constantFrom(...ID_LISTS).chain((ids) =>
  fc
    .array(fc.tuple(fc.constantFrom('online', 'online', 'online', 'offline', 'absent'), fc.nat({ max: 1 })), {
      minLength: ids.length,
      maxLength: ids.length,
    })
    .map((facts) =>
      ids.map((apicId, n) => ({
        apicId,
        node: n === 0 ? 0 : facts[n][1],
        state: n === 0 ? 'online' : facts[n][0],
      })),
    ),
);

const node = fc.option(fc.nat({ max: 1 }), { nil: undefined });
const remapped = fc.constantFrom(undefined, undefined, 'off');

const device = (name: string) =>
  fc.oneof(
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('nvme'),
      queues: fc.integer({ min: 1, max: 6 }),
      node,
      remapped,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('nvme'),
      vectors: fc.integer({ min: 1, max: 2 }),
      remapped,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('virtio-net'),
      queues: fc.integer({ min: 1, max: 4 }),
      remapped,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('virtio-blk'),
      queues: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constantFrom('virtio-scsi', 'hba'),
      queues: fc.integer({ min: 1, max: 4 }),
      node,
    }),
    fc.record({ name: fc.constant(name), driver: fc.constant('generic'), interrupts: fc.constant('line') }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      interrupts: fc.constant('msi'),
      managed: fc.boolean(),
      vectors: fc.constantFrom(1, 2, 4),
      remapped,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      managed: fc.boolean(),
      preVectors: fc.nat({ max: 1 }),
      queues: fc.integer({ min: 1, max: 4 }),
      postVectors: fc.nat({ max: 1 }),
      node,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      managed: fc.boolean(),
      vectors: fc.integer({ min: 60, max: 300 }),
    }),
  );

const PARAMETERS = [
  'isolcpus=1-2',
  'isolcpus=managed_irq,domain,1-2',
  'isolcpus=managed_irq,0-1',
  'nohz_full=2-3',
  'irqaffinity=1',
  'irqaffinity=2-3',
  'maxcpus=2',
  'maxcpus=3',
  'nosmt',
  'nosmt=force',
  'cpu0_hotplug',
  'nvme.write_queues=1',
  'nvme.poll_queues=1',
  'pci=nomsi',
  'nox2apic',
  'possible_cpus=3',
  'nr_cpus=3',
] as const;

const cmdline = fc.subarray([...PARAMETERS], { maxLength: 2 }).map((some) => some.join(' '));

const some = fc.constantFrom('0', '1', '2', '3', '0-1', '1-2', '2-3');
const irq = fc.integer({ min: 24, max: 34 });
const event = fc.oneof(
  fc.record({ setAffinity: fc.record({ irq, cpus: some }) }),
  fc.record({ fire: fc.record({ irq }) }),
  fc.record({ offline: fc.constantFrom(1, 2, 3) }),
  fc.record({ online: fc.constantFrom(1, 2, 3) }),
  fc.record({ plug: fc.record({ apicId: fc.constantFrom(1, 2, 3, 0x100, 0x101, 0x102) }) }),
  fc.record({ unplug: fc.constantFrom(2, 3) }),
  fc.constantFrom({ suspend: true }, { resume: true }, { smt: 'off' }, { smt: 'on' }),
  fc.record({ reprobe: fc.constantFrom('dev0', 'dev1') }),
);

const DOMAINS = [
  undefined,
  undefined,
  undefined,
  { 'pci-msi': { maxApicId: 1 } },
  { 'pci-msi': { unreachable: '1' } },
  { 'pci-msi': { reachable: '0,2' } },
  { ioapic: { maxApicId: 0 } },
] as const;

const REMAPPING = [
  'off',
  'off',
  'on',
  { enabled: true, eim: false },
  { enabled: true, vendor: 'amd', mixedXt: true },
] as const;

/** Descriptions; some are none, as what their features say does not go together. */
export const strangeMachines = fc.record({
  kernel: fc.constantFrom(...KERNELS),
  platform: fc.constantFrom('bare-metal', 'bare-metal', 'kvm', 'hyperv', 'vmware'),
  policy: fc.constantFrom(...POLICIES.map(({ name }) => name), 'mainline', 'mainline', 'mainline'),
  cpus,
  smt: fc.constantFrom(1, 1, 2),
  remapping: fc.constantFrom(...REMAPPING),
  extDestId: fc.constantFrom('off', 'off', 'on', { offered: true, honoured: false }),
  domains: fc.constantFrom(...DOMAINS),
  hpet: fc.constantFrom('on', 'on', { present: true, msi: true, channels: 8 }),
  cmdline,
  devices: fc
    .array(fc.nat(), { minLength: 1, maxLength: 3 })
    .chain((all) => fc.tuple(...all.map((_, n) => device(`dev${n}`)))),
  events: fc.oneof(fc.constant([]), fc.array(event, { minLength: 1, maxLength: 4 })),
});
