/** An isolcpus=, nohz_full= or irqaffinity= that the kernel ignores. */
import { housekeepingSetup } from '../../../linux/model/housekeeping.ts';
import type { Rule } from '../rule.ts';

/** A parameter about CPUs whose value the kernel cannot read, as the command line notes it: "isolcpus=4-X (why)". */
const UNREADABLE = /^((?:isolcpus|nohz_full|irqaffinity)=\S*) \((.+)\)$/;

export const isolationIgnored: Rule = {
  name: 'isolation-ignored',
  aliases: [],
  level: 'warning',
  summary: 'The kernel ignores an isolcpus=, nohz_full= or irqaffinity= parameter.',
  explain: [
    'housekeeping_setup() reads isolcpus= and nohz_full= in their order. A CPU list that cannot be read (a typing error, N or all before 5.13), or one that contradicts an earlier parameter, makes the kernel ignore the parameter whole: interrupts and tasks run on CPUs that were meant to be kept free.',
    'Check: cat /sys/devices/system/cpu/isolated and nohz_full; "Housekeeping:" or "isolcpus:" lines in the log. Change: correct the list.',
  ],
  messages: [],
  check({ machine, enumeration, apic }) {
    if (apic.fatal) return [];
    const contradicting = housekeepingSetup(machine, enumeration).ignored;
    const unreadable = machine.cmdline.notModelled.flatMap((text) => {
      const [, parameter, why] = UNREADABLE.exec(text) ?? [];
      return parameter === undefined ? [] : [{ parameter, why }];
    });
    return [...unreadable, ...contradicting].map(({ parameter, why }) => ({
      message: `${parameter} is ignored and has no effect: ${why}`,
      cause: ['the kernel ignores such a parameter whole'],
      fix: ['kernel parameters: correct the value, or take the parameter out'],
      path: ['cmdline'],
    }));
  },
};
