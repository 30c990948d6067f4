/** A crash kernel with several CPUs leaves out the one that the machine started on. */
import type { Rule } from '../rule.ts';

export const crashKernelLosesBootCpu: Rule = {
  name: 'crash-kernel-loses-boot-cpu',
  aliases: ['R076'],
  level: 'note',
  summary: 'A crash kernel with more than one CPU does not use the CPU that the machine started on.',
  explain: [
    'Waking the real boot CPU from another one with INIT resets the machine. Since 6.9 the kernel sees by the BSP bit of its APIC base register that it runs on another CPU, and rejects the first firmware entry; before, kdump had to pass disable_cpu_apicid=.',
    'With nr_cpus=1, as most distributions boot crash kernels, nothing changes.',
    'Check: "Crash kernel detected. Disabling real BSP to prevent machine INIT" in the log of the crash kernel.',
    'Change: nothing; count one CPU less when sizing the dump.',
  ],
  messages: [
    'CPU topo: Crash kernel detected. Disabling real BSP to prevent machine INIT',
    'CPU topo: Boot CPU APIC ID not the first enumerated APIC ID: {} != {}',
  ],
  check({ machine, run, apic, enumeration }) {
    const { kdump, kernel } = machine;
    if (!kdump || apic.fatal || !kernel.has('topology-fixed-at-boot')) return [];
    const wanted =
      kdump.maxCpus === 0 ? 1 : Math.min(kdump.nrCpus ?? run.present.weight(), run.present.weight());
    if (wanted <= 1) return [];
    const usable = Math.min(wanted, run.present.weight() - 1);
    return [
      {
        message: `a crash kernel started on any other CPU leaves CPU 0 (APIC ID ${enumeration.cpus[0].apicId}) out: it can have ${usable} CPU${usable === 1 ? '' : 's'}`,
        cause: ['INIT to the real boot CPU would reset the machine, so the kernel rejects its entry'],
        path: ['kdump'],
      },
    ];
  },
};
