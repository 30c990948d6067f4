/** Bringing the CPUs up at boot. Mirrors bringup_nonboot_cpus() and cpu_bootable() of kernel/cpu.c. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine } from '../../machine/machine.ts';
import { refuseBringUp } from './apic.ts';
import { type Enumeration, isPrimaryThread } from './enumeration.ts';

export interface BringUp {
  /** Online when all of them were tried; CPUs described as offline were taken down later, and are not in it. */
  readonly online: CpuMask;
  /** Second threads that `nosmt` sent back: up once, and offline again. */
  readonly sentBack: readonly number[];
  /** CPU numbers that were tried and refused, in the order tried. */
  readonly refused: readonly number[];
  readonly messages: readonly string[];
}

/** What bringing up depends on, of the APIC rules. */
export interface BringUpRules {
  /** The kernel is without local APIC if "off". */
  readonly mode: string;
  readonly limit: number;
  readonly parallelBringUp: boolean;
}

/** The state of the passes over `enumeration.bringUp`. */
interface Passes {
  readonly machine: Machine;
  readonly enumeration: Enumeration;
  readonly rules: BringUpRules;
  readonly online: CpuMask;
  readonly sentBack: number[];
  readonly refused: number[];
  /** CPUs that came up, those described as offline among them. */
  up: number;
}

/**
 * Tries the CPUs of `enumeration.bringUp`, pass by pass. `maxcpus=` counts attempts within a pass, the boot CPU
 * and refused CPUs among them; a second pass may bring up as many as the first left short of it. Parallel
 * bring-up kicks the CPUs of a pass, then goes through them again, so each refusal is printed once in either.
 */
export function bringUpCpus(machine: Machine, enumeration: Enumeration, rules: BringUpRules): BringUp {
  const messages = machine.cmdline.maxCpus === 0 && rules.mode !== 'off' ? ['smpboot: SMP disabled'] : [];
  const online = new CpuMask(enumeration.nrCpuIds);
  const passes: Passes = { machine, enumeration, rules, online, sentBack: [], refused: [], up: 0 };
  const most = Math.max(1, machine.cmdline.maxCpus ?? Number.POSITIVE_INFINITY);
  for (const cpus of enumeration.bringUp) {
    const tried = Math.min(cpus.length, most - passes.up);
    const said: string[] = [];
    for (let n = 0; n < tried; n++) {
      const message = bringUp(passes, cpus[n]);
      if (message !== null) said.push(message);
    }
    for (const message of rules.parallelBringUp ? [...said, ...said] : said) messages.push(message);
  }
  online.set(0);
  return { online, sentBack: passes.sentBack, refused: passes.refused, messages };
}

/** What is printed about a CPU that is refused, else null. */
function bringUp(passes: Passes, cpu: number): string | null {
  const { machine, enumeration, rules, online } = passes;
  const slot = enumeration.cpus[cpu];
  const refusal = refuseBringUp(machine.kernel, slot, rules);
  if (refusal) {
    passes.refused.push(cpu);
    return refusal;
  }
  if (machine.cmdline.smt !== 'on' && !isPrimaryThread(machine, slot)) {
    passes.sentBack.push(cpu);
    return null;
  }
  passes.up++;
  const { firmwareIndex } = slot;
  if (firmwareIndex === null || machine.cpus[firmwareIndex].state !== 'offline') online.set(cpu);
  return null;
}
