/** Lines that state how many CPUs the kernel was built for and found. */
import type { MessageEntry } from '../entry.ts';

export const CPU_COUNT_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'setup-percpu',
    routine: true,
    templates: [
      'setup_percpu: NR_CPUS:{} nr_cpumask_bits:{} nr_cpu_ids:{} nr_node_ids:{}',
      'NR_CPUS:{} nr_cpumask_bits:{} nr_cpu_ids:{}',
    ],
    printedBy: 'setup_per_cpu_areas() of arch/x86/kernel/setup_percpu.c',
    meaning:
      'NR_CPUS is the limit that the kernel was built with (CONFIG_NR_CPUS); nr_cpu_ids is one more than the highest possible CPU number, so it counts plugged CPUs and hot-plug slots; nr_node_ids is the number of NUMA nodes.',
    matters: 'No: it is information. It tells the limits that other lines are about.',
    why: 'Queues and managed vectors are spread over the possible CPUs, present or not. A nr_cpu_ids far above the CPUs that are online wastes queues and per-CPU memory.',
    check: '/sys/devices/system/cpu/possible and online.',
    change: 'nr_cpus=N or fewer hot-plug slots, if the slots are never used.',
    rules: ['managed-vectors-wasted'],
  },
  {
    name: 'rcu-restricting',
    routine: true,
    templates: ['RCU restricting CPUs from NR_CPUS={} to nr_cpu_ids={}'],
    printedBy: 'rcu_bootup_announce of kernel/rcu/tree.c',
    meaning:
      'Harmless: RCU sizes its tree for the possible CPUs (nr_cpu_ids) instead of the build limit CONFIG_NR_CPUS.',
    matters: 'No: every distribution kernel prints it.',
    why: 'Printed on nearly every machine, for kernels are built for more CPUs than are there.',
    check: 'nr_cpu_ids is one more than the highest possible CPU number.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'unknown-kernel-parameters',
    routine: true,
    templates: [
      'Unknown kernel command line parameters "{}", will be passed to user space',
      'Unknown kernel command line parameters {}',
    ],
    printedBy: 'print_unknown_bootoptions() of init/main.c, since 5.14',
    meaning:
      'This kernel has no parameter of that name: it has no effect and is handed to user space (init).',
    matters:
      'No where the words are for init or a module. Yes where one of them is a kernel parameter, misspelt: it has no effect.',
    why: 'A misspelt parameter, or one of another release. disable_cpu_apicid= (for crash kernels, to keep them off the boot CPU of the first kernel) was removed in 6.9, where the kernel finds the boot CPU by itself.',
    check: 'The release (uname -r) against when the parameter was there.',
    change: 'Take it out, or correct it.',
    rules: ['crash-kernel-loses-boot-cpu'],
  },
];
