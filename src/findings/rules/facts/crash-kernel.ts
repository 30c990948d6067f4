/** The crash kernel, booted in the model on the CPU where a crash would be worst. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { rememberLast } from '../../../lib/remember-last.ts';
import type { ApicDecision } from '../../../linux/model/apic.ts';
import type { KernelCpu } from '../../../linux/model/enumerate.ts';
import type { DomainReach } from '../../../linux/model/reach.ts';
import type { Run } from '../../../linux/sim/run.ts';
import { simulate } from '../../../linux/sim/simulate.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Cmdline } from '../../../machine/cmdline.ts';
import { DRIVER_FACTS } from '../../../machine/driver-names.ts';
import type { DeviceSpec } from '../../../machine/machine.ts';
import { varied } from '../../../machine/vary.ts';
import { everOnline } from './ran.ts';

export interface CrashKernel {
  /** CPU that ran, with the highest APIC ID: the crash kernel's boot CPU in this thought. */
  readonly cpu: number;
  readonly apicId: number;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
  /** Devices that the crash kernel has no driver for: it blacklists them. */
  readonly leftOut: readonly DeviceSpec[];
  /** The whole boot, devices and all; null: it panics. */
  readonly run: Run | null;
}

/** Parameters that keep drivers from being loaded, by the kernel and by what dracut makes. */
const BLACKLISTS = /(?:^|\s)"?(?:modprobe\.blacklist|module_blacklist|rd\.driver\.blacklist)=([^\s"]+)/g;

const moduleName = (name: string): string => name.replaceAll('-', '_');

/** Names of Linux drivers that a command line keeps away, with `_` for `-`. */
function blacklisted({ text }: Cmdline): ReadonlySet<string> {
  return new Set([...text.matchAll(BLACKLISTS)].flatMap(([, list]) => list.split(',').map(moduleName)));
}

/** A device of a driver without a profile is known by its own name: "mlx5_core2" is one of mlx5_core. */
function isLeftOut({ driver, name }: DeviceSpec, drivers: ReadonlySet<string>): boolean {
  const linux = DRIVER_FACTS[driver].linux ?? moduleName(name).replace(/\d+$/, '');
  return drivers.has(linux) || drivers.has(moduleName(name));
}

/** CPUs that the crash kernel may start on: those that ran at some time, and that firmware lists. */
export function crashCpus(facts: Simulation): KernelCpu[] {
  const { machine, enumeration } = facts;
  const ran = everOnline(facts);
  return enumeration.cpus.filter(
    ({ cpu, firmwareIndex, apicId }) =>
      firmwareIndex !== null &&
      apicId !== null &&
      machine.cpus[firmwareIndex].state !== 'absent' &&
      ran.test(cpu),
  );
}

/**
 * A crash kernel starts on the CPU that crashed, in the APIC mode that the first kernel left, with its own command
 * line. Null where none is loaded.
 */
export function crashOn(
  { machine, apic }: Simulation,
  { cpu, apicId, firmwareIndex }: KernelCpu,
): CrashKernel | null {
  const { kdump } = machine;
  if (!kdump || apicId === null || firmwareIndex === null) return null;
  const drivers = blacklisted(kdump);
  const second = varied(machine, {
    cmdline: kdump,
    kdump: null,
    events: [],
    devices: machine.devices.filter((device) => !isLeftOut(device, drivers)),
    bootIndex: firmwareIndex,
    x2apic: { ...machine.x2apic, firmware: apic.mode.startsWith('x2apic') },
  });
  const crash = simulate(second);
  return {
    cpu,
    apicId,
    apic: crash.apic,
    domains: crash.domains,
    leftOut: machine.devices.filter((device) => isLeftOut(device, drivers)),
    run: crash.apic.fatal ? null : crash.run,
  };
}

/**
 * The crash kernel where a crash is worst: on the online CPU with the highest APIC ID (the interrupts of few CPUs go
 * nowhere else, and a low one can do all that it can). Booted once, however many rules ask. Null if none is loaded, or
 * the first kernel does not boot either.
 */
export function crashKernel(facts: Simulation): CrashKernel | null {
  return facts.machine.kdump && !facts.apic.fatal ? worstCrash(facts) : null;
}

const worstCrash = rememberLast((facts: Simulation): CrashKernel | null => {
  const cpus = crashCpus(facts);
  if (cpus.length === 0) return null;
  return crashOn(
    facts,
    cpus.reduce((worst, one) => ((one.apicId ?? 0) > (worst.apicId ?? 0) ? one : worst)),
  );
});

/** CPUs that were online at some time, with an APIC ID above this one. */
export function onlineAbove(facts: Simulation, apicId: number): CpuMask {
  const { enumeration } = facts;
  const ran = everOnline(facts);
  const cpus = new CpuMask(enumeration.nrCpuIds);
  for (const slot of enumeration.cpus) {
    if (slot.apicId !== null && slot.apicId > apicId && ran.test(slot.cpu)) cpus.set(slot.cpu);
  }
  return cpus;
}

/** True for the command line of a crash kernel: kdump adds one of these parameters to it, and nobody else does. */
export function isCrashKernel(cmdline: string): boolean {
  return /(?:^|\s)(?:irqpoll|reset_devices)(?:\s|$)/.test(cmdline);
}
