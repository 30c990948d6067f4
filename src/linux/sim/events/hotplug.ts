/**
 * CPUs coming and going after boot: each step in the kernel's order, with its refusals. A list of CPUs
 * is taken in order, until one is refused.
 */

import { EBUSY, EEXIST, EINVAL, ENODEV, EPERM } from '../../../lib/errno.ts';
import type { Machine } from '../../../machine/machine.ts';
import { lapicCanUnplugCpu } from '../../engine/cpuhotplug.ts';
import { drainLog, isOnline } from '../../engine/irq-life.ts';
import { refuseBringUp } from '../../model/apic.ts';
import { isPrimaryThread, numberOf } from '../../model/enumeration.ts';
import { hotAdd, hotRemove } from '../../model/hotplug.ts';
import { bringOnline, judgeReach, takeOffline } from '../cpus.ts';
import { channelFor, hpetCpuDead, hpetCpuOnline } from '../hpet.ts';
import { applyHints } from '../probe.ts';
import { ACCEPTED, accepted, crashes, type Outcome, onlyPossible, refused, type Stage } from './stage.ts';
import { watchCpu, watchDevice, watchInterrupt, watchInterruptsFor, watchInterruptsOn } from './watch.ts';

function notPlugged({ system: { enumeration } }: Stage, cpu: number): Outcome {
  const why = cpu < enumeration.nrCpuIds ? `CPU ${cpu} is not plugged` : onlyPossible(enumeration);
  return refused(ENODEV, why);
}

/** A write of 1 to /sys/devices/system/cpu/cpuN/online. */
export function online(stage: Stage, cpu: number): Outcome {
  const { system } = stage;
  if (!system.enumeration.cpus[cpu]?.present) return notPlugged(stage, cpu);
  if (system.online.test(cpu)) return ACCEPTED;
  if (stage.smtOff && !isPrimaryThread(system.machine, system.enumeration.cpus[cpu]))
    return refused(EPERM, `CPU ${cpu} is the second thread of a core, and SMT is off`);
  return bringUp(stage, cpu);
}

/** _cpu_up(): of a CPU that is plugged and offline. */
export function bringUp(stage: Stage, cpu: number): Outcome {
  const { system } = stage;
  const slot = system.enumeration.cpus[cpu];
  const refusal = refuseBringUp(system.machine.kernel, slot, system.delivery);
  if (refusal) {
    const why = `its APIC ID ${slot.apicId} is above the limit ${system.delivery.limit}`;
    return refused(EINVAL, `CPU ${cpu} cannot come online: ${why}`, [refusal]);
  }
  watchCpu(stage, cpu);
  watchInterruptsFor(stage, cpu);
  const timer = system.life.irqs.get(channelFor(system, cpu)?.irq ?? -1);
  if (timer) watchInterrupt(stage, timer);
  bringOnline(system, cpu, stage.frozen !== null);
  hpetCpuOnline(system, cpu);
  renewHints(stage);
  return accepted(drainLog(system.life));
}

/** The boot CPU has an online file only with `cpu0_hotplug`, and in no kernel from 6.5 (arch_register_cpu). */
export function cpu0Hotpluggable({ kernel, cmdline }: Machine): boolean {
  return kernel.has('cpu0-hotplug') && cmdline.cpu0Hotplug;
}

/** The last CPU that isolcpus=domain leaves: cpu_down() refuses it, or the scheduler has no domain left. */
function lastHousekeeping(stage: Stage, cpu: number): Outcome | null {
  const { system } = stage;
  const kept = system.housekeeping.domain;
  if (!kept?.test(cpu) || kept.weightAnd(system.online) > 1) return null;
  if (system.machine.kernel.has('last-housekeeping-cpu-stays'))
    return refused(EBUSY, `CPU ${cpu} is the last online CPU that isolcpus= leaves to the scheduler`);
  const why = `CPU ${cpu} is the last online CPU that isolcpus= leaves to the scheduler`;
  return crashes(stage, why, ['general protection fault in partition_sched_domains']);
}

/** What is settled before interrupts are looked at; null: nothing. */
function settledBefore(stage: Stage, cpu: number): Outcome | null {
  const { system } = stage;
  if (!system.enumeration.cpus[cpu]?.present) return notPlugged(stage, cpu);
  if (cpu === 0 && !cpu0Hotpluggable(system.machine))
    return refused(EPERM, 'the boot CPU of an x86 machine cannot be taken offline');
  if (!system.online.test(cpu)) return ACCEPTED;
  // Of those that interrupts cannot use, too.
  if (system.online.weight() === 1) return refused(EBUSY, `CPU ${cpu} is the last online CPU`);
  return lastHousekeeping(stage, cpu);
}

/** The kernel would refuse {@link offline}, or crash. Changes nothing. */
export function refusesOffline(stage: Stage, cpu: number): boolean {
  const { crashed } = stage;
  const settled = settledBefore(stage, cpu);
  stage.crashed = crashed;
  if (settled) return settled.refused;
  const { life } = stage.system;
  if (!isOnline(life, cpu)) return false;
  const logged = life.log.length;
  const refused = lapicCanUnplugCpu(life, cpu) < 0;
  life.log.length = logged;
  return refused;
}

/** A write of 0 to /sys/devices/system/cpu/cpuN/online. */
export function offline(stage: Stage, cpu: number): Outcome {
  const { system } = stage;
  const settled = settledBefore(stage, cpu);
  if (settled) return settled;
  watchCpu(stage, cpu);
  watchInterruptsOn(stage, cpu);
  const result = takeOffline(system, cpu);
  if (result < 0) {
    const why = `the other CPUs have too few free vectors for those of CPU ${cpu}`;
    return refused(-result, why, drainLog(system.life));
  }
  renewHints(stage);
  hpetCpuDead(system, cpu);
  return accepted(drainLog(system.life));
}

/** Drivers that follow the CPUs set their hints again; while the machine sleeps they have let go. */
export function renewHints(stage: Stage): void {
  if (stage.frozen !== null) return;
  for (const device of stage.devices.hinted) {
    watchDevice(stage, device);
    applyHints(stage.system, device.plan, device);
  }
}

/** The CPU is taken offline, then ejected: its number and APIC ID stay known. */
export function unplug(stage: Stage, cpu: number): Outcome {
  const down = offline(stage, cpu);
  if (down.refused) return down;
  watchCpu(stage, cpu);
  hotRemove(stage.system.enumeration, cpu);
  return down;
}

/** Why acpi_processor_hotadd_init() refuses an APIC ID, in plain words. */
function whyNotAdded(errno: number, apicId: number): string {
  if (errno === EEXIST) return `a CPU with APIC ID ${apicId} is plugged already`;
  if (errno === ENODEV) return `the kernel did not see APIC ID ${apicId} when it booted`;
  return `the kernel has no CPU number left for APIC ID ${apicId}`;
}

/** A CPU is plugged in: it becomes present, not online. */
export function plug(stage: Stage, apicId: number, node: number | undefined): Outcome {
  const { system } = stage;
  const { enumeration, life, nodeOf } = system;
  // Older kernels learn the ID only now, and give it the next number.
  const next = enumeration.legacy.numbered;
  const unknown = enumeration.cpus[next]?.apicId === null ? next : -1;
  if (unknown >= 0) watchCpu(stage, unknown);
  const absent = numberOf(enumeration, apicId);
  if (absent >= 0) watchCpu(stage, absent);
  const { cpu, errno, messages } = hotAdd(enumeration, system.machine, apicId, node);
  if (cpu === null) return refused(-errno, whyNotAdded(-errno, apicId), messages);
  const slot = enumeration.cpus[cpu];
  if (cpu === unknown || slot.mayBeRejected) judgeReach(system);
  if (slot.node >= 0 && slot.node < life.nodeOnline.length) nodeOf[cpu] = slot.node;
  return accepted(messages);
}

/** CPUs of one event in order, until one is refused. */
export function inOrder(cpus: readonly number[], act: (cpu: number) => Outcome): Outcome {
  const messages: string[] = [];
  for (const cpu of cpus) {
    const outcome = act(cpu);
    messages.push(...outcome.messages);
    if (outcome.refused) return { ...outcome, messages };
  }
  return accepted(messages);
}
