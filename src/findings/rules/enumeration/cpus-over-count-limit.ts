/** More plugged CPUs than the kernel was told or built to take. */
import { countLimit, countLimitCosts } from '../facts/cpu-count-limit.ts';
import { isCrashKernel } from '../facts/crash-kernel.ts';
import { idsOf, ignoredPlugged, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

const ON_PURPOSE = ['nothing needs to change: a crash kernel is given few CPUs, which saves memory'];

export const cpusOverCountLimit: Rule = {
  name: 'cpus-over-count-limit',
  aliases: ['R010'],
  level: 'warning',
  summary: 'There are more plugged CPUs than nr_cpus=, possible_cpus= or CONFIG_NR_CPUS allow.',
  explain: [
    'The kernel numbers CPUs in the order firmware lists them until the limit is reached, and ignores the rest: they are in no mask, take no interrupt and no queue.',
    'It may be meant: nr_cpus= is also the way to keep the kernel from making queues for CPUs that cannot be reached. Note that the limit cuts by order in the list, not by APIC ID.',
    'Check: "CPU limit of N reached. Ignoring further CPUs" and "Rejected CPUs N" (6.9 and newer) or "NR_CPUS/possible_cpus limit of N reached" in the log; cat /proc/cmdline.',
    'Change: raise or remove the limit; or give the machine fewer CPUs.',
  ],
  messages: [
    'CPU topo: CPU limit of {} reached. Ignoring further CPUs',
    'CPU topo: {} possible CPUs exceed the limit of {}',
    'CPU topo: Rejected CPUs {}',
    'APIC: NR_CPUS/possible_cpus limit of {} reached. Processor {} ignored.',
    'APIC: NR_CPUS/possible_cpus limit of {} almost reached. Keeping one slot for boot cpu.',
    'smpboot: {} Processors exceeds NR_CPUS limit of {}',
    'smpboot: {} Processors exceeds max_cpus limit of {}',
  ],
  check(facts) {
    const lost = ignoredPlugged(facts, 'limit');
    if (lost.length === 0) return [];
    const { name, path } = countLimit(facts.machine);
    const { length } = lost;
    const costs = countLimitCosts(facts.machine);
    const lostAnyway =
      'without the limit they would get a number but never come online: their APIC IDs are too high';
    return [
      {
        message: `${count(length, 'plugged CPU')}${idsOf(lost)} ${length === 1 ? 'gets' : 'get'} no number and ${length === 1 ? 'stays' : 'stay'} unused: ${name}`,
        cause: [
          ...reasonsOf(lost),
          `${name} leaves room for ${count(facts.enumeration.nrCpuIds, 'CPU')}`,
          ...(costs ? [] : [lostAnyway]),
        ],
        ...(isCrashKernel(facts.machine.cmdline.text) ? { fix: ON_PURPOSE } : {}),
        path,
      },
    ];
  },
};
