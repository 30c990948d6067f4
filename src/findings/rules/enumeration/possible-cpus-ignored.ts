/** possible_cpus= asks for more CPUs than firmware lists. */
import { count, type Rule } from '../rule.ts';

export const possibleCpusIgnored: Rule = {
  name: 'possible-cpus-ignored',
  aliases: ['R011'],
  level: 'warning',
  summary: 'possible_cpus= has no effect: since 6.9 it can only lower the number of CPUs.',
  explain: [
    'Up to Linux 6.8 possible_cpus=N set the number of possible CPUs, above what firmware lists too, as room for hot-plug. Since 6.9 the topology is fixed at boot by what firmware lists, and the parameter only lowers the number.',
    'A CPU that firmware does not list can no longer be hot-added at all.',
    'Check: /sys/devices/system/cpu/possible is smaller than the parameter says.',
    'Change: remove the parameter, and let firmware or the hypervisor list the slots (QEMU: maxcpus= of -smp).',
  ],
  messages: ['CPU topo: Limiting to {} possible CPUs'],
  check({ machine, enumeration }) {
    const { possibleCpus } = machine.cmdline;
    if (possibleCpus === undefined || !machine.kernel.has('topology-fixed-at-boot')) return [];
    const { length } = machine.cpus;
    if (possibleCpus <= length) return [];
    return [
      {
        message: `possible_cpus=${possibleCpus} has no effect: firmware lists ${count(length, 'CPU')}, ${enumeration.nrCpuIds} of them possible`,
        cause: [
          `Linux ${machine.kernel.text} takes possible_cpus= as an upper limit only (6.8 and older could raise the number)`,
        ],
        fix: [`if ${possibleCpus} CPUs are to be possible: have the hypervisor or firmware list that many`],
        path: ['cmdline'],
      },
    ];
  },
};
