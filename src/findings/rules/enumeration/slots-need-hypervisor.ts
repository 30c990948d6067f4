/** With old firmware tables, newer kernels ignore absent CPUs unless a hypervisor is detected. */
import { detectHypervisor } from '../../../linux/model/hypervisor.ts';
import { idsOf, ignoredSlots, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const slotsNeedHypervisor: Rule = {
  name: 'slots-need-hypervisor',
  aliases: ['R018'],
  level: 'warning',
  summary: 'Absent CPUs are ignored: no hypervisor was detected and the firmware tables are old.',
  explain: [
    'Firmware older than ACPI 6.3 has no flag that tells a hot-plug slot from a CPU that is not there. On real machines such entries are mostly leftovers, so Linux 7.0 and newer (6.12.77, 6.18.17, 6.19.6) drops them, unless it runs under a hypervisor that it recognises.',
    'nopv makes a guest look like bare metal and so takes its hot-plug slots too. A guest under an unknown hypervisor (QEMU without KVM, a hidden signature) has none either.',
    'Check: "Allowing N present CPUs plus 0 hotplug CPUs" in the log.',
    'Change: remove nopv, show the hypervisor signature, or provide a FADT of 6.3 or newer with Online Capable entries. On bare metal without CPU hot-plug nothing is lost.',
  ],
  messages: ['CPU topo: Allowing {} present CPUs plus {} hotplug CPUs'],
  check(facts) {
    const lost = ignoredSlots(facts, 'needs-hypervisor');
    if (lost.length === 0) return [];
    const { because } = detectHypervisor(facts.machine);
    return [
      {
        message: `${count(lost.length, 'absent CPU')}${idsOf(lost)} ${lost.length === 1 ? 'is' : 'are'} ignored: no hot-plug on what looks like bare metal`,
        cause: [...reasonsOf(lost), ...(because ? [because.text] : [])],
        path: because?.path ?? ['platform'],
      },
    ];
  },
};
