/** Whether a machine is worse off with a change: what no proposal may lead to. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { Analysis, Verdict } from '../../analysis.ts';
import { isAboutWriting } from '../../rules/about-writing.ts';
import type { Change } from '../remedy.ts';

const RANK: Readonly<Record<Verdict, number>> = { pass: 0, warn: 1, fail: 2 };

/** The findings that a change to the machine can do something about, in numbers. */
function standing({ findings }: Analysis) {
  const counted = findings.filter(({ rule }) => !isAboutWriting(rule));
  const errors = counted.filter(({ level }) => level === 'error').map(({ rule }) => rule);
  const warns = counted.some(({ level }) => level === 'warning');
  return { rank: RANK[errors.length > 0 ? 'fail' : warns ? 'warn' : 'pass'], errors };
}

/**
 * True if a machine is worse off than another: its verdict is, or it has more errors or another error. A change that
 * trades one error for another cures nothing: a kernel that ignores what the hypervisor offers, say.
 */
export function isWorse(after: Analysis, before: Analysis): boolean {
  const [mine, other] = [standing(after), standing(before)];
  return (
    mine.rank > other.rank ||
    mine.errors.length > other.errors.length ||
    mine.errors.some((rule) => !other.errors.includes(rule))
  );
}

/** CPUs that run and can be interrupted. */
function usableCpus({ apic, run, domains }: Analysis): number {
  return apic.fatal ? 0 : CpuMask.and(run.online, domains[0].reachable).weight();
}

/** Hot-plug slots of firmware whose CPUs may come to work: not those that interrupts could never reach. */
function usableSlots({ machine, apic, enumeration, run, domains }: Analysis): number {
  const { unreachable } = domains[0];
  const slots = enumeration.cpus.filter(({ cpu, firmwareIndex, predictedApicId }) => {
    if (firmwareIndex === null || machine.cpus[firmwareIndex].duplicate) return false;
    if (run.present.test(cpu) || unreachable.test(cpu)) return false;
    return predictedApicId === null || predictedApicId <= apic.limit;
  });
  return apic.fatal ? 0 : slots.length;
}

/** True if fewer CPUs work, or may be plugged and work, than before although no change gives anything up. */
export function losesSilently(before: Analysis, after: Analysis, changes: readonly Change[]): boolean {
  if (changes.some(({ givesUp }) => givesUp !== null)) return false;
  return usableCpus(after) < usableCpus(before) || usableSlots(after) < usableSlots(before);
}
