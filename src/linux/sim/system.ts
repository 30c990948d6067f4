/** A booted machine in the model: the engine's state and what binds it to the description. */

import type { CpuMask } from '../../lib/cpumask.ts';
import type { DeviceDomain, UsedDomain } from '../../machine/interrupt-domains.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import type { DriverPlan } from '../drivers/driver.ts';
import type { AffinityDescriptor, AffinityResult } from '../engine/affinity.ts';
import { irqCreateAffinityMasks, maskOf } from '../engine/affinity.ts';
import type { IrqLife } from '../engine/irq-life.ts';
import type { SpreadCpus } from '../engine/spread-cpus.ts';
import type { Enumeration } from '../model/enumerate.ts';
import type { Housekeeping } from '../model/housekeeping.ts';
import type { CpuReach } from '../model/reach.ts';
import type { Policy } from '../policy/policy.ts';
import type { Delivery } from './delivery.ts';
import { reachOf, spreadIn } from './domain-use.ts';
import type { IrqNumbers, IrqPlaces } from './irq-numbers.ts';
import type { Arrival } from './loss.ts';
import type { MapEntry, QueueMap } from './run.ts';

/** Masks of one spread, shared by every device that asks for the same. */
export interface SharedMasks {
  readonly result: AffinityResult;
  /** Mask of a vector; made once. */
  readonly maskOf: (vector: number) => CpuMask;
}

/** A device after its driver was probed. */
export interface ProbedDevice extends IrqPlaces {
  readonly spec: DeviceSpec;
  readonly plan: DriverPlan;
  /** The interrupt domain that it hangs on. */
  readonly domain: DeviceDomain;
  /** Vectors it has; 0: the probe failed. */
  readonly granted: number;
  /** Queue → index of its vector, or null if none could be had for it. */
  readonly queueVectors: readonly (number | null)[];
  /** More queues than vectors: they share one. */
  readonly shared: boolean;
  readonly fallback: string | null;
  /** Positive errno of a vector allocation that failed on the way, else 0. */
  readonly errno: number;
  /** The CPU whose vectors were used up when a managed interrupt was refused, else null. */
  readonly fullCpu: number | null;
  /** Of drivers of the block layer: which queue takes the requests of each CPU. */
  readonly maps: readonly QueueMap[];
  /** By queue, the CPUs of all its maps; undefined: none. */
  readonly mapped: readonly (CpuMask | undefined)[];
}

/** A channel of the HPET that has an interrupt. */
export interface HpetChannel {
  readonly channel: number;
  readonly irq: number;
  /** The CPU that it is the timer of; null: nobody's. */
  cpu: number | null;
}

/** Changed by booting, probing and events. */
export interface System extends IrqNumbers {
  readonly machine: Machine;
  readonly enumeration: Enumeration;
  readonly delivery: Delivery;
  readonly policy: Policy;
  /** Which CPUs messages of a domain can address now, of those asked for: a plugged CPU may become known. */
  readonly reaches: Map<UsedDomain, CpuReach>;
  /** The only CPUs that a policy lets interrupts of a domain use, made at boot; a domain without one is not limited. */
  readonly domainMasks: ReadonlyMap<UsedDomain, CpuMask>;
  /** cpu_online_mask. The engine's own holds the CPUs that interrupts may use, which some policies narrow. */
  readonly online: CpuMask;
  readonly life: IrqLife;
  /** CPUs as spreading sees them now: siblings are known of CPUs that are up only. */
  spread: SpreadCpus;
  /** The same as a policy narrows it for a domain, of those asked for. */
  readonly spreadsIn: Map<UsedDomain, SpreadCpus>;
  /** CPUs that `isolcpus=` and `nohz_full=` left at boot. */
  readonly housekeeping: Housekeeping['masks'];
  /** CPU → lowest CPU of its core. */
  readonly coreOf: Int32Array;
  /** CPU → lowest CPU with which it shares an L2 cache. */
  readonly clusterOf: Int32Array;
  /** CPU → node, as the engine reads it; changes when a CPU is plugged. */
  readonly nodeOf: Int32Array;
  readonly spreads: Map<string, SharedMasks>;
  /** Maps of the block layer that no interrupt decides, by their range of queues; they hold as long as `spreads`. */
  readonly dealtMaps: Map<string, readonly MapEntry[]>;
  /** Ascending; empty until drivers are about to be probed. */
  readonly hpet: HpetChannel[];
  readonly devices: ProbedDevice[];
  /** CPUs that the kernel refused to bring up at boot. */
  readonly refused: number[];
  /** The kernel's log since the APIC mode was decided. */
  readonly log: string[];
}

/** The masks of `nvecs` vectors of a domain; devices of one shape share them, in time and in memory. */
export function spreadOnce(
  system: System,
  domain: DeviceDomain,
  nvecs: number,
  affd: AffinityDescriptor,
): SharedMasks {
  const { kernel } = system.machine;
  const spread = spreadIn(system, domain);
  const sets = affd.calcSets?.(Math.max(nvecs - affd.pre - affd.post, 0)).join('+') ?? '';
  // Devices share masks across domains where the policy makes no difference between these.
  const among = spread === system.spread ? '' : domain;
  const key = `${among}/${nvecs}/${affd.pre}/${affd.post}/${sets}`;
  const known = system.spreads.get(key);
  if (known) return known;
  const result = irqCreateAffinityMasks(kernel, spread, nvecs, affd);
  const masks: CpuMask[] = [];
  const shared: SharedMasks = {
    result,
    maskOf(vector) {
      if (result.kind !== 'masks') return spread.defaultAffinity;
      masks[vector] ??= maskOf(result, vector);
      return masks[vector];
    },
  };
  system.spreads.set(key, shared);
  return shared;
}

/** What was spread before no longer holds. */
export function forgetSpreads({ spreads, dealtMaps }: System): void {
  // Emptying makes a new table each time.
  if (spreads.size > 0) spreads.clear();
  if (dealtMaps.size > 0) dealtMaps.clear();
}

/** Notes a CPU as up or down in the sibling maps; spreads made before no longer hold. */
export function setSiblingsUp(system: System, cpu: number, up: boolean): void {
  const { siblings, clusters } = system.spread;
  siblings[cpu] = up ? system.coreOf[cpu] : -1;
  clusters[cpu] = up ? system.clusterOf[cpu] : -1;
  forgetSpreads(system);
}

/** Where interrupts of a domain can arrive now. */
export function arrivalOf(system: System, domain: UsedDomain): Arrival {
  const { life, online } = system;
  return { life, online, reach: reachOf(system, domain) };
}
