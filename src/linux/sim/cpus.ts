/**
 * CPUs coming up and going down. Under a policy that brings unreachable CPUs online, such a CPU runs but its
 * vectors are never used: for interrupts it is as if it were offline.
 */
import { cpuDown, cpuUp } from '../engine/cpuhotplug.ts';
import { isOnline } from '../engine/irq-life.ts';
import { perCpuCapacity } from './capacity.ts';
import { domainRules, interruptsMayUse } from './domain-use.ts';
import { type System, setSiblingsUp } from './system.ts';

/** A running CPU that no interrupt can use came or went (`by` 1 or -1): for the policy whose unplug check counts its vectors. */
function countUnusable({ policy, life, machine }: System, by: 1 | -1): void {
  if (policy.countsUnusableVectors) life.unusableVectors += by * perCpuCapacity(machine);
}

/** The CPU comes online. `suspended`: the machine wakes up, and device interrupts do not run yet. */
export function bringOnline(system: System, cpu: number, suspended = false): void {
  system.online.set(cpu);
  if (interruptsMayUse(system, cpu)) cpuUp(system.life, cpu, suspended);
  else countUnusable(system, 1);
  setSiblingsUp(system, cpu, true);
}

/** A CPU that is not the last goes offline; a negative errno if the others have too few vectors, and then it stays. */
export function takeOffline(system: System, cpu: number): number {
  if (isOnline(system.life, cpu)) {
    // CPUs that interrupts cannot use run on when the last that they can use goes.
    const result = cpuDown(system.life, cpu, true);
    if (result < 0) return result;
  } else {
    countUnusable(system, -1);
  }
  system.online.clear(cpu);
  setSiblingsUp(system, cpu, false);
  return 0;
}

/** A plugged CPU has made an APIC ID known: judges it. */
export function judgeReach(system: System): void {
  const { life, reaches } = system;
  reaches.clear();
  life.domains = domainRules(system, life.config.defaultAffinity);
  life.intersections.clear();
}
