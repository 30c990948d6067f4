/** Small machines whose devices want about as many vectors as there are, so that the order of probing decides. */
import fc from 'fast-check';

const CPUS = [
  [{ apicId: '0-1' }],
  [{ apicId: 0 }, { apicId: '1-2', node: 1 }],
  [{ apicId: '0-1' }, { apicId: '2-3', node: 1 }],
  [{ apicId: '0-2' }, { apicId: 3, state: 'absent' }],
  [{ apicId: '0-1' }, { apicId: 2, state: 'offline' }, { apicId: 0x100 }],
] as const;

const node = fc.option(fc.nat({ max: 1 }), { nil: undefined });

const device = (name: string) =>
  fc.oneof(
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      managed: fc.constant(false),
      vectors: fc.integer({ min: 20, max: 420 }),
      node,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      managed: fc.constant(true),
      vectors: fc.integer({ min: 20, max: 400 }),
      preVectors: fc.constantFrom(0, 0, 3),
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('nvme'),
      queues: fc.integer({ min: 1, max: 6 }),
      node,
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('virtio-net'),
      queues: fc.integer({ min: 1, max: 60 }),
    }),
    fc.record({
      name: fc.constant(name),
      driver: fc.constant('generic'),
      interrupts: fc.constant('msi'),
      managed: fc.boolean(),
      vectors: fc.constantFrom(8, 32),
      node,
    }),
  );

/** Descriptions with three to five devices, of which some may be alike but for their names. */
export const crowdedMachines = fc.record({
  kernel: fc.constantFrom('5.10', '6.1', '6.12', '7.3'),
  platform: fc.constantFrom('bare-metal', 'kvm', 'hyperv'),
  policy: fc.constantFrom('mainline', 'mainline', 'exclude-unreachable', 'redirect', 'reachable-like-online'),
  cpus: fc.constantFrom(...CPUS),
  remapping: fc.constantFrom('off', 'on'),
  cmdline: fc.constantFrom('', '', 'irqaffinity=1', 'isolcpus=managed_irq,1', 'maxcpus=2'),
  devices: fc.array(device('dev'), { minLength: 2, maxLength: 4 }).map((all) => {
    const devices = all.map((one, n) => ({ ...one, name: `dev${n}` }));
    return [...devices, { ...devices[0], name: 'twin' }];
  }),
});
