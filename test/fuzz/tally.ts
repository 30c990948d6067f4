/** What a run counts, and how it is told. */
import type { Fault, Played } from './play.ts';

interface Count {
  inputs: number;
  accepted: number;
  cpuMs: number;
}

/** Plain data: workers send theirs. */
export interface Tally {
  counts: Record<string, Count>;
  slowest: { cpuMs: number; index: number; target: string };
  memory: { miB: number; index: number; target: string };
  faults: Fault[];
}

/** `slowest`: CPU time in ms; what took less is not the slowest of a run. */
export const emptyTally = (slowest = 0): Tally => ({
  counts: {},
  slowest: { cpuMs: slowest, index: -1, target: '' },
  memory: { miB: 0, index: -1, target: '' },
  faults: [],
});

/** Counts an input, with its part of the CPU time that was measured; faults are added by those who reduce them. */
export function count(tally: Tally, { target, isAccepted }: Played, cpuMs: number): void {
  tally.counts[target] ??= { inputs: 0, accepted: 0, cpuMs: 0 };
  const own = tally.counts[target];
  own.inputs++;
  own.accepted += isAccepted ? 1 : 0;
  own.cpuMs += cpuMs;
}

export function add(sum: Tally, more: Tally): void {
  for (const [target, { inputs, accepted, cpuMs }] of Object.entries(more.counts)) {
    sum.counts[target] ??= { inputs: 0, accepted: 0, cpuMs: 0 };
    const own = sum.counts[target];
    own.inputs += inputs;
    own.accepted += accepted;
    own.cpuMs += cpuMs;
  }
  if (more.slowest.cpuMs > sum.slowest.cpuMs) sum.slowest = more.slowest;
  if (more.memory.miB > sum.memory.miB) sum.memory = more.memory;
  sum.faults.push(...more.faults);
}

export function totals({ counts }: Tally): Count {
  const sum: Count = { inputs: 0, accepted: 0, cpuMs: 0 };
  for (const { inputs, accepted, cpuMs } of Object.values(counts)) {
    sum.inputs += inputs;
    sum.accepted += accepted;
    sum.cpuMs += cpuMs;
  }
  return sum;
}

const percent = (part: number, whole: number) => `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** One line: how far the run is. */
export function lineOf(tally: Tally, seconds: number): string {
  const { inputs, accepted, cpuMs } = totals(tally);
  const rate = Math.round(inputs / Math.max(1, seconds));
  const each = inputs === 0 ? 0 : cpuMs / inputs;
  return `${grouped(inputs)} inputs, ${percent(accepted, inputs)} accepted, ${rate} a second, ${each.toFixed(2)} ms of CPU time each, ${tally.faults.length} faults, slowest ${Math.round(tally.slowest.cpuMs)} ms (${tally.slowest.target} ${tally.slowest.index}), memory ${Math.round(tally.memory.miB)} MiB`;
}

/** The end of a run, in full. */
export function tableOf(tally: Tally, seconds: number): string {
  const rows = Object.entries(tally.counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(
    ([target, { inputs, accepted, cpuMs }]) =>
      `  ${target.padEnd(18)} ${grouped(inputs).padStart(11)} ${percent(accepted, inputs).padStart(6)} accepted ${(cpuMs / inputs).toFixed(2).padStart(8)} ms`,
  );
  const { slowest, memory } = tally;
  return [
    ...lines,
    lineOf(tally, seconds),
    `slowest: ${Math.round(slowest.cpuMs)} ms of CPU time, input ${slowest.index} (${slowest.target})`,
    `highest memory of a process: ${Math.round(memory.miB)} MiB, at input ${memory.index} (${memory.target})`,
  ].join('\n');
}
