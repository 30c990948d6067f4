/** CPUs with their APIC IDs → the `cpus` list of a description, neighbours in one entry. */
import { formatList } from '../lib/cpumask.ts';

/** One CPU, in firmware order. */
export interface NumberedCpu {
  readonly apicId: number;
  readonly node: number;
  readonly present: boolean;
}

export interface CpuEntry {
  readonly apicId: string;
  readonly node?: number;
  readonly state?: 'absent';
}

/** Entries for runs of CPUs on one node in one state. */
export function cpuEntries(cpus: readonly NumberedCpu[]): CpuEntry[] {
  const entries: CpuEntry[] = [];
  for (let first = 0; first < cpus.length; ) {
    const { node, present } = cpus[first];
    let end = first + 1;
    while (end < cpus.length && cpus[end].node === node && cpus[end].present === present) end++;
    entries.push({
      apicId: idList(cpus.slice(first, end)),
      ...(node === 0 ? {} : { node }),
      ...(present ? {} : { state: 'absent' as const }),
    });
    first = end;
  }
  return entries;
}

/** "0-3,8"; APIC IDs rise with the CPU index. */
function idList(cpus: readonly NumberedCpu[]): string {
  return formatList(cpus.map(({ apicId }) => apicId));
}
