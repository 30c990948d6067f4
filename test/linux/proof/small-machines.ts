/** Random machines that are small enough for every set of their CPUs, in every order, to be tried. */
import fc from 'fast-check';
import { POLICIES } from '../../../src/linux/policy/index.ts';

/** Kernels on both sides of what the check before an offline counts, and of how moves are tried again. */
export const KERNELS = ['5.10.100', '5.10', '6.1', '6.6.1', '6.6.10', '6.8', '6.12', '7.0', '7.3'] as const;

const IDS = [1, 2, 3, 0xfd, 0x100, 0x101, 0x102] as const;

const cpus = (most: number) =>
  fc.uniqueArray(fc.constantFrom(...IDS), { minLength: 2, maxLength: most - 1 }).chain((ids) =>
    fc
      .array(
        fc.tuple(fc.constantFrom('online', 'online', 'online', 'absent', 'offline'), fc.nat({ max: 1 })),
        {
          minLength: ids.length,
          maxLength: ids.length,
        },
      )
      .map((states) => [
        { apicId: 0, node: 0 },
        ...ids.map((apicId, n) => ({ apicId, node: states[n][1], state: states[n][0] })),
      ]),
  );

const node = fc.option(fc.nat({ max: 1 }), { nil: undefined });

const device = (name: string) =>
  fc.oneof(
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('nvme'),
      queues: fc.integer({ min: 1, max: 8 }),
      node,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('virtio-blk'),
      queues: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('virtio-net'),
      queues: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      managed: fc.boolean(),
      vectors: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 60, max: 420 })),
      node,
    }),
  );

const list = fc.subarray([0, 1, 2, 3, 4], { minLength: 1, maxLength: 3 }).map((of) => of.join(','));

const cmdline = fc
  .record({
    isolated: fc.option(fc.tuple(fc.constantFrom('', 'managed_irq,domain,', 'managed_irq,'), list), {
      nil: null,
    }),
    irqaffinity: fc.option(list, { nil: null }),
    cpu0: fc.boolean(),
    write: fc.boolean(),
  })
  .map(({ isolated, irqaffinity, cpu0, write }) =>
    [
      ...(isolated ? [`isolcpus=${isolated[0]}${isolated[1]}`] : []),
      ...(irqaffinity ? [`irqaffinity=${irqaffinity}`] : []),
      ...(cpu0 ? ['cpu0_hotplug'] : []),
      ...(write ? ['nvme.write_queues=2'] : []),
    ].join(' '),
  );

const event = fc.oneof(
  fc.record({
    setAffinity: fc.record({
      irq: fc.integer({ min: 24, max: 34 }),
      cpus: fc.constantFrom(0, 1, 2, '0-1', '1-2'),
    }),
  }),
  fc.record({ fire: fc.record({ irq: fc.integer({ min: 24, max: 34 }) }) }),
  fc.record({ offline: fc.constantFrom(1, 2) }),
);

/** Descriptions with at most so many CPUs. */
export const smallMachines = (most = 6) =>
  fc.record({
    kernel: fc.constantFrom(...KERNELS),
    platform: fc.constantFrom('bare-metal', 'kvm', 'hyperv'),
    policy: fc.constantFrom(...POLICIES.map(({ name }) => name), 'mainline', 'mainline'),
    cpus: cpus(most),
    remapping: fc.constantFrom('off', 'off', 'on', { enabled: true, eim: false }),
    hpet: fc.constantFrom('on', 'on', { present: true, msi: true, channels: 8 }),
    cmdline,
    devices: fc
      .array(fc.nat(), { minLength: 1, maxLength: 3 })
      .chain((all) => fc.tuple(...all.map((_, n) => device(`dev${n}`)))),
    events: fc.oneof(fc.constant([]), fc.array(event, { maxLength: 3 })),
  });
