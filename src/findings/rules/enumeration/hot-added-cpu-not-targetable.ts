/** A guest kernel without limit brings hot-added CPUs above 255 online, out of reach of interrupts. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { formatIds } from '../../../lib/ids.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MSI_MAX_ID, NO_LIMIT } from '../../../machine/apic-ids.ts';
import { becauseOf, firmwareIdsAbove } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

/** CPUs that were plugged above 255 since boot. */
function pluggedAbove({ enumeration, run }: Simulation): readonly { cpu: number; apicId: number }[] {
  return enumeration.cpus.flatMap(({ cpu, apicId }) =>
    apicId !== null && apicId > MSI_MAX_ID && run.present.test(cpu) ? { cpu, apicId } : [],
  );
}

export const hotAddedCpuNotTargetable: Rule = {
  name: 'hot-added-cpu-not-targetable',
  aliases: ['R006'],
  level: 'error',
  summary: 'A CPU hot-added above APIC ID 255 comes online although no device interrupt can reach it.',
  explain: [
    'Linux before 5.4.86, 5.10.4 and 5.11 judges a guest without interrupt remapping once, at boot, by the CPUs that are plugged then. If none is above 255 it uses x2APIC without any limit.',
    'A CPU hot-added later with a higher APIC ID comes online, and interrupts are sent to it that an 8-bit destination cannot carry: they are lost or hit another CPU.',
    'Check: an online CPU with an APIC ID above 255 in /proc/cpuinfo while /proc/interrupts shows chips without "IR-".',
    'Change: a guest kernel with commit 26573a97746c, which refuses such a CPU, or 5.11 with the extended destination ID, which reaches it; or fewer hot-plug slots.',
  ],
  messages: ['CPU{} has been hot-added'],
  check(facts) {
    const { machine, apic, enumeration, policy } = facts;
    const noLimit = apic.limit === NO_LIMIT && apic.ioApic && apic.remapping !== 'x2apic' && !apic.fatal;
    // Policies that bring such CPUs online send no interrupts to them.
    if (policy.onlinesUnreachable || !noLimit || machine.kernel.has('guest-apic-limit')) return [];
    const plugged = pluggedAbove(facts);
    const ids = [...new Set([...firmwareIdsAbove(machine, MSI_MAX_ID), ...plugged.map((cpu) => cpu.apicId)])];
    if (ids.length === 0) return [];
    const what =
      plugged.length > 0
        ? count(plugged.length, 'hot-added CPU')
        : `a CPU plugged into one of ${count(ids.length, 'hot-plug slot')}`;
    return [
      {
        message: `${what} above APIC ID ${MSI_MAX_ID} (${formatIds(ids.sort((a, b) => a - b))}) comes online, but device interrupts cannot be sent to it`,
        cause: becauseOf(facts).cause,
        cpus: CpuMask.of(
          enumeration.nrCpuIds,
          plugged.map(({ cpu }) => cpu),
        ),
        path: ['kernel'],
      },
    ];
  },
};
