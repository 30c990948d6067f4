/** The crash kernel has too few vectors for the devices of the machine: the dump may find no disk or network. */
import { ENOSPC } from '../../../lib/errno.ts';
import { crashKernel } from '../facts/crash-kernel.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const crashKernelWithoutVectors: Rule = {
  name: 'crash-kernel-without-vectors',
  aliases: [],
  level: 'warning',
  summary: 'A crash kernel runs out of vectors, so a device that the dump needs may be missing in it.',
  explain: [
    'A crash kernel runs on one CPU, or a few (nr_cpus=), and each CPU has about 200 vectors for devices. On a machine with many devices its drivers ask for more than that; those probed last get none and fail with -28, and the dump finds no disk or no network.',
    'The crash kernel is simulated here with its own command line on the CPU with the highest APIC ID; the drivers are taken to be those of the first kernel, without those that it blacklists (modprobe.blacklist=, rd.driver.blacklist=).',
    'Check: start the crash kernel by hand (echo c > /proc/sysrq-trigger on a test machine) and look for error -28.',
    'Change: leave drivers out of the crash kernel that a dump does not need, or give it more CPUs (nr_cpus=2 or more; its memory must allow it), or pcie_ports=compat so that PCIe ports take no vectors.',
  ],
  messages: [],
  check(facts) {
    const crash = crashKernel(facts);
    const run = crash?.run;
    const devices = run?.devices.filter(({ errno }) => errno === ENOSPC || errno === -ENOSPC) ?? [];
    if (!run || devices.length === 0) return [];
    const online = run.online.weight();
    return [
      {
        message: `in the crash kernel ${count(devices.length, 'device')} (${deviceNames(devices)}) would get fewer interrupts than asked for, or none: a dump that needs one of them fails`,
        cause: [
          `the crash kernel has ${count(online, 'CPU')} with ${run.vectors.perCpuCapacity} vectors for devices each`,
          'drivers that are probed first take what they want',
        ],
        fix: [
          'crash kernel: leave drivers out that the dump does not need (dracut omit_drivers, rd.driver.blacklist=)',
          ...(facts.machine.kdump?.text.includes('pcie_ports=compat')
            ? []
            : ['crash kernel: add pcie_ports=compat, so that PCIe ports take no vectors']),
        ],
        devices,
        path: ['kdump'],
      },
    ];
  },
};
