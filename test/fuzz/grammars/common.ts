/** Words that many grammars have: counts, names, lists of CPUs. */
import type { Grammar } from '../grammar.ts';
import type { Random } from '../random.ts';

const SMALL = ['1', '2', '2', '3', '4', '4', '6', '8', '8', '12', '16'];

/** Comments for irqsim, right and wrong. */
export const IGNORE: readonly string[] = [
  'apic-id-above-limit',
  'queue-never-starts',
  'sparse-apic-ids',
  'input-not-understood',
  'physical-flat-used',
].flatMap((rule) => [
  `irqsim: ignore ${rule} -- known`,
  `irqsim: ignore ${rule}: known until 2031-03-31`,
  `irqsim: ignore ${rule}, managed-vectors-wasted -- known`,
]);

export const COMMON: Grammar = {
  n: SMALL,
  cpus: [
    ...SMALL,
    ...SMALL,
    ...SMALL,
    '24',
    '32',
    '48',
    '64',
    '128',
    '240',
    '255',
    '256',
    '257',
    '288',
    '300',
  ],
  queues: [...SMALL, ...SMALL, ...SMALL, ...SMALL, '32', '64', '128', '1024'],
  bool: ['true', 'false'],
  onoff: ['on', 'off'],
  name: ['a', 'web', 'db-1', 'nvme0', 'guest_2', 'größe', 'x1', 'vm-with-a-long-name'],
  id: ['0', '1', '2', '3', '4', '5', '7', '9', '254', '255', '256', '300'],
  list: ['0', '1', '2', '0-1', '1-3', '0,2', '2-3,5', '4-7', '1,3,5', '0-7'],
  mac: ['52:54:00:12:34:56'],
  path: ['/a/b.img', 'disk.qcow2', '/dev/vda', './x y.raw'],
  size: ['512', '1024', '4096', '1G', '512M'],
};

/** Counts of a topology whose product is the number of CPUs. */
export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  readonly cpus: number;
}

export function topologyOf(random: Random): Topology {
  // What a large machine has, it has on most of its CPUs: one in many is enough.
  const sockets = random.oneIn(128) ? 60 : random.pick([1, 1, 2, 2, 4, 3]);
  const cores = random.pick([1, 2, 2, 4, 4, 5, 3]);
  const threads = random.pick([1, 1, 1, 2]);
  return { sockets, cores, threads, cpus: sockets * cores * threads };
}
