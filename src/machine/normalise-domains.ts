/** What a description says of interrupt domains. */
import { MAX_APIC_ID } from './apic-ids.ts';
import { DOMAIN_NAMES } from './interrupt-domains.ts';
import { parseRanges } from './lists.ts';
import { excerpt, type Path, type Problems, pathText } from './locate.ts';
import type { DomainFacts, Machine } from './machine.ts';
import type { CpuListInput, MachineInput } from './schema.ts';

/** By name; domains that are not written are absent. `cpuCount`: how many CPU numbers there can be. */
export function normaliseDomains(
  input: NonNullable<MachineInput['domains']>,
  cpuCount: number,
  problems: Problems,
): Machine['domains'] {
  return Object.fromEntries(
    DOMAIN_NAMES.flatMap((name) => {
      const written = input[name];
      if (written === undefined) return [];
      const path = ['domains', name];
      const cpus = (key: 'reachable' | 'unreachable') =>
        numbers(written.reach?.[key], [...path, 'reach', key], cpuCount, problems);
      const facts: DomainFacts = {
        maxApicId: limitOf(written.maxApicId, [...path, 'maxApicId'], problems),
        reachable: cpus('reachable'),
        unreachable: cpus('unreachable'),
        path,
      };
      const both = [...facts.reachable].find((cpu) => facts.unreachable.has(cpu));
      if (both !== undefined) {
        const at = [...path, 'reach', 'unreachable'];
        problems.add(at, `${pathText(at)}: CPU ${both} is in reachable, too`);
      }
      return [[name, facts]];
    }),
  );
}

function limitOf(input: string | number | undefined, path: Path, problems: Problems): number | undefined {
  if (input === undefined) return undefined;
  const limit =
    typeof input === 'number' || /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(input) ? Number(input) : -1;
  if (limit >= 0 && limit <= MAX_APIC_ID) return limit;
  problems.add(
    path,
    `${pathText(path)}: expected an APIC ID up to ${MAX_APIC_ID}, not ${excerpt(String(input))}`,
  );
  return undefined;
}

function numbers(
  input: CpuListInput | undefined,
  path: Path,
  cpuCount: number,
  problems: Problems,
): ReadonlySet<number> {
  const found = new Set<number>();
  const ranges = input === undefined ? [] : (parseRanges(input, path, problems) ?? []);
  for (const [first, last] of ranges) {
    if (last >= cpuCount) {
      problems.add(path, `${pathText(path)}: there is no CPU ${last}, the highest is ${cpuCount - 1}`);
      return found;
    }
    for (let cpu = first; cpu <= last; cpu++) found.add(cpu);
  }
  return found;
}
