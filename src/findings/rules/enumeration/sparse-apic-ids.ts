/** APIC IDs with holes push a machine over a limit that its CPU count is far below. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { formatIds } from '../../../lib/ids.ts';
import { isGuessed } from '../../../linux/model/enumeration.ts';
import { count, type Rule } from '../rule.ts';

export const sparseApicIds: Rule = {
  name: 'sparse-apic-ids',
  aliases: [],
  level: 'warning',
  summary: 'APIC IDs have holes, so CPUs cross the limit although there are few enough of them.',
  explain: [
    'An APIC ID has bit fields for package, die, module, core and thread, each wide enough for its count. Five cores take as much room as eight, so 48 packages of 5 cores number up to 380 while there are only 240 CPUs.',
    'APIC IDs are not CPU numbers: the limit applies to the ID.',
    'Change: use powers of two for dies, modules, cores and threads, with the odd factor in the packages (the topmost field has no room to waste).',
  ],
  messages: ['APIC ID {} requires x2APIC feature in CPU'],
  check(facts) {
    const { apic, enumeration } = facts;
    const above = enumeration.cpus.filter(({ apicId }) => apicId !== null && apicId > apic.limit);
    if (above.length === 0 || above.some((cpu) => isGuessed(facts.machine, cpu))) return [];
    const known = enumeration.cpus.filter(({ apicId }) => apicId !== null);
    if (known.length > apic.limit + 1) return [];
    const ids = above.map((cpu) => cpu.apicId as number).sort((a, b) => a - b);
    const { shape } = facts.machine;
    return [
      {
        message: `${count(known.length, 'CPU')} would fit below the limit ${apic.limit}, but holes in the APIC IDs push ${above.length} above it (${formatIds(ids)})`,
        cause: [
          shape === null
            ? `the APIC IDs given run to ${ids[ids.length - 1]} for ${count(known.length, 'CPU')}`
            : `the topology ${shape} rounds each level up to a power of two`,
        ],
        cpus: CpuMask.of(
          enumeration.nrCpuIds,
          above.map((cpu) => cpu.cpu),
        ),
        path: [shape === null ? 'cpus' : 'topology'],
      },
    ];
  },
};
