/** The interrupts of a machine's devices and of its HPET as a tuning script meets them: where each one goes, and whether it may be moved. */
import type { Analysis } from '../../findings/analyze.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { EIO, EPERM } from '../../lib/errno.ts';
import { housekeepingSetup } from '../../linux/model/housekeeping.ts';
import type { InterruptRow } from '../../linux/sim/run.ts';
import type { DomainName } from '../../machine/interrupt-domains.ts';
import type { Kernel } from '../../machine/kernel.ts';

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
  /** The kernel takes a write of an online CPU to smp_affinity. */
  readonly movable: boolean;
  /** What such a write gives instead, as a positive number; null where it is taken. */
  readonly errno: number | null;
}

/** The interrupts in ascending order; a kernel that panics at boot has none. */
export function interruptsOf(analysis: Analysis): Interrupt[] {
  return [...deviceInterrupts(analysis), ...hpetInterrupts(analysis)].sort((a, b) => a.irq - b.irq);
}

function deviceInterrupts(analysis: Analysis): Interrupt[] {
  const refusal = affinityRefusal(analysis.machine.kernel);
  return analysis.run.devices.flatMap((device) => {
    const judge = judgeCpu(analysis, device.domain);
    return [...rowsOf(device)].map(([irq, { row, queue }]): Interrupt => {
      const { managed, affinity, effective } = row;
      const errno = managed ? refusal : null;
      const movable = errno === null;
      return {
        irq,
        device: device.name,
        queue,
        managed,
        affinity,
        effective,
        ...judge(effective),
        movable,
        errno,
      };
    });
  });
}

/** Those of the HPET's channels that are timers of CPUs: nobody manages them, and users may not move them. */
function hpetInterrupts(analysis: Analysis): Interrupt[] {
  const judge = judgeCpu(analysis, 'hpet-msi');
  const errno = affinityRefusal(analysis.machine.kernel);
  return analysis.run.hpet.flatMap(({ irq, affinity, effective }): Interrupt[] => {
    if (affinity === null || effective === null) return [];
    const common = { irq, device: 'hpet', queue: null, managed: false, affinity, effective };
    return [{ ...common, ...judge(effective), movable: false, errno }];
  });
}

/** What write_irq_affinity() of kernel/irq/proc.c gives for an interrupt that users may not move. */
function affinityRefusal(kernel: Kernel): number {
  return kernel.has('managed-affinity-eperm') ? EPERM : EIO;
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

const SAME = ['device', 'managed', 'online', 'reachable', 'isolated', 'errno'] as const;

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
