/** isolcpus=, nohz_full= and housekeeping: kernel/sched/isolation.c. */
import type { MessageEntry } from '../entry.ts';

export const ISOLATION_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'isolcpus-unknown-flag',
    templates: ['isolcpus: Skipped unknown flag {}'],
    printedBy: 'housekeeping_isolcpus_setup() of kernel/sched/isolation.c, since 5.8',
    meaning:
      'The kernel does not know this flag of isolcpus= and skips it; the other flags and the list count.',
    matters: 'Yes where the flag was wanted: that part of the isolation does not happen.',
    why: 'The flag needs a newer kernel release (io_queue is proposed and in no release up to 7.3), or was taken out, or is misspelt. Known flags: nohz, domain, managed_irq.',
    check: 'The kernel release and the spelling in /proc/cmdline.',
    change: 'Take the flag out, or use a kernel that supports it.',
    rules: [],
  },
  {
    name: 'isolcpus-invalid-flag',
    templates: ['isolcpus: Invalid flag {}', 'isolcpus: Error, unknown flag'],
    printedBy: 'housekeeping_isolcpus_setup() of kernel/sched/isolation.c',
    meaning:
      'The word before the CPU list is no flag that the kernel knows, and with it the whole isolcpus= parameter is ignored: nothing is isolated.',
    matters: 'Yes: nothing is isolated at all.',
    why: 'A misspelt flag such as mananged_irq for managed_irq. Words with characters other than letters and "_" end the parameter; older kernels give up at any unknown flag.',
    check: 'cat /sys/devices/system/cpu/isolated: it is empty.',
    change: 'Correct the flag: isolcpus=managed_irq,domain,LIST.',
    rules: ['queue-stays-on-isolated-cpu'],
  },
  {
    name: 'housekeeping-boot-cpu',
    templates: [
      'Housekeeping: must include one present CPU, using boot CPU:{}',
      'must include one present CPU, using boot CPU',
    ],
    printedBy: 'housekeeping_setup() of kernel/sched/isolation.c',
    meaning:
      'The isolated list left no housekeeping CPU that is present, so the boot CPU is kept out of isolation.',
    matters:
      'Yes: the boot CPU is not isolated, though the list says so, and it does all the housekeeping alone.',
    why: 'isolcpus= or nohz_full= names every CPU that is there (or the others come only above maxcpus=). Someone must run the work that isolated CPUs do not.',
    check: '/sys/devices/system/cpu/isolated and present.',
    change: 'Leave at least one present CPU, better one a node, out of the list.',
    rules: ['queue-stays-on-isolated-cpu'],
  },
  {
    name: 'housekeeping-lists-differ',
    templates: ['Housekeeping: nohz_full= must match isolcpus=', 'nohz_full= must match isolcpus='],
    printedBy: 'housekeeping_setup() of kernel/sched/isolation.c',
    meaning:
      'nohz_full= and isolcpus=nohz (or two isolcpus=) give different CPU lists for the same kind of isolation; the later parameter is ignored whole.',
    matters: 'Yes: the parameter that came later has no effect.',
    why: 'Both set the same housekeeping mask, so the lists must be the same.',
    check: '/proc/cmdline; /sys/devices/system/cpu/{isolated,nohz_full}.',
    change: 'Write the same list in both, or leave the nohz flag out of isolcpus=.',
    rules: [],
  },
  {
    name: 'housekeeping-bad-list',
    templates: [
      'Housekeeping: nohz_full= or isolcpus= incorrect CPU range',
      'nohz_full= or isolcpus= incorrect CPU range',
    ],
    printedBy: 'housekeeping_setup() of kernel/sched/isolation.c',
    meaning:
      'The CPU list of nohz_full= or isolcpus= cannot be read; the parameter is ignored and nothing is isolated by it.',
    matters: 'Yes: nothing is isolated by that parameter.',
    why: 'A typing error, a range that runs backwards, a number beyond the highest possible CPU, or N and all on a kernel before 5.13.',
    check: '/proc/cmdline against the list format 1-3,8,10-20:2/4.',
    change: 'Correct the list.',
    rules: [],
  },
];
