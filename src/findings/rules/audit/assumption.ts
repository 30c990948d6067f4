/**
 * An assumption of the kernel that possible (or present) CPUs are reachable, as a rule. The audit list of
 * docs/model/hotplug.md#assumptions; a row whose assumption fails on a machine becomes a note of `--audit`.
 */

import type { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Rule } from '../rule.ts';

/** How an assumption fails on one machine. */
export interface Breach {
  /** The consequence there; one sentence without a full stop. */
  readonly text: string;
  readonly cpus?: CpuMask;
  readonly devices?: readonly DeviceRun[];
}

export interface Assumption {
  /** Row of the audit list: "H4". */
  readonly id: string;
  /** Slug; the rule is called `audit-` and this. */
  readonly name: string;
  /** What the kernel takes for granted, as a clause: "a CPU that is present can be onlined". */
  readonly assumption: string;
  /** Functions that rely on it. */
  readonly where: string;
  /** What follows in general when it is false. */
  readonly consequence: string;
  /** The row is about machines that do not boot; the others are looked at on machines that do. */
  readonly kernelPanics?: true;
  /** The consequence on this machine; null if the assumption holds, or nothing hangs on it. */
  readonly breach: (facts: Simulation) => Breach | null;
}

/** The rule of a row. */
export function auditRule(row: Assumption): Rule {
  const { id, name, assumption, where, consequence, breach } = row;
  return {
    name: `audit-${name}`,
    aliases: [id],
    level: 'note',
    summary: `The kernel assumes that ${assumption}.`,
    explain: [
      `Linux takes for granted that ${assumption}: ${where}.`,
      `When that is false: ${consequence}.`,
      'This is a row of the audit of assumptions about reachable CPUs, shown with analyze --audit. A note says that the assumption does not hold on the machine, not that something is broken: findings of other rules say that.',
    ],
    messages: [],
    check(facts) {
      const applies = (facts.apic.fatal !== null) === (row.kernelPanics === true);
      const found = applies ? breach(facts) : null;
      if (!found) return [];
      const { text, ...rest } = found;
      // Reach is decided by the CPUs, however they are written.
      const path = facts.machine.locate(['cpus']) ? ['cpus'] : ['topology'];
      return [
        {
          message: text,
          cause: [`the kernel assumes that ${assumption}`, `where: ${where}`],
          fix: [],
          path,
          ...rest,
        },
      ];
    },
  };
}
