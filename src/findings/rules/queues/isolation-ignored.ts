/** An isolcpus=, nohz_full= or irqaffinity= that the kernel ignores, or that names no CPU of the machine. */

import type { Enumeration } from '../../../linux/model/enumeration.ts';
import { housekeepingSetup } from '../../../linux/model/housekeeping.ts';
import { skippedFlags } from '../../../machine/cmdline-parameters.ts';
import { cpulistParse } from '../../../machine/kparam.ts';
import type { Machine } from '../../../machine/machine.ts';
import type { Rule } from '../rule.ts';

/** A parameter about CPUs whose value the kernel cannot read, as the command line notes it: "isolcpus=4-X (why)". */
const UNREADABLE = /^((?:isolcpus|nohz_full|irqaffinity)=\S*) \((.+)\)$/;

interface Idle {
  readonly parameter: string;
  /** What comes of it, as a clause. */
  readonly says: string;
}

type Cpus = Pick<Enumeration, 'possible' | 'nrCpuIds'>;

/** Parameters that the kernel reads, and that say nothing about any possible CPU. */
function idleParameters(
  { kernel, cmdline }: Machine,
  { possible, nrCpuIds }: Cpus,
  ignored: ReadonlySet<string>,
): Idle[] {
  const named = (list: string) => cpulistParse(kernel, list, nrCpuIds);
  const none = (list: string) => named(list)?.intersects(possible) === false;
  const isolating = cmdline.isolation
    .filter(({ text, list }) => !ignored.has(text) && none(list))
    .map(({ text, list }) => ({
      parameter: text,
      says: `isolates no CPU: ${list === '' ? 'it has no CPU list' : `its list names no possible CPU (${possible})`}`,
    }));
  const { irqaffinity } = cmdline;
  if (irqaffinity === undefined || (named(irqaffinity) && !none(irqaffinity))) return isolating;
  const says = named(irqaffinity)
    ? `names no possible CPU (${possible}): the boot CPU alone is left for ordinary interrupts`
    : 'is ignored and has no effect: the kernel cannot read its CPU list';
  return [...isolating, { parameter: `irqaffinity=${irqaffinity}`, says }];
}

/** Words in front of the list that are no flags: the rest of the parameter counts. */
function wordsSkipped({ cmdline }: Machine, ignored: ReadonlySet<string>): Idle[] {
  return cmdline.isolation
    .filter(({ text }) => !ignored.has(text))
    .flatMap(({ text }) =>
      skippedFlags(text).map((flag) => ({
        parameter: text,
        says: `has the flag "${flag}", which the kernel does not know and skips`,
      })),
    );
}

export const isolationIgnored: Rule = {
  name: 'isolation-ignored',
  aliases: [],
  level: 'warning',
  summary:
    'The kernel ignores an isolcpus=, nohz_full= or irqaffinity= parameter, or a part of it, or it names no CPU.',
  explain: [
    'housekeeping_setup() reads isolcpus= and nohz_full= in their order. A CPU list that cannot be read (a typing error, N or all before 5.13), or one that contradicts an earlier parameter, makes the kernel ignore the parameter whole: interrupts and tasks run on CPUs that were meant to be kept free. A list of CPUs that the machine has not is read, and isolates none; a word before the list that is no flag is skipped.',
    'Check: cat /sys/devices/system/cpu/isolated and nohz_full; "Housekeeping:" or "isolcpus:" lines in the log. Change: correct the list.',
  ],
  messages: [],
  check({ machine, enumeration, apic }) {
    if (apic.fatal) return [];
    const ignored = housekeepingSetup(machine, enumeration).ignored;
    const unreadable = machine.cmdline.notModelled.flatMap((text) => {
      const [, parameter, why] = UNREADABLE.exec(text) ?? [];
      return parameter === undefined ? [] : [{ parameter, why }];
    });
    const whole = [...unreadable, ...ignored];
    const known = new Set(whole.map(({ parameter }) => parameter));
    const idle = [...idleParameters(machine, enumeration, known), ...wordsSkipped(machine, known)];
    return [
      ...whole.map(({ parameter, why }) => ({
        message: `${parameter} is ignored and has no effect: ${why}`,
        cause: ['the kernel ignores such a parameter whole'],
      })),
      ...idle.map(({ parameter, says }) => ({
        message: `${parameter} ${says}`,
        cause: ['the kernel takes it as it is written, and says at most a line in the log'],
      })),
    ].map((told) => ({
      ...told,
      fix: ['kernel parameters: correct the value, or take the parameter out'],
      path: ['cmdline'],
    }));
  },
};
