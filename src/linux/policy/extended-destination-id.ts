/** What LKML called possible on virtual machines on 8 October 2020 (P7), and its rules for the HPET (P8). */
import { MSI_MAX_ID } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Policy } from './policy.ts';

const SOURCE = 'Gleixner to Woodhouse, LKML, 8 October 2020';

/** The machine as a guest whose hypervisor offers the extended destination ID. */
function withExtendedId(machine: Machine): Machine {
  const offers = machine.platform === 'hyperv' || machine.platform.startsWith('xen');
  return { ...machine, platform: offers ? machine.platform : 'kvm', extDestId: true };
}

export const extendedDestinationId: Policy = {
  name: 'extended-destination-id',
  aliases: ['P7'],
  source: SOURCE,
  summary:
    'The machine runs as a guest of a hypervisor that offers the extended destination ID: 15 bits of APIC ID in every message, so that no CPU up to 32767 is unreachable and nothing else has to change.',
  verdict: 'safe: no CPU is unreachable, provided the guest kernel is 5.11 or newer',
  adapt: withExtendedId,
};

export const hpetLimited: Policy = {
  name: 'hpet-limited',
  aliases: ['P8a', 'P8'],
  source: `${SOURCE}; withdrawn on the list`,
  summary:
    "As extended-destination-id, and the HPET's interrupt domain is limited to APIC IDs up to 255, because its route register was thought not to carry the extra bits.",
  verdict: 'safe; mainline needs no such limit since 5.11',
  adapt: withExtendedId,
  domainMax: (domain, max) => (domain === 'hpet-msi' ? Math.min(max, MSI_MAX_ID) : max),
};

export const noHpetMsi: Policy = {
  name: 'no-hpet-msi',
  aliases: ['P8b'],
  source: `${SOURCE}; withdrawn on the list`,
  summary: 'As extended-destination-id, and the HPET may not send message interrupts.',
  verdict: 'safe; costs the per-CPU HPET timers of CPUs without ARAT',
  adapt: (machine) => ({ ...withExtendedId(machine), hpet: { ...machine.hpet, msi: false } }),
};

export const noHpet: Policy = {
  name: 'no-hpet',
  aliases: ['P8c'],
  source: `${SOURCE}: "a reasonable tradeoff"; withdrawn on the list`,
  summary: 'As extended-destination-id, and the HPET is disabled.',
  verdict: 'safe where kvm-clock or a known TSC frequency, ARAT and the deadline timer replace the HPET',
  adapt: (machine) => ({ ...withExtendedId(machine), hpet: { ...machine.hpet, present: false, msi: false } }),
};
