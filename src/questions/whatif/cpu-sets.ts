/** CPUs gained and lost in each of the kernel's sets, and why. */
import type { Analysis } from '../../findings/analyze.ts';
import { CpuMask, formatList } from '../../lib/cpumask.ts';
import type { Pairing } from './pairing.ts';

export const CPU_SETS = ['possible', 'present', 'online', 'reachable'] as const;
export type CpuSet = (typeof CPU_SETS)[number];

/** CPUs that are in a set on one side only. */
export interface CpuGroup {
  readonly count: number;
  /** In list form, numbered as on the side that has them. */
  readonly cpus: string;
  /** Their known APIC IDs on that side, in list form. */
  readonly apicIds: string;
  /** Why the other side has them not in the set; each reason once. */
  readonly because: readonly string[];
}

export interface CpuSetChange {
  readonly set: CpuSet;
  readonly before: CpuMask;
  readonly after: CpuMask;
  readonly gained: CpuGroup | null;
  readonly lost: CpuGroup | null;
}

/** CPUs that take device interrupts: online and reachable. */
export interface UsableCpus {
  readonly gained: number;
  readonly lost: number;
}

function maskOf({ enumeration, run, domains }: Analysis, set: CpuSet): CpuMask {
  if (set === 'possible') return enumeration.possible;
  return set === 'reachable' ? domains[0].reachable : run[set];
}

/** CPUs of `has` whose partner is not in `lacks`, ascending. */
function onlyIn(has: CpuMask, lacks: CpuMask, partnerOf: Int32Array): number[] {
  const cpus: number[] = [];
  has.forEach((cpu) => {
    const partner = partnerOf[cpu];
    if (partner < 0 || !lacks.test(partner)) cpus.push(cpu);
  });
  return cpus;
}

/** Why a possible CPU of that machine is not in the set. */
type Reason = (side: Analysis, cpu: number) => string;

const notOnline: Reason = ({ apic, enumeration, machine, run }, cpu) => {
  const { apicId, firmwareIndex } = enumeration.cpus[cpu];
  if (!run.present.test(cpu)) return 'not plugged';
  if (apic.fatal) return 'the kernel panics';
  if (apicId !== null && apicId > apic.limit) return `APIC ID above the limit ${apic.limit}`;
  if (run.timeline?.boot.online.test(cpu)) return 'taken offline by an event';
  if (firmwareIndex !== null && machine.cpus[firmwareIndex].state === 'offline')
    return 'described as offline';
  return 'not brought online';
};

const notReachable: Reason = ({ domains, enumeration }, cpu) => {
  const { apicId } = enumeration.cpus[cpu];
  if (apicId === null) return 'APIC ID not known';
  if (domains[0].unknown.test(cpu)) return 'its package is not told';
  const { maxApicId } = domains[0];
  return apicId > maxApicId ? `APIC ID above the limit ${maxApicId}` : 'no message can address it';
};

const REASONS: Readonly<Record<Exclude<CpuSet, 'possible'>, Reason>> = {
  present: () => 'not plugged',
  online: notOnline,
  reachable: notReachable,
};

function groupOf(
  set: CpuSet,
  cpus: readonly number[],
  has: Analysis,
  lacks: Analysis,
  partnerOf: Int32Array,
): CpuGroup | null {
  if (cpus.length === 0) return null;
  const ignored = new Map(lacks.enumeration.ignored.map(({ apicId, reason }) => [apicId, reason]));
  const because = new Set<string>();
  const ids: number[] = [];
  for (const cpu of cpus) {
    const { apicId } = has.enumeration.cpus[cpu];
    const partner = partnerOf[cpu];
    if (partner >= 0 && set !== 'possible') because.add(REASONS[set](lacks, partner));
    else because.add((apicId !== null && ignored.get(apicId)) || 'firmware lists no such CPU');
    if (apicId !== null) ids.push(apicId);
  }
  return {
    count: cpus.length,
    cpus: formatList(cpus),
    apicIds: formatList(ids.sort((a, b) => a - b)),
    because: [...because],
  };
}

/** The sets in which CPUs came or went. */
export function changedSets(before: Analysis, after: Analysis, pairing: Pairing): CpuSetChange[] {
  const { beforeOf, afterOf } = pairing;
  return CPU_SETS.map((set): CpuSetChange => {
    const [was, is] = [maskOf(before, set), maskOf(after, set)];
    return {
      set,
      before: was,
      after: is,
      gained: groupOf(set, onlyIn(is, was, beforeOf), after, before, beforeOf),
      lost: groupOf(set, onlyIn(was, is, afterOf), before, after, afterOf),
    };
  }).filter(({ gained, lost }) => gained !== null || lost !== null);
}

function usable({ run, domains }: Analysis): CpuMask {
  return CpuMask.and(run.online, domains[0].reachable);
}

/** How many CPUs began and ceased to be online and reachable. */
export function changedUsable(before: Analysis, after: Analysis, pairing: Pairing): UsableCpus {
  const [was, is] = [usable(before), usable(after)];
  return {
    gained: onlyIn(is, was, pairing.beforeOf).length,
    lost: onlyIn(was, is, pairing.afterOf).length,
  };
}
