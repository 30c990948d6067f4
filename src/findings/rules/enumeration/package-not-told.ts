/** The kernel asks which package an absent CPU is in, and the description does not tell. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { idsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const packageNotTold: Rule = {
  name: 'package-not-told',
  aliases: [],
  level: 'warning',
  summary: 'Whether absent CPUs count depends on their package, which the description does not tell.',
  explain: [
    'On bare metal Linux 6.9 and newer (up to 6.12.76, 6.18.16, 6.19.5) rejects a CPU entry that is not enabled if a plugged CPU is in its package: such entries are leftovers of a table made for more cores. One of another package is a hot-plug slot.',
    'The package is the APIC ID without its lowest bits; how many, CPUID says. A list of APIC IDs alone does not show it, so these CPUs are counted as possible, and it is not known whether interrupts will ever reach them. Nor is the number of queues and vectors certain, for drivers count possible CPUs.',
    'Check: "Ignoring hot-pluggable APIC ID" and "Rejected CPUs N" in the log of the machine; /sys/devices/system/cpu/possible.',
    'Change: give packageCpus, the APIC IDs that a package has room for, or describe the CPUs by a topology.',
  ],
  messages: ['CPU topo: Ignoring hot-pluggable APIC ID {} in present package.', 'CPU topo: Rejected CPUs {}'],
  check({ machine, enumeration }) {
    // Also a CPU that an event plugged: the kernel may have refused it.
    const slots = enumeration.cpus.filter(({ mayBeRejected }) => mayBeRejected);
    if (slots.length === 0) return [];
    const cpus = CpuMask.of(
      enumeration.nrCpuIds,
      slots.map(({ cpu }) => cpu),
    );
    const noId = slots.some(({ apicId }) => apicId === null);
    const noPackage = machine.packageShift === null && slots.some(({ apicId }) => apicId !== null);
    const n = slots.length;
    return [
      {
        message: `it is unknown whether ${count(n, 'absent CPU')}${idsOf(slots)} can be plugged at all: CPU${n === 1 ? '' : 's'} ${shortenList(cpus.toString())} may not exist for the kernel`,
        cause: [
          `Linux ${machine.kernel.text} on bare metal rejects an absent CPU whose package has a plugged one`,
          ...(noPackage
            ? ['the missing fact is how many APIC IDs a package has room for (packageCpus)']
            : []),
          ...(noId ? ['the missing fact is the APIC ID of each absent CPU'] : []),
        ],
        fix: [
          ...(noPackage ? ['description: packageCpus, the APIC IDs that a package has room for'] : []),
          ...(noId ? ['description: the apicId of each absent CPU'] : []),
        ],
        cpus,
        path: ['cpus'],
      },
    ];
  },
};
