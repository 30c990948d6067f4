/**
 * HPET channels as timers of CPUs: each has an interrupt of its own, set up before PCI devices are probed, and is
 * pinned to the CPU that took it. Mirrors hpet_late_init(), hpet_cpuhp_online() and hpet_cpuhp_dead() of
 * arch/x86/kernel/hpet.c; the order is that of the vector traces of real boots, 5.10 to 7.3.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { setAffinity } from '../engine/irq-affinity.ts';
import { allocMsi } from '../engine/irq-alloc.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { IrqLife } from '../engine/irq-life.ts';
import { fire, freeIrq, requestIrq } from '../engine/irq-manage.ts';
import { tick } from '../engine/vector.ts';
import { clockeventChannels } from '../model/hpet.ts';
import { domainIndex, usableBy } from './domain-use.ts';
import { shownAffinity } from './health.ts';
import { effectiveCpu, lossOf } from './loss.ts';
import type { HpetTimer } from './run.ts';
import { arrivalOf, type HpetChannel, type System } from './system.ts';

/** The channels that get interrupts, with numbers from `firstIrq`; undefined: none is looked for. */
export function selectChannels(
  { machine, enumeration, delivery }: Pick<System, 'machine' | 'enumeration' | 'delivery'>,
  firstIrq: number,
): HpetChannel[] | undefined {
  const channels = clockeventChannels(
    machine,
    enumeration.possible.weight(),
    () => delivery.mode === 'on' && delivery.hpet !== null,
  );
  return channels?.map((channel, index) => ({ channel, irq: firstIrq + index, cpu: null }));
}

/** hpet_assign_irq(). 0 or a negative errno. */
export function assignChannelIrq(life: IrqLife, irq: number): number {
  return allocMsi(life, irq, { node: -1, cpuTimer: true, domain: domainIndex('hpet-msi') });
}

/** Allocates all channels, then gives them to the CPUs that run; what moved has ticked before a driver is probed. */
export function hpetLateInit(system: System): void {
  const { life, machine, log } = system;
  const channels = selectChannels(system, system.nextIrq);
  if (!channels) return;
  system.hpet.push(...channels);
  system.nextIrq += channels.length;
  for (const { irq } of channels) assignChannelIrq(life, irq);
  log.push(`hpet: ${machine.hpet.channels} channels of ${channels.length} reserved for per-cpu timers`);
  for (let cpu = system.online.first(); cpu >= 0; cpu = system.online.next(cpu)) hpetCpuOnline(system, cpu);
  tick(life);
}

/** The policy lets messages go to this CPU; what the description alone says of the domain the kernel does not know. */
function mayTickOn(system: System, cpu: number): boolean {
  const { delivery, enumeration } = system;
  const { apicId } = enumeration.cpus[cpu];
  return (usableBy(system, 'hpet-msi')?.test(cpu) ?? true) && apicId !== null && apicId <= delivery.hpetMax;
}

/** The channel that a CPU takes when it comes online: the first that nobody has. Undefined: none for it. */
export function channelFor(system: System, cpu: number): HpetChannel | undefined {
  if (system.hpet.length === 0 || !mayTickOn(system, cpu)) return undefined;
  return system.hpet.find((channel) => channel.cpu === null);
}

/** The CPU came online: its channel is requested, wherever it starts, and then moved to the CPU at once. */
export function hpetCpuOnline(system: System, cpu: number): void {
  const { life, enumeration } = system;
  const channel = channelFor(system, cpu);
  if (!channel) return;
  channel.cpu = cpu;
  if (requestIrq(life, channel.irq) < 0) return;
  setAffinity(life, channel.irq, CpuMask.of(enumeration.nrCpuIds, [cpu]));
  fire(life, channel.irq, false);
}

/** The CPU is gone: its channel is free for the next that comes. */
export function hpetCpuDead({ hpet, life }: System, cpu: number): void {
  const channel = hpet.find((one) => one.cpu === cpu);
  if (!channel) return;
  freeIrq(life, channel.irq);
  channel.cpu = null;
}

/** The channels as the kernel would show them now. */
export function hpetTimers(system: System): HpetTimer[] {
  return system.hpet.map(({ channel, irq, cpu }) => {
    const d = system.life.irqs.get(irq);
    const ticks = cpu !== null && d !== undefined && hasFlags(d, IrqFlag.started);
    return { channel, irq, ...(ticks ? ticking(system, d, cpu) : IDLE) };
  });
}

const IDLE = { cpu: null, affinity: null, effective: null, vector: null } as const;

function ticking(system: System, d: IrqDesc, cpu: number): Omit<HpetTimer, 'channel' | 'irq'> {
  const lost = lossOf(d, arrivalOf(system, 'hpet-msi'));
  return {
    cpu,
    affinity: shownAffinity(d),
    effective: effectiveCpu(d),
    vector: d.vector === 0 ? null : d.vector,
    ...(lost === null ? {} : { lost }),
  };
}
