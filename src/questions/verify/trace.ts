/** The kernel's trace of vector events (irq_vectors:vector_*), and the marks of what was done in between. */

import { isKeyOf } from '../../lib/lookup.ts';
import type { TraceLine } from './trace-line.ts';
import { inOrder } from './trace-order.ts';

/** An interrupt comes into being. */
export interface AllocStep {
  readonly kind: 'alloc';
  readonly irq: number;
  readonly managed: boolean;
  readonly failed: boolean;
  /** Process number of the kernel thread, or whoever else probes the device; "" if the trace has none. */
  readonly task: string;
}

/** An interrupt goes for good; `task` as in {@link AllocStep}. */
export interface DestroyStep {
  readonly kind: 'destroy';
  readonly irq: number;
  readonly task: string;
}

/** One thing that the trace tells, in its order. `vector_setup` and so on are the kernel's own events. */
export type TraceStep =
  | AllocStep
  | DestroyStep
  | { readonly kind: 'request' | 'free' | 'settle'; readonly irq: number }
  /** `cpu`: where it moves to. */
  | { readonly kind: 'move'; readonly irq: number; readonly cpu: number }
  | { readonly kind: 'mark'; readonly text: string };

/** Where an interrupt was last programmed to. */
export interface Programmed {
  readonly vector: number;
  readonly cpu: number;
}

export interface Trace {
  readonly steps: readonly TraceStep[];
  /** By interrupt number. */
  readonly programmed: ReadonlyMap<number, Programmed>;
  /** The buffer overflowed: the order of what is missing is not known. */
  readonly lossy: boolean;
  /** The matrix's totals contradict the order in which events of one time are listed, and none fits. */
  readonly unordered: boolean;
  /** Time of the last event, in seconds since boot. */
  readonly end: number;
}

/** The process may be followed by that of its group: "kworker/u70:2-308 (  308) [001] d..1. 27.2: name: fields". */
const LINE = /(?:-(\d+)\s+(?:\([\s\d-]{1,12}\)\s+)?)?\[(\d{3,})\]\s+\S+\s+(\d+\.\d+): (\w+): (.*)$/;
const FIELDS = /(\w+)=(-?\w+)/g;

/** MANAGED_IRQ_SHUTDOWN_VECTOR: where an interrupt without a vector points. */
const SHUTDOWN_VECTOR = 239;

type Fields = Readonly<Record<string, string>>;

/** What is remembered from one line to the next. Drivers are probed in parallel: their lines interleave. */
interface Reading {
  /** Null: a place that is kept for a step whose line follows later. */
  readonly steps: (TraceStep | null)[];
  /** Task → the place in `steps` where it has reserved managed vectors. */
  readonly reserving: Map<string, number>;
  readonly programmed: Map<number, Programmed>;
  /** Interrupts that exist. */
  readonly allocated: Set<number>;
  /** Interrupts that are being requested: before they get a vector, and until it is noted. */
  readonly activating: Set<number>;
  readonly assigning: Set<number>;
  /** Interrupts that are being freed, and have their vector still. */
  readonly deactivating: Set<number>;
  /** Of the line being read. */
  task: string;
}

/** The first reservation makes the interrupt; a later one follows when it is freed. */
function reserved(reading: Reading, irq: number, ret: string | undefined, managed: boolean): void {
  const { steps, reserving, allocated, task } = reading;
  const place = reserving.get(task) ?? steps.length;
  reserving.delete(task);
  if (allocated.has(irq)) return;
  if (ret === '0') allocated.add(irq);
  steps[place] = { kind: 'alloc', irq, managed, failed: ret !== '0', task };
}

/** The request counts from where the matrix gives the vector, under its lock. */
function assigned({ steps, activating, assigning }: Reading, irq: number): void {
  if (!activating.delete(irq)) return;
  assigning.add(irq);
  steps.push({ kind: 'request', irq });
}

const HANDLERS = {
  // The matrix tells it under its lock; which interrupt it is for, only after: others may come in between.
  irq_matrix_reserve_managed({ steps, reserving, task }) {
    if (!reserving.has(task)) reserving.set(task, steps.push(null) - 1);
  },
  vector_reserve_managed: (reading, irq, { ret }) => reserved(reading, irq, ret, true),
  vector_reserve: (reading, irq, { ret }) => reserved(reading, irq, ret, false),
  vector_activate({ activating }, irq, { reserve }) {
    if (reserve === '0') activating.add(irq);
  },
  vector_alloc: (reading, irq) => assigned(reading, irq),
  vector_alloc_managed: (reading, irq) => assigned(reading, irq),
  // The vector is given back some lines later, under the lock of the matrix.
  vector_deactivate({ steps, programmed, deactivating }, irq) {
    if (programmed.get(irq)?.vector === SHUTDOWN_VECTOR) steps.push({ kind: 'free', irq });
    else deactivating.add(irq);
  },
  vector_clear({ steps, deactivating }, irq) {
    if (deactivating.delete(irq)) steps.push({ kind: 'free', irq });
  },
  // The old vector of a move that is over.
  vector_free_moved: ({ steps }, irq) => void steps.push({ kind: 'settle', irq }),
  vector_teardown({ steps, allocated, task }, irq) {
    allocated.delete(irq);
    steps.push({ kind: 'destroy', irq, task });
  },
  vector_update({ steps, assigning }, irq, { cpu }) {
    if (!assigning.delete(irq)) steps.push({ kind: 'move', irq, cpu: Number(cpu) });
  },
  vector_config({ programmed }, irq, { vector, cpu }) {
    programmed.set(irq, { vector: Number(vector), cpu: Number(cpu) });
  },
} satisfies Readonly<Record<string, (reading: Reading, irq: number, fields: Fields) => void>>;

function traceLines(text: string): TraceLine[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, task = '', cpu, time, name, rest] = match;
    return [{ task, cpu, time, name, rest }];
  });
}

/** Reads /sys/kernel/tracing/trace; lines that say nothing here are passed over. */
export function readTrace(text: string): Trace {
  const reading: Reading = {
    steps: [],
    reserving: new Map(),
    programmed: new Map(),
    allocated: new Set(),
    activating: new Set(),
    assigning: new Set(),
    deactivating: new Set(),
    task: '',
  };
  const counts = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text);
  let end = 0;
  const { ordered, fits } = inOrder(traceLines(text));
  for (const { task, time, name, rest } of ordered) {
    reading.task = task;
    end = Number(time);
    if (name === 'tracing_mark_write') {
      if (rest.startsWith('@@ ')) reading.steps.push({ kind: 'mark', text: rest.slice(3).trim() });
    } else if (isKeyOf(HANDLERS, name)) {
      const fields = Object.fromEntries([...rest.matchAll(FIELDS)].map(([, key, value]) => [key, value]));
      HANDLERS[name](reading, Number(fields.irq), fields);
    }
  }
  const steps = reading.steps.filter((step) => step !== null);
  return {
    steps,
    programmed: reading.programmed,
    lossy: counts !== null && counts[1] !== counts[2],
    unordered: !fits,
    end,
  };
}

/**
 * Allocations that are given back → the interrupt that their device gets for good, if any: the next that the
 * same task allocates and keeps, as one task probes a device from beginning to end.
 */
export function transientAllocs(steps: readonly TraceStep[]): ReadonlyMap<TraceStep, number | undefined> {
  const transient = new Map<TraceStep, number | undefined>();
  const destroyed = new Set<number>();
  const lasting = new Map<string, number>();
  for (const step of steps.toReversed()) {
    if (step.kind === 'destroy') destroyed.add(step.irq);
    if (step.kind !== 'alloc' || step.failed) continue;
    if (destroyed.has(step.irq)) transient.set(step, lasting.get(step.task));
    else lasting.set(step.task, step.irq);
  }
  return transient;
}
