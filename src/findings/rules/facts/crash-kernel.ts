/** The crash kernel, booted in the model on the CPU where a crash would be worst. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { ApicDecision } from '../../../linux/model/apic.ts';
import { earlyBoot } from '../../../linux/model/early-boot.ts';
import { domainReach } from '../../../linux/model/irqdomain.ts';
import type { DomainReach } from '../../../linux/model/reach.ts';
import type { Run } from '../../../linux/sim/run.ts';
import { simulate } from '../../../linux/sim/simulate.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Machine } from '../../../machine/machine.ts';
import { varied } from '../../../machine/vary.ts';

export interface CrashKernel {
  /** Online CPU with the highest APIC ID: the crash kernel's boot CPU in this thought. */
  readonly cpu: number;
  readonly apicId: number;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
}

interface CrashMachine {
  readonly cpu: number;
  readonly apicId: number;
  /** The same machine as the crash kernel finds it: its command line, its boot CPU, the APIC mode left to it. */
  readonly machine: Machine;
}

/**
 * A crash kernel starts on the CPU that crashed, in the APIC mode that the first kernel left. Null if none
 * is loaded, or the first kernel does not boot either.
 */
function crashMachine({ machine, enumeration, apic, run }: Simulation): CrashMachine | null {
  const { kdump } = machine;
  if (!kdump || apic.fatal) return null;
  let worst = enumeration.cpus[0];
  for (const slot of enumeration.cpus) {
    const listed = slot.firmwareIndex !== null && machine.cpus[slot.firmwareIndex].state !== 'absent';
    if (listed && run.online.test(slot.cpu) && (slot.apicId ?? 0) > (worst.apicId ?? 0)) worst = slot;
  }
  if (worst.firmwareIndex === null || worst.apicId === null) return null;
  const second = varied(machine, {
    cmdline: kdump,
    kdump: null,
    events: [],
    bootIndex: worst.firmwareIndex,
    x2apic: { ...machine.x2apic, firmware: apic.mode.startsWith('x2apic') },
  });
  return { cpu: worst.cpu, apicId: worst.apicId, machine: second };
}

/** How far the crash kernel's interrupts reach; null as for {@link crashRun}. */
export function crashKernel(facts: Simulation): CrashKernel | null {
  const crash = crashMachine(facts);
  if (!crash) return null;
  const booted = earlyBoot(crash.machine);
  const domains = domainReach(crash.machine, booted.enumeration, booted.apic);
  return { cpu: crash.cpu, apicId: crash.apicId, apic: booted.apic, domains };
}

/** The crash kernel's whole boot, devices and all; null if none is loaded or it cannot start. */
export function crashRun(facts: Simulation): Run | null {
  const crash = crashMachine(facts);
  if (!crash) return null;
  const { apic, run } = simulate(crash.machine);
  return apic.fatal ? null : run;
}

/** Online CPUs with an APIC ID above this one. */
export function onlineAbove({ enumeration, run }: Simulation, apicId: number): CpuMask {
  const cpus = new CpuMask(enumeration.nrCpuIds);
  for (const slot of enumeration.cpus) {
    if (slot.apicId !== null && slot.apicId > apicId && run.online.test(slot.cpu)) cpus.set(slot.cpu);
  }
  return cpus;
}

/** True for the command line of a crash kernel: kdump adds one of these parameters to it, and nobody else does. */
export function isCrashKernel(cmdline: string): boolean {
  return /(?:^|\s)(?:irqpoll|reset_devices)(?:\s|$)/.test(cmdline);
}
