/**
 * What the vector matrix looks for: a free bit of a CPU, and the CPU to take it from. Mirrors
 * matrix_alloc_area(), matrix_find_best_cpu() and matrix_find_best_cpu_managed() of kernel/irq/matrix.c.
 */
import { type CpuMask, lowestBit } from '../../lib/cpumask.ts';
import { type IrqMatrix, MATRIX_WORDS, NO_CPU, UNKNOWN_CPU } from './matrix-state.ts';

/** Lowest bit of the window that is neither a system bit, nor managed, nor allocated on the CPU, or -1. */
export function freeBit(m: IrqMatrix, cpu: number): number {
  const { allocMap, managedMap, blocked } = m;
  const base = cpu * MATRIX_WORDS;
  for (let w = m.freeFrom[cpu]; w < MATRIX_WORDS; w++) {
    const free = ~(allocMap[base + w] | managedMap[base + w] | blocked[w]);
    if (free === 0) continue;
    m.freeFrom[cpu] = w;
    return (w << 5) + lowestBit(free);
  }
  m.freeFrom[cpu] = MATRIX_WORDS;
  return -1;
}

/** Lowest managed bit of the CPU that is not allocated, or -1. */
export function freeManagedBit(m: IrqMatrix, cpu: number): number {
  const base = cpu * MATRIX_WORDS;
  for (let w = m.managedFrom[cpu]; w < MATRIX_WORDS; w++) {
    const free = m.managedMap[base + w] & ~m.allocMap[base + w];
    if (free === 0) continue;
    m.managedFrom[cpu] = w;
    return (w << 5) + lowestBit(free);
  }
  m.managedFrom[cpu] = MATRIX_WORDS;
  return -1;
}

/** To be called when a bit of this word became free. */
export function freeAgain(m: IrqMatrix, cpu: number, w: number): void {
  if (w < m.freeFrom[cpu]) m.freeFrom[cpu] = w;
}

/** To be called when a bit of this word became managed, or a managed one is no longer allocated. */
export function managedAgain(m: IrqMatrix, cpu: number, w: number): void {
  if (w < m.managedFrom[cpu]) m.managedFrom[cpu] = w;
}

/** To be called when the CPU's `available` grew, it went on- or offline, or it was the best one. */
export function forgetBestCpu(m: IrqMatrix, cpu: number): void {
  m.bestCpu[cpu >>> 5] = UNKNOWN_CPU;
}

/** Of the CPUs in the bits of word `w`: the lowest with the largest `available` above 0, or NO_CPU. */
function bestCpuOfBits(available: Uint32Array, w: number, bits: number): number {
  let best = NO_CPU;
  let most = 0;
  while (bits !== 0) {
    const low = bits & -bits;
    bits ^= low;
    const cpu = (w << 5) + 31 - Math.clz32(low);
    if (available[cpu] > most) {
      most = available[cpu];
      best = cpu;
    }
  }
  return best;
}

/** The same for all online CPUs of word `w`, remembered: on big machines most masks hold whole words. */
function bestCpuOfWord(m: IrqMatrix, w: number): number {
  const known = m.bestCpu[w];
  if (known !== UNKNOWN_CPU) return known;
  const best = bestCpuOfBits(m.available, w, m.online[w] | 0);
  m.bestCpu[w] = best;
  return best;
}

/** Online CPU of the mask with most `available`, the lowest on ties; NO_CPU if none has any. */
export function findBestCpu(m: IrqMatrix, mask: CpuMask): number {
  const { available, online } = m;
  const { words, end } = mask;
  let best = NO_CPU;
  let most = 0;
  for (let w = mask.begin; w < end; w++) {
    if (words[w] === 0) continue;
    const bits = words[w] & online[w];
    if (bits === 0) continue;
    const cpu = bits === (online[w] | 0) ? bestCpuOfWord(m, w) : bestCpuOfBits(available, w, bits);
    if (cpu !== NO_CPU && available[cpu] > most) {
      most = available[cpu];
      best = cpu;
    }
  }
  return best;
}

/** Of the CPUs in the bits of word `w`: the highest with the fewest managed bits allocated, or NO_CPU. */
function leastManagedOfBits(managedAllocated: Uint32Array, w: number, bits: number): number {
  let best = NO_CPU;
  let fewest = 0xffffffff;
  while (bits !== 0) {
    const low = bits & -bits;
    bits ^= low;
    const cpu = (w << 5) + 31 - Math.clz32(low);
    if (managedAllocated[cpu] <= fewest) {
      fewest = managedAllocated[cpu];
      best = cpu;
    }
  }
  return best;
}

/** The same for all online CPUs of word `w`, remembered. */
function leastManagedOfWord(m: IrqMatrix, w: number): number {
  const known = m.leastManagedCpu[w];
  if (known !== UNKNOWN_CPU) return known;
  const best = leastManagedOfBits(m.managedAllocated, w, m.online[w] | 0);
  m.leastManagedCpu[w] = best;
  return best;
}

/** Online CPU of the mask with fewest managed bits allocated, the highest on ties; NO_CPU if none. */
export function findBestCpuManaged(m: IrqMatrix, mask: CpuMask): number {
  const { managedAllocated, online } = m;
  const { words, end } = mask;
  let best = NO_CPU;
  let fewest = 0xffffffff;
  for (let w = mask.begin; w < end; w++) {
    const bits = words[w] & online[w];
    if (bits === 0) continue;
    const whole = bits === (online[w] | 0);
    const cpu = whole ? leastManagedOfWord(m, w) : leastManagedOfBits(managedAllocated, w, bits);
    if (managedAllocated[cpu] <= fewest) {
      fewest = managedAllocated[cpu];
      best = cpu;
    }
  }
  return best;
}

/** To be called when the CPU's `managedAllocated` changed, or it went on- or offline. */
export function forgetLeastManaged(m: IrqMatrix, cpu: number): void {
  m.leastManagedCpu[cpu >>> 5] = UNKNOWN_CPU;
}
