/** What happens to one interrupt: the user writes its affinity, the device raises it. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { EINVAL, ENOENT, ERANGE } from '../../../lib/errno.ts';
import { USED_DOMAINS } from '../../../machine/interrupt-domains.ts';
import type { InterruptName } from '../../../machine/machine.ts';
import { setAffinityUser } from '../../engine/irq-affinity.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../../engine/irq-desc.ts';
import { drainLog, usableMask } from '../../engine/irq-life.ts';
import { fire } from '../../engine/irq-manage.ts';
import { irqOf } from '../irq-numbers.ts';
import { accepted, type Outcome, onlyPossible, placeOf, refused, type Stage } from './stage.ts';
import { watchInterrupt } from './watch.ts';

/** "nvme0 queue 3", "nvme0 vector 0", "irq 24 (hpet3)" or "irq 4". */
export function interruptText(stage: Stage, irq: number): string {
  const place = placeOf(stage, irq);
  if (!place) {
    const timer = stage.system.hpet.find((one) => one.irq === irq);
    return timer ? `irq ${irq} (hpet${timer.channel})` : `irq ${irq}`;
  }
  const { device, queues, vector } = place;
  return queues.length === 1
    ? `${device.spec.name} queue ${queues[0]}`
    : `${device.spec.name} vector ${vector}`;
}

/** The interrupt of that name, or why there is none. */
function find(stage: Stage, name: InterruptName): IrqDesc | string {
  const { life } = stage.system;
  if ('irq' in name) return life.irqs.get(name.irq) ?? `there is no irq ${name.irq}`;
  const device = stage.devices.byName.get(name.device)?.device;
  const behind = device?.spec.behind ?? null;
  if (behind !== null) return `${name.device} has no vector of its own: it is behind ${behind}`;
  if (!device || device.granted === 0) return `${name.device} has no interrupt`;
  if ('queue' in name) {
    const { queueVectors } = device;
    const vector = queueVectors[name.queue];
    if (vector === undefined)
      return `${name.device} has no queue ${name.queue}: ${lastOf(queueVectors.length)}`;
    if (vector === null) return `queue ${name.queue} of ${name.device} got no vector`;
    return life.irqs.get(irqOf(device, vector)) ?? `${name.device} has no vector ${vector}`;
  }
  const d = name.vector < device.granted ? life.irqs.get(irqOf(device, name.vector)) : undefined;
  return d ?? `${name.device} has no vector ${name.vector}: ${lastOf(device.granted)}`;
}

/** Nobody can move interrupts of devices behind VMD. */
function isBehind(stage: Stage, name: InterruptName): boolean {
  const device = 'device' in name ? stage.devices.byName.get(name.device)?.device : undefined;
  return (device?.spec.behind ?? null) !== null;
}

function lastOf(count: number): string {
  return count === 0 ? 'it has none' : `the last is ${count - 1}`;
}

/** What a timer's interrupt is. */
const timerOf = (d: IrqDesc): string =>
  hasFlags(d, IrqFlag.cpuTimer) ? 'the timer of one CPU' : "the machine's timer (IRQF_NOBALANCING)";

/** Why write_irq_affinity() refuses. */
function whyNotMoved({ system: { life } }: Stage, d: IrqDesc, mask: CpuMask): string {
  if (hasFlags(d, IrqFlag.managed)) return 'the kernel manages this interrupt, the user cannot move it';
  if (hasFlags(d, IrqFlag.noBalancing)) return `it is ${timerOf(d)}, the user cannot move it`;
  if (!mask.intersects(life.online.bits)) return `no CPU of ${mask} is online`;
  return `Hyper-V's stub sends line interrupts to CPUs ${life.config.lineMask} only`;
}

/**
 * What a policy that brings unreachable CPUs online says of a mask before the kernel's own rules: one limits
 * the mask of the domain; the others take a mask of unreachable CPUs, and the interrupt stays where it is.
 */
function ruledByPolicy({ system }: Stage, d: IrqDesc, mask: CpuMask): Outcome | null {
  const { policy, online, life, domainMasks } = system;
  const isFixed = (d.flags & (IrqFlag.managed | IrqFlag.noBalancing)) !== 0;
  if (!policy.onlinesUnreachable || isFixed || !mask.intersects(online)) return null;
  const only = domainMasks.get(USED_DOMAINS[d.domain]);
  if (only !== undefined && !CpuMask.and(mask, online).isSubsetOf(only)) {
    return refused(EINVAL, `the policy ${policy.name} takes CPUs ${only} only`);
  }
  if (mask.intersects(usableMask(life, d))) return null;
  return accepted([], [`irq ${d.irq} stays on CPU ${d.effectiveCpu}: no CPU of ${mask} can be addressed`]);
}

/**
 * The user writes /proc/irq/N/smp_affinity_list. Without interrupt remapping the interrupt moves only when it
 * next arrives.
 */
export function setAffinity(stage: Stage, name: InterruptName, cpus: readonly number[]): Outcome {
  const { life, enumeration } = stage.system;
  const d = find(stage, name);
  if (typeof d === 'string') return refused(isBehind(stage, name) ? EINVAL : ENOENT, d);
  const beyond = cpus.find((cpu) => cpu >= enumeration.nrCpuIds);
  if (beyond !== undefined) {
    return refused(ERANGE, onlyPossible(enumeration));
  }
  const mask = CpuMask.of(enumeration.nrCpuIds, cpus);
  const ruled = ruledByPolicy(stage, d, mask);
  if (ruled) return ruled;
  watchInterrupt(stage, d);
  const result = setAffinityUser(life, d.irq, mask);
  if (result < 0) return refused(-result, whyNotMoved(stage, d, mask), drainLog(life));
  const notes = hasFlags(d, IrqFlag.affinityPending)
    ? [`${interruptText(stage, d.irq)} goes to ${mask} with its next interrupt`]
    : [];
  return accepted(drainLog(life), notes);
}

/** The device raises the interrupt: a change that waited for it is made. */
export function raise(stage: Stage, name: InterruptName): Outcome {
  const { life } = stage.system;
  const d = find(stage, name);
  if (typeof d === 'string') return refused(ENOENT, d);
  watchInterrupt(stage, d);
  if (fire(life, d.irq, false) === 0) return accepted(drainLog(life));
  const why = hasFlags(d, IrqFlag.started) ? 'no CPU takes its vector' : 'it is not started';
  return refused(0, `the interrupt is lost: ${why}`, drainLog(life));
}
