/** nox2apic on a machine with APIC IDs of 255 and above. */

import { apicIdNames } from '../../../lib/ids.ts';
import { apicDisabled, bootApicId } from '../../../linux/model/handover.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { numbersOf, skippedByMode } from '../facts/cpus-above-limit.ts';
import { idsOf, ignoredPlugged, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

/** Why nox2apic cannot be obeyed, or null if it is. */
function notEnforced({ machine, handover }: Simulation): string | null {
  if (!handover.x2apicOn) return null;
  const id = bootApicId(machine);
  return id > XAPIC_MAX_ID ? `the boot CPU has APIC ID ${id}` : 'x2APIC is locked';
}

export const nox2apicWithHighIds: Rule = {
  name: 'nox2apic-with-high-ids',
  aliases: ['R037'],
  level: 'warning',
  summary: 'nox2apic makes the kernel ignore CPUs with APIC IDs of 255 and above, or cannot be obeyed.',
  explain: [
    'nox2apic acts before the kernel reads the list of CPUs: x2APIC is switched off, and every entry with an APIC ID of 255 or more is dropped. Neither interrupt remapping nor the hypervisor can bring them back.',
    'If the boot CPU itself has such an ID, or firmware locked x2APIC, the kernel cannot obey and goes on as if the parameter were not there.',
    'Check: "x2apic already enabled." and "x2apic disabled", then one "ACPI: x2apic entry ignored" for each lost CPU.',
    'Change: remove the parameter.',
  ],
  messages: [
    'ACPI: x2apic entry ignored',
    'Apicid: {}, cannot enforce nox2apic',
    "APIC locked in x2apic mode, can't disable",
  ],
  check(facts) {
    const { machine } = facts;
    if (!machine.cmdline.nox2apic || apicDisabled(machine) || !machine.kernelConfig.x2apic) return [];
    const why = notEnforced(facts);
    const path = ['cmdline'];
    if (why) return [{ message: 'the kernel cannot enforce nox2apic', cause: [why], path }];
    const skipped = skippedByMode(facts);
    if (skipped.length === 0) return [];
    const lost = ignoredPlugged(facts, 'x2apic-off');
    const ids = skipped.map((index) => machine.cpus[index].apicId as number).sort((a, b) => a - b);
    return [
      {
        message: `nox2apic makes the kernel skip ${count(skipped.length, 'plugged CPU')} (${apicIdNames(ids)})${lost.length === 0 ? '' : `; never registered${idsOf(lost)}`}`,
        cause: ['nox2apic acts before the list of CPUs is read', ...reasonsOf(lost)],
        cpus: numbersOf(facts, new Set(skipped)),
        path,
      },
    ];
  },
};
