/** The interrupts of a machine's devices and of its HPET as a tuning script meets them: where each one goes, and whether it may be moved. */
import type { Analysis } from '../../findings/analyze.ts';
import { assert } from '../../lib/assert.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { ENOSPC } from '../../lib/errno.ts';
import { movesAtOnce } from '../../linux/engine/irq-life.ts';
import { housekeepingSetup } from '../../linux/model/housekeeping.ts';
import {
  affinityRefusal,
  isNotUsers,
  movableTo,
  roomyCpus,
  tryAffinity,
} from '../../linux/sim/affinity-write.ts';
import type { InterruptRow } from '../../linux/sim/run.ts';
import type { System } from '../../linux/sim/system.ts';
import type { DomainName } from '../../machine/interrupt-domains.ts';

export interface Interrupt {
  readonly irq: number;
  readonly device: string;
  /** The one queue that it serves; null: none, or several. */
  readonly queue: number | null;
  readonly managed: boolean;
  /** /proc/irq/N/smp_affinity_list. */
  readonly affinity: CpuMask;
  /** The CPU that it goes to; for a stopped interrupt the first online CPU. */
  readonly effective: number;
  /** Of the effective CPU: it runs. */
  readonly online: boolean;
  /** Of the effective CPU: its APIC ID is known, and messages of the device can carry it. */
  readonly reachable: boolean;
  /** Of the effective CPU: `isolcpus=` or `nohz_full=` sets it apart. */
  readonly isolated: boolean;
  /** The kernel takes a write to smp_affinity of an online CPU, or of the CPUs asked for, and the interrupt goes there. */
  readonly movable: boolean;
  /** Online CPUs to which it can be moved: those that have a free vector, and the one it is on. */
  readonly movableTo: CpuMask;
  /** What such a write gives instead, as a positive number; null where it is taken. */
  readonly errno: number | null;
}

/** The machine at rest, and the CPUs that are asked for; null: any. */
export interface Asked {
  readonly system: System | null;
  readonly to: CpuMask | null;
}

/** The interrupts in ascending order; a kernel that panics at boot has none. */
export function interruptsOf(analysis: Analysis, { system, to }: Asked): Interrupt[] {
  if (!system) return [];
  const verdict = verdictOf(analysis, system, to);
  return [...deviceInterrupts(analysis, verdict), ...hpetInterrupts(analysis, verdict)].sort(
    (a, b) => a.irq - b.irq,
  );
}

type Verdict = Pick<Interrupt, 'movable' | 'movableTo' | 'errno'>;
type VerdictOf = (irq: number, domain: DomainName) => Verdict;

/** What comes of a write, by interrupt. */
function verdictOf(analysis: Analysis, system: System, to: CpuMask | null): VerdictOf {
  const roomy = roomyCpus(system);
  const { life } = system;
  const severalRun = life.online.bits.weight() > 1;
  return (irq, of) => {
    const d = life.irqs.get(irq);
    assert(d, () => `there is no irq ${irq}`);
    const reachable = (analysis.domains.find(({ name }) => name === of) ?? analysis.domains[0]).reachable;
    const targets = movableTo(system, d, roomy, reachable);
    if (to !== null) {
      const { errno, moves } = tryAffinity(system, d, to);
      return { movable: moves && to.intersects(reachable), movableTo: targets, errno: errno || null };
    }
    if (isNotUsers(d)) return { movable: false, movableTo: targets, errno: affinityRefusal(system) };
    const elsewhere = targets.weight() > (targets.test(d.cpu) ? 1 : 0);
    if (elsewhere || !severalRun) return { movable: true, movableTo: targets, errno: null };
    // Where it has to wait for the next interrupt, the write is taken and nothing comes of it.
    return { movable: false, movableTo: targets, errno: movesAtOnce(life, d) ? ENOSPC : null };
  };
}

function deviceInterrupts(analysis: Analysis, verdict: VerdictOf): Interrupt[] {
  return analysis.run.devices.flatMap((device) => {
    const judge = judgeCpu(analysis, device.domain);
    return [...rowsOf(device)].map(([irq, { row, queue }]): Interrupt => {
      const { managed, affinity, effective } = row;
      const common = { irq, device: device.name, queue, managed, affinity, effective };
      return { ...common, ...judge(effective), ...verdict(irq, device.domain) };
    });
  });
}

/** Those of the HPET's channels that are timers of CPUs: nobody manages them, and users may not move them. */
function hpetInterrupts(analysis: Analysis, verdict: VerdictOf): Interrupt[] {
  const judge = judgeCpu(analysis, 'hpet-msi');
  return analysis.run.hpet.flatMap(({ irq, affinity, effective }): Interrupt[] => {
    if (affinity === null || effective === null) return [];
    const common = { irq, device: 'hpet', queue: null, managed: false, affinity, effective };
    return [{ ...common, ...judge(effective), ...verdict(irq, 'hpet-msi') }];
  });
}

type Row = Pick<InterruptRow, 'managed' | 'affinity' | 'effective'>;

/** By number: an interrupt that queues share is in the row of each. */
function rowsOf({ queues, interrupts }: Analysis['run']['devices'][number]) {
  const rows = new Map<number, { readonly row: Row; readonly queue: number | null }>();
  for (const row of interrupts) rows.set(row.irq, { row, queue: null });
  for (const { irq, index, managed, affinity, effective } of queues) {
    if (irq === null || effective === null) continue;
    rows.set(irq, { row: { managed, affinity, effective }, queue: rows.has(irq) ? null : index });
  }
  return rows;
}

function judgeCpu({ machine, enumeration, domains, run }: Analysis, of: DomainName) {
  const domain = domains.find(({ name }) => name === of) ?? domains[0];
  const kept = Object.values(housekeepingSetup(machine, enumeration).masks);
  return (cpu: number) => ({
    online: run.online.test(cpu),
    reachable: domain.reachable.test(cpu),
    isolated: kept.some((mask) => !mask.test(cpu)),
  });
}

/** Interrupts of one device that follow each other and differ only in queue and CPUs. */
export interface InterruptRange {
  readonly first: Interrupt;
  readonly last: Interrupt;
  /** CPUs of all affinity masks together. */
  readonly affinity: CpuMask;
  /** Effective CPUs, ascending, each once. */
  readonly effective: readonly number[];
}

const SAME = ['device', 'managed', 'online', 'reachable', 'isolated', 'movable', 'errno'] as const;

function follows(last: Interrupt, next: Interrupt): boolean {
  const queues = last.queue === null ? next.queue === null : next.queue === last.queue + 1;
  return next.irq === last.irq + 1 && queues && SAME.every((key) => last[key] === next[key]);
}

/** The interrupts in ranges, for people. */
export function rangesOf(interrupts: readonly Interrupt[]): InterruptRange[] {
  const ranges: Interrupt[][] = [];
  for (const one of interrupts) {
    const range = ranges.at(-1);
    const last = range?.at(-1);
    if (range && last && follows(last, one)) range.push(one);
    else ranges.push([one]);
  }
  return ranges.map((range) => {
    const affinity = range[0].affinity.clone();
    for (const one of range) affinity.orWith(one.affinity);
    const effective = [...new Set(range.map((one) => one.effective))].sort((a, b) => a - b);
    return { first: range[0], last: range[range.length - 1], affinity, effective };
  });
}
