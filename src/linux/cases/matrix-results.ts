/** What golden results show of a matrix: the global counters, and the CPUs whose counters changed. */
import { formatList } from '../../lib/cpumask.ts';
import { type IrqMatrix, irqMatrixIsOnline } from '../engine/matrix.ts';
import { MATRIX_BITS, MATRIX_WORDS } from '../engine/matrix-state.ts';

/** [globalAvailable, globalReserved, totalAllocated, onlineMaps, systembits in the window]. */
export function matrixGlobals(m: IrqMatrix): number[] {
  return [m.globalAvailable, m.globalReserved, m.totalAllocated, m.onlineMaps, m.systembits];
}

/** [available, allocated, managed, managedAllocated, online]. */
export function matrixCpu(m: IrqMatrix, cpu: number): number[] {
  const online = irqMatrixIsOnline(m, cpu) ? 1 : 0;
  return [m.available[cpu], m.allocated[cpu], m.managed[cpu], m.managedAllocated[cpu], online];
}

/** Bits of a map of MATRIX_WORDS words from `offset`, as a list. */
export function bitList(map: Uint32Array, offset: number): string {
  const bits: number[] = [];
  for (let bit = 0; bit < MATRIX_BITS; bit++) {
    if (((map[offset + (bit >>> 5)] >>> (bit & 31)) & 1) === 1) bits.push(bit);
  }
  return formatList(bits);
}

/** Bit lists of all CPUs. */
export function bitLists(m: IrqMatrix, map: Uint32Array): string[] {
  return Array.from({ length: m.nrCpus }, (_, cpu) => bitList(map, cpu * MATRIX_WORDS));
}

/** Remembers the counters of all CPUs; each call tells which changed since the one before. */
export function watchMatrixCpus(m: IrqMatrix): () => Record<string, number[]> | undefined {
  const counters = [m.available, m.allocated, m.managed, m.managedAllocated, m.online];
  const seen = counters.map((counter) => counter.slice());
  return () => {
    const changed = new Set<number>();
    counters.forEach((now, kind) => {
      const before = seen[kind];
      for (let i = 0; i < now.length; i++) {
        if (now[i] === before[i]) continue;
        if (now === m.online) for (const cpu of wordCpus(i, now[i] ^ before[i])) changed.add(cpu);
        else changed.add(i);
        before[i] = now[i];
      }
    });
    if (changed.size === 0) return undefined;
    return Object.fromEntries([...changed].map((cpu) => [cpu, matrixCpu(m, cpu)]));
  };
}

function wordCpus(word: number, bits: number): number[] {
  const cpus: number[] = [];
  for (let bit = 0; bit < 32; bit++) if (((bits >>> bit) & 1) === 1) cpus.push(word * 32 + bit);
  return cpus;
}
