/**
 * Interrupt numbers: irq_domain_alloc_descs() gives the lowest that is free above the pins of the IO-APICs. The order
 * in which interrupts come into being is the machine's.
 */
import { kernelLog } from '../../formats/linux-capture/kernel-log.ts';
import { NR_LEGACY } from '../../linux/sim/boot.ts';
import { ioapicDisabled } from '../../linux/sim/ioapic-disabled.ts';
import type { System } from '../../linux/sim/system.ts';
import { type Owners, subjectOf } from './probing.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';
import type { AllocStep, DestroyStep, TraceStep } from './trace.ts';

const KIND = 'interrupt numbers';
const NO_LOG = 'there is no kernel log that tells the pins of the IO-APICs';
const NO_TRACE = 'the trace does not tell when these interrupts came into being';
const PARALLEL =
  'devices were probed in parallel: a number is taken a moment before the trace tells of the interrupt';

/** The numbers in use while a capture is played. */
export interface Numbers {
  /** The first that is free for messages (gsi_top); undefined: not known. */
  readonly from: number | undefined;
  readonly taken: Set<number>;
  /** Numbers that were compared, or are known to be undecided. */
  readonly seen: Set<number>;
}

/** Nothing taken yet. The log tells the pins: of a machine told to leave its IO-APICs alone firmware may list them twice. */
export function numbersOf(system: System, first: CaptureStage): Numbers {
  const log = kernelLog(first.tree);
  const ends = log.all(/IOAPIC\[\d+\]: .*GSI \d+-(\d{1,5})/g).map((match) => Number(match[1]) + 1);
  const disabled = ioapicDisabled(system.machine);
  const skipped = log.says('Skipping IOAPIC probe') ? NR_LEGACY : undefined;
  const silent = disabled ? skipped : system.nextIrq;
  return { from: ends.length > 0 ? Math.max(...ends) : silent, taken: new Set(), seen: new Set() };
}

type NumberStep = AllocStep | DestroyStep;

/** Steps of one task for one device: the place of the last. */
interface Probe {
  last: number;
}

/**
 * Steps whose number another task may have raced for: a task takes the number before the trace tells of it. Raced are
 * all steps between two of another task's for one device, and those that follow such a step in their own.
 */
export function racing(
  steps: readonly TraceStep[],
  deviceOf: (step: AllocStep) => unknown,
): ReadonlySet<TraceStep> {
  const numbered = steps.filter(
    (step): step is NumberStep =>
      step.kind === 'destroy' || (step.kind === 'alloc' && !step.failed && step.irq >= NR_LEGACY),
  );
  const allocated = new Map<number, unknown>();
  const probes = new Map<unknown, Map<string, Probe>>();
  const raced = new Set<TraceStep>();
  numbered.forEach((step, at) => {
    const device = step.kind === 'alloc' ? deviceOf(step) : allocated.get(step.irq);
    allocated.set(step.irq, device);
    const byTask = probes.get(device) ?? new Map<string, Probe>();
    probes.set(device, byTask);
    const probe = byTask.get(step.task);
    if (!probe) {
      byTask.set(step.task, { last: at });
      return;
    }
    const between = numbered.slice(probe.last + 1, at).filter(({ task }) => task !== step.task);
    for (const other of between) raced.add(other);
    if (between.length > 0) raced.add(step);
    probe.last = at;
  });
  return raced;
}

/** What the numbers of a machine are held against. */
interface Numbered {
  readonly numbers: Numbers;
  readonly owner: Owners;
}

/** A step of the trace: the number of an interrupt that comes into being; one that goes leaves its own free. */
export function noteNumber(
  { numbers, owner }: Numbered,
  { name, lines }: CaptureStage,
  step: TraceStep,
  raced: ReadonlySet<TraceStep>,
  counter: Counter,
): void {
  const { from, taken, seen } = numbers;
  if (step.kind === 'destroy') taken.delete(step.irq);
  if (step.kind !== 'alloc' || step.failed || step.irq < NR_LEGACY || taken.has(step.irq)) return;
  // An IO-APIC's pin is the number of its interrupt: no number is given.
  if (step.irq < (from ?? 0) && !owner.has(step.irq)) return;
  seen.add(step.irq);
  if (raced.has(step)) counter.skip(name, KIND, PARALLEL);
  else if (from === undefined) counter.skip(name, KIND, NO_LOG);
  else {
    const subject = subjectOf(owner, step.irq, lines.get(step.irq)?.names ?? 'given back');
    counter.compare(name, KIND, subject, String(lowestFree(from, taken)), String(step.irq));
  }
  taken.add(step.irq);
}

function lowestFree(from: number, taken: ReadonlySet<number>): number {
  let irq = from;
  while (taken.has(irq)) irq++;
  return irq;
}

/** Interrupts that the trace told nothing of. */
export function skipNumbers({ taken, seen }: Numbers, { name, lines }: CaptureStage, counter: Counter): void {
  for (const { irq, chip } of lines.values()) {
    if (irq < NR_LEGACY || seen.has(irq) || chip.includes('IO-APIC')) continue;
    seen.add(irq);
    taken.add(irq);
    counter.skip(name, KIND, NO_TRACE);
  }
}
