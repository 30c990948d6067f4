/** Absent CPUs without the Online Capable flag are not hot-plug slots. */
import { idsOf, ignoredSlots, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const slotsNotOnlineCapable: Rule = {
  name: 'slots-not-online-capable',
  aliases: ['R017'],
  level: 'warning',
  summary: 'Absent CPUs are not hot-pluggable: firmware does not mark them Online Capable.',
  explain: [
    'Since ACPI 6.3 a CPU entry that is not enabled counts as a hot-plug slot only if its Online Capable flag is set. Linux 6.3 and newer (and 6.1.23) looks at the flag when the FADT says 6.3 or newer; 5.18 to 6.2 look at the revision of the MADT.',
    'Entries without it are dropped silently: the CPUs are not possible, and plugging one in fails.',
    'Check: iasl -d on /sys/firmware/acpi/tables/APIC shows the flag; /sys/devices/system/cpu/possible has no room for the slots.',
    'Change: firmware or the hypervisor must set bit 1 of the flags in the MADT entries.',
  ],
  messages: ['ACPI: Unable to map lapic to logical cpu number'],
  check(facts) {
    const lost = ignoredSlots(facts, 'not-online-capable');
    if (lost.length === 0) return [];
    const n = lost.length;
    const { machine } = facts;
    const { fadt } = machine.firmware;
    const byItself = lost.find(({ firmwareIndex }) => machine.cpus[firmwareIndex].onlineCapable === false);
    return [
      {
        message: `${count(n, 'absent CPU')}${idsOf(lost)} ${n === 1 ? 'is' : 'are'} not hot-pluggable`,
        cause: [
          ...reasonsOf(lost),
          `the FADT has revision ${Math.floor(fadt / 100)}.${fadt % 100}, and from 6.3 on the flag counts`,
        ],
        path: (byItself && machine.cpuPath?.(byItself.firmwareIndex)) ?? ['firmware', 'onlineCapable'],
      },
    ];
  },
};
