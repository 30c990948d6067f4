/**
 * CPUs coming up and going down. Under a policy that brings unreachable CPUs online, such a CPU runs but its
 * vectors are never used: for interrupts it is as if it were offline.
 */
import { cpuDown, cpuUp } from '../engine/cpuhotplug.ts';
import { isOnline } from '../engine/irq-life.ts';
import { domainReach } from '../model/irqdomain.ts';
import { perCpuCapacity } from './capacity.ts';
import { type System, setSiblingsUp } from './system.ts';

function interruptsMayUse({ policy, reach }: System, cpu: number): boolean {
  return !policy.onlinesUnreachable || reach.reachable.test(cpu);
}

/** Vectors of running CPUs that no interrupt can use, for the policy whose unplug check counts them. */
function countUnusable({ policy, online, life, machine }: System): void {
  if (policy.countsUnusableVectors) {
    life.unusableVectors = (online.weight() - life.online.bits.weight()) * perCpuCapacity(machine);
  }
}

/** The CPU comes online. `suspended`: the machine wakes up, and device interrupts do not run yet. */
export function bringOnline(system: System, cpu: number, suspended = false): void {
  system.online.set(cpu);
  if (interruptsMayUse(system, cpu)) cpuUp(system.life, cpu, suspended);
  setSiblingsUp(system, cpu, true);
  countUnusable(system);
}

/** The CPU goes offline; a negative errno if the others have too few vectors, and then it stays. */
export function takeOffline(system: System, cpu: number): number {
  const result = isOnline(system.life, cpu) ? cpuDown(system.life, cpu) : 0;
  if (result < 0) return result;
  system.online.clear(cpu);
  setSiblingsUp(system, cpu, false);
  countUnusable(system);
  return 0;
}

/** A plugged CPU has made an APIC ID known: judges it. */
export function judgeReach(system: System): void {
  const { machine, enumeration, apic, policy } = system;
  [system.reach] = domainReach(machine, enumeration, apic, policy.domainMax);
}
