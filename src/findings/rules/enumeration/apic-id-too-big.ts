/** APIC IDs that no kernel takes. */
import { idsOf, ignoredPlugged, ignoredSlots, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const apicIdTooBig: Rule = {
  name: 'apic-id-too-big',
  aliases: ['R009'],
  level: 'error',
  summary: 'APIC IDs of 32768 and above exceed what the kernel has room for.',
  explain: [
    'Linux keeps a table of APIC IDs with 32768 places (MAX_LOCAL_APIC). A CPU with a higher ID gets no CPU number, whatever interrupts could reach.',
    'The ID is made of bit fields for thread, core, die and package. Huge topologies whose counts are not powers of two get there with far fewer CPUs.',
    'Check: "exceeds kernel limit of: 7fff" (6.9 and newer) or "skipped apicid that is too big" in the log.',
    'Change: renumber the CPUs in firmware, or choose a topology with powers of two below the socket.',
  ],
  messages: ['CPU topo: APIC ID {} exceeds kernel limit of: {}', 'ACPI: skipped apicid that is too big'],
  check(facts) {
    const plugged = ignoredPlugged(facts, 'too-big');
    const lost = plugged.length > 0 ? plugged : ignoredSlots(facts, 'too-big');
    if (lost.length === 0) return [];
    const { shape } = facts.machine;
    return [
      {
        message: `${count(lost.length, plugged.length > 0 ? 'plugged CPU' : 'hot-plug slot')}${idsOf(lost)} ${lost.length === 1 ? 'is' : 'are'} rejected: APIC ID${lost.length === 1 ? '' : 's'} above 32767`,
        cause: reasonsOf(lost),
        fix: ['firmware or hypervisor: number the CPUs below 32768'],
        path: [shape === null ? 'cpus' : 'topology'],
        level: plugged.length > 0 ? 'error' : 'warning',
      },
    ];
  },
};
