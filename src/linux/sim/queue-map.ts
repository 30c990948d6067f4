/**
 * The block layer's maps: which queue of each type takes the requests of each CPU. Made once, when the device is
 * set up. Mirrors blk_mq_clear_mq_map(), blk_mq_pci_map_queues() (blk_mq_map_hw_queues() since 6.14) and
 * blk_mq_map_queues() of block/blk-mq-cpumap.c.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { profileOf } from '../drivers/index.ts';
import { irqCreateAffinityMasks, maskOf } from '../engine/affinity.ts';
import { hasFlags, IrqFlag } from '../engine/irq-desc.ts';
import { irqOf } from './irq-numbers.ts';
import type { MapEntry, QueueMap } from './run.ts';
import type { ProbedDevice, System } from './system.ts';

/** A device before its maps are made. */
export type Unmapped = Omit<ProbedDevice, 'maps' | 'mapped'>;

const TYPES = ['default', 'read', 'poll'] as const;

/** The maps of a device that was just probed, and what they come to by queue; devices that are alike share them. */
export function mapsOf(system: System, device: Unmapped): Pick<ProbedDevice, 'maps' | 'mapped'> {
  const before = system.devices.at(-1);
  const maps = queueMaps(system, device, before?.maps ?? []);
  const alike =
    before !== undefined &&
    maps.length === before.maps.length &&
    maps.every(
      ({ entries, first }, n) => entries === before.maps[n].entries && first === before.maps[n].first,
    );
  return alike ? { maps, mapped: before.mapped } : { maps, mapped: mappedByQueue(maps) };
}

/** None where no driver of the block layer is behind it. `known`: maps of another device of this system. */
function queueMaps(system: System, device: Unmapped, known: readonly QueueMap[]): readonly QueueMap[] {
  const { spec, plan, queueVectors, granted } = device;
  const managed = profileOf(spec.driver).managed === true || spec.managed === true;
  if (!managed || granted === 0) return [];
  const had = queueVectors.filter((vector) => vector !== null).length;
  const types = plan.typesOf?.(had) ?? { default: had, read: 0, poll: 0 };
  let first = 0;
  const maps: QueueMap[] = [];
  for (const type of TYPES) {
    const queues = types[type];
    if (queues === 0) continue;
    const range = { type, first, queues };
    first += queues;
    const like = known.find((map) => map.type === type && map.first === range.first && map.queues === queues);
    const entries = type === 'poll' ? null : entriesOfMasks(system, device, range, like?.entries);
    maps.push({ ...range, entries: entries ?? entriesOfSoftware(system, range) });
  }
  return maps;
}

type Range = Pick<QueueMap, 'first' | 'queues'>;

/**
 * By the masks of the managed interrupts; null where some queue has none. `known`: the entries for such a range of
 * another device, which are the same if the masks are.
 */
function entriesOfMasks(
  { life, enumeration }: System,
  device: Unmapped,
  { first, queues }: Range,
  known: readonly MapEntry[] = [],
): readonly MapEntry[] | null {
  const maskAt = (n: number): CpuMask | null => {
    const vector = device.queueVectors[first + n];
    const d = vector === null ? undefined : life.irqs.get(irqOf(device, vector));
    return d !== undefined && hasFlags(d, IrqFlag.managed) ? d.affinity : null;
  };
  let same = 0;
  if (known.length >= queues) while (same < queues && known[same].cpus === maskAt(same)) same++;
  if (same === queues) return known;
  const masks: CpuMask[] = [];
  for (let n = 0; n < queues; n++) {
    const mask = maskAt(n);
    if (mask === null) return null;
    masks.push(mask);
  }
  const rest = enumeration.possible.clone();
  for (const mask of masks) rest.andNotWith(mask);
  const entries = masks.map((cpus, n) => ({ queue: first + n, cpus, fallback: false }));
  return rest.isEmpty() ? entries : [...entries, { queue: 0, cpus: rest, fallback: true }];
}

/** Dealt to all possible CPUs: polled queues, and queues that share an interrupt that nothing spreads. */
function entriesOfSoftware(system: System, { first, queues }: Range): readonly MapEntry[] {
  const key = `${first}/${queues}`;
  const known = system.dealtMaps.get(key);
  if (known) return known;
  const masks = system.machine.kernel.has('blk-mq-maps-by-groups')
    ? byGroups(system, queues)
    : inTurn(system, queues);
  const entries = masks.flatMap((cpus, index) =>
    cpus.isEmpty() ? [] : [{ queue: first + index, cpus, fallback: false }],
  );
  system.dealtMaps.set(key, entries);
  return entries;
}

/** group_cpus_evenly() over all possible CPUs, whatever the policy spreads interrupts over. */
function byGroups({ machine, spread, enumeration }: System, queues: number): CpuMask[] {
  const { possible, present } = enumeration;
  const cpus = { ...spread, possible, present };
  const result = irqCreateAffinityMasks(machine.kernel, cpus, queues, { pre: 0, post: 0 });
  if (result.kind !== 'masks') return [];
  const [from, to] = result.spread;
  return Array.from({ length: to - from }, (_, group) => maskOf(result, from + group));
}

/** Before 6.3: CPUs in turn, the present ones first; once every queue has one, threads go with their core's first. */
function inTurn({ enumeration, spread, coreOf }: System, queues: number): CpuMask[] {
  const { possible, present, nrCpuIds } = enumeration;
  const masks = Array.from({ length: queues }, () => new CpuMask(nrCpuIds));
  const queueOf = new Int32Array(nrCpuIds).fill(-1);
  let next = 0;
  const deal = (cpu: number): void => {
    queueOf[cpu] = next++ % queues;
  };
  present.forEach((cpu) => {
    if (next < queues) deal(cpu);
  });
  possible.forEach((cpu) => {
    if (queueOf[cpu] >= 0) return;
    const known = spread.siblings[cpu] >= 0 && coreOf[cpu] !== cpu ? queueOf[coreOf[cpu]] : -1;
    if (next < queues || known < 0) deal(cpu);
    else queueOf[cpu] = known;
  });
  queueOf.forEach((queue, cpu) => {
    if (queue >= 0) masks[queue].set(cpu);
  });
  return masks;
}

/** By queue, the CPUs that it takes requests of, over all types; undefined: none. */
export function mappedByQueue(maps: readonly QueueMap[]): readonly (CpuMask | undefined)[] {
  const mapped: (CpuMask | undefined)[] = [];
  for (const { entries } of maps) {
    for (const { queue, cpus } of entries) {
      const known = mapped[queue];
      mapped[queue] = known === undefined ? cpus : CpuMask.or(known, cpus);
    }
  }
  return mapped;
}
