/** When no interrupt is left behind on a CPU that goes (docs/model/proofs.md#queues-that-stop). */
import { hasFlags, IrqFlag } from '../engine/irq-desc.ts';
import { reachOf } from '../sim/domain-use.ts';
import { cpu0Hotpluggable } from '../sim/events/hotplug.ts';
import type { Stage } from '../sim/events/stage.ts';
import { irqOf } from '../sim/irq-numbers.ts';
import { effectiveCpu } from '../sim/loss.ts';
import type { System } from '../sim/system.ts';
import type { Plug } from './plugs.ts';

/**
 * Every interrupt of a device finds a vector on some CPU that it can reach whenever its own goes, if it is not managed
 * or has a CPU of its mask left. `plugs`: CPUs that may come.
 */
export function leavesNoneBehind({ system, devices }: Stage, plugs: readonly Plug[]): boolean {
  const { life, policy, online } = system;
  const { bits } = life.online;
  if (system.devices.some(({ domain }) => !bits.isSubsetOf(reachOf(system, domain).reachable))) return false;
  const leadsAstray = ({ comesOnline, reachable }: Plug) => comesOnline && !reachable;
  if (plugs.length > 0 && (Object.keys(system.machine.domains).length > 0 || hangElsewhere(system)))
    return false;
  if (!policy.onlinesUnreachable && plugs.some(leadsAstray)) return false;
  // The check before an offline counts what no interrupt can use.
  if (policy.countsUnusableVectors && (plugs.length > 0 || online.weight() > bits.weight())) return false;
  // Interrupts of one domain cannot use every CPU that the check counts.
  const narrows = plugs.length > 0 || life.domains.some(({ usable }) => usable !== null);
  if (policy.onlinesUnreachable && narrows && !isRoomy(system)) return false;
  if (life.config.lineMask && hasLines(system)) return false;
  if (life.config.kernel.has('migrate-retries-any-online') || isRoomy(system)) return true;
  // The check counts vectors of CPUs that come, which are in no mask that was made before.
  return plugs.length === 0 && devices.hinted.length === 0 && mayGoAnywhere(system);
}

/** A device hangs on another interrupt domain than what plugged CPUs are judged by. */
const hangElsewhere = ({ devices }: System): boolean => devices.some(({ domain }) => domain !== 'pci-msi');

function hasLines({ life, devices }: System): boolean {
  return devices.some((device) => {
    for (let vector = 0; vector < device.granted; vector++) {
      const d = life.irqs.get(irqOf(device, vector));
      if (d && hasFlags(d, IrqFlag.line)) return true;
    }
    return false;
  });
}

/** Any CPU has room for all interrupts that are not managed, of all CPUs. */
export function isRoomy({ life: { matrix, online, irqs } }: System): boolean {
  let least = Number.POSITIVE_INFINITY;
  online.bits.forEach((cpu) => {
    const others = matrix.allocated[cpu] - matrix.managedAllocated[cpu];
    least = Math.min(least, matrix.available[cpu] + others);
  });
  let owners = 0;
  for (const d of irqs.values()) {
    // A move that is not over has a second vector.
    if (!hasFlags(d, IrqFlag.managed)) owners += (d.vector === 0 ? 0 : 1) + (d.prevVector === 0 ? 0 : 1);
  }
  return owners <= least;
}

/**
 * The masks of interrupts that are not managed hold every CPU that they could go to. What is on a boot CPU that never
 * goes stays there, such as the timer of machines with a PIC.
 */
function mayGoAnywhere({ machine, life: { irqs, online } }: System): boolean {
  const bootCpuStays = !cpu0Hotpluggable(machine);
  for (const d of irqs.values()) {
    if (!hasFlags(d, IrqFlag.started) || hasFlags(d, IrqFlag.managed)) continue;
    if (hasFlags(d, IrqFlag.affinityPending)) return false;
    const stays = bootCpuStays && effectiveCpu(d) === 0;
    if (!stays && !online.bits.isSubsetOf(d.affinity)) return false;
  }
  return true;
}
