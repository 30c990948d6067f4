/** x2APIC entries for low APIC IDs beside xAPIC entries. */
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { idsOf, ignoredPlugged, ignoredSlots } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const x2apicEntriesIgnored: Rule = {
  name: 'x2apic-entries-ignored',
  aliases: ['R016'],
  level: 'note',
  summary: 'The kernel ignores x2APIC entries for APIC IDs below 255, as firmware has xAPIC entries too.',
  explain: [
    'ACPI 6.5 lets firmware list a CPU below APIC ID 255 in an xAPIC entry (type 0) or in an x2APIC entry (type 9), not in both. Since 6.7 Linux takes no x2APIC entry for such an ID once it has seen a usable xAPIC entry, without a word in the log.',
    'Where each CPU has an xAPIC entry too that is what firmware wants: the pair counts once, where older kernels count it twice. A CPU that is listed in an x2APIC entry alone is lost: the finding is a warning then.',
    'Check: acpidump and iasl -d show entries of both kinds; /sys/devices/system/cpu/present holds fewer CPUs than firmware lists.',
    'Change: firmware that lists all CPUs below 255 in entries of one kind.',
  ],
  messages: [],
  check(facts) {
    const { machine, enumeration } = facts;
    const lost = [...ignoredPlugged(facts, 'shadowed'), ...ignoredSlots(facts, 'shadowed')];
    const twice = enumeration.ignored.filter(
      ({ why, firmwareIndex }) => why === 'duplicate' && machine.cpus[firmwareIndex].x2apicEntry === true,
    );
    if (!machine.kernel.has('x2apic-entries-shadowed') || lost.length + twice.length === 0) return [];
    const all = lost.length > 0 ? lost : twice;
    const what = `${count(all.length, 'x2APIC entry', 'x2APIC entries')}${idsOf(all)} ${all.length === 1 ? 'is' : 'are'} ignored`;
    return [
      {
        message:
          lost.length > 0
            ? `${what}: ${lost.length === 1 ? 'this CPU gets no number' : 'these CPUs get no number'}`
            : `${what}: ${twice.length === 1 ? 'an xAPIC entry lists' : 'xAPIC entries list'} the same CPU${twice.length === 1 ? '' : 's'}`,
        cause: [
          `firmware has xAPIC entries, and the kernel then takes no x2APIC entry with an APIC ID up to ${XAPIC_MAX_ID}`,
        ],
        ...(lost.length > 0 ? {} : { fix: ['nothing needs to change'] }),
        level: lost.length > 0 ? 'warning' : 'note',
        path: machine.cpuPath?.(all[0].firmwareIndex) ?? ['cpus'],
      },
    ];
  },
};
