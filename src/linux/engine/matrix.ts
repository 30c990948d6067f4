/**
 * The vector matrix: which vectors every CPU has left, reserved and handed out. Mirrors
 * kernel/irq/matrix.c (6.12; the same on 6.1 to 7.0 but for `unplug-check-skips-managed`).
 *
 * A BUG_ON of the kernel throws BugError; functions whose kernel originals can WARN return how often.
 */
import { assert } from '../../lib/assert.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { EINVAL, ENOSPC } from '../../lib/errno.ts';
import {
  findBestCpu,
  findBestCpuManaged,
  forgetBestCpu,
  forgetLeastManaged,
  freeAgain,
  freeBit,
  freeManagedBit,
  managedAgain,
} from './matrix-search.ts';
import { type IrqMatrix, MATRIX_WORDS, NO_CPU, UNKNOWN_CPU } from './matrix-state.ts';

export { type IrqMatrix, irqAllocMatrix, type MatrixShape } from './matrix-state.ts';

/** True if the CPU's map is online. */
export function irqMatrixIsOnline(m: IrqMatrix, cpu: number): boolean {
  return ((m.online[cpu >>> 5] >>> (cpu & 31)) & 1) === 1;
}

/** The bit in the result (>= 0) of {@link irqMatrixAlloc} and {@link irqMatrixAllocManaged}. */
export function placedBit(placed: number): number {
  return placed & 0xff;
}

/** The CPU in the result (>= 0) of {@link irqMatrixAlloc} and {@link irqMatrixAllocManaged}. */
export function placedCpu(placed: number): number {
  return placed >>> 8;
}

function inWindow(m: IrqMatrix, bit: number): boolean {
  return bit >= m.allocStart && bit < m.allocEnd;
}

function addGlobalAvailable(m: IrqMatrix, count: number): void {
  m.globalAvailable = (m.globalAvailable + count) >>> 0;
}

function addTotalAllocated(m: IrqMatrix, count: number): void {
  m.totalAllocated = (m.totalAllocated + count) >>> 0;
}

/** One available vector less on the CPU; the global count is the caller's. */
function takeAvailable(m: IrqMatrix, cpu: number): void {
  const before = m.available[cpu];
  m.available[cpu] = before - 1;
  // Losing one changes who is best only if this CPU was best, or if its counter wrapped around.
  if (before === 0 || m.bestCpu[cpu >>> 5] === cpu) forgetBestCpu(m, cpu);
}

/** One available vector more on the CPU; the global count is the caller's. */
function giveAvailable(m: IrqMatrix, cpu: number): void {
  m.available[cpu]++;
  forgetBestCpu(m, cpu);
}

function setAllocated(m: IrqMatrix, cpu: number, bit: number): void {
  m.allocMap[cpu * MATRIX_WORDS + (bit >>> 5)] |= 1 << (bit & 31);
  m.allocated[cpu]++;
  addTotalAllocated(m, 1);
}

/** Brings a CPU's map online: mirrors irq_matrix_online(). BUG if it is online already. */
export function irqMatrixOnline(m: IrqMatrix, cpu: number): void {
  assert(!irqMatrixIsOnline(m, cpu), `the vector map of CPU ${cpu} is online already`);
  if (m.initialized[cpu] === 0) {
    m.available[cpu] = m.allocEnd - m.allocStart - (m.managed[cpu] + m.systembits);
    m.initialized[cpu] = 1;
  }
  addGlobalAvailable(m, m.available[cpu]);
  m.online[cpu >>> 5] |= 1 << (cpu & 31);
  m.onlineMaps = (m.onlineMaps + 1) >>> 0;
  forgetBestCpu(m, cpu);
  forgetLeastManaged(m, cpu);
}

/** Takes a CPU's map offline; its bitmaps and counters stay: mirrors irq_matrix_offline(). */
export function irqMatrixOffline(m: IrqMatrix, cpu: number): void {
  addGlobalAvailable(m, -m.available[cpu]);
  m.online[cpu >>> 5] &= ~(1 << (cpu & 31));
  m.onlineMaps = (m.onlineMaps - 1) >>> 0;
  forgetBestCpu(m, cpu);
  forgetLeastManaged(m, cpu);
}

/**
 * Makes a bit a system bit of all CPUs: mirrors irq_matrix_assign_system(). With `replace` it takes the
 * place of the bit assigned on `cpu`. BUG once a second CPU is online, or with nothing to replace.
 */
export function irqMatrixAssignSystem(m: IrqMatrix, cpu: number, bit: number, replace: boolean): void {
  assert(bit <= m.matrixBits, `system bit ${bit} is outside the matrix`);
  assert(m.onlineMaps <= 1 && (m.onlineMaps === 0 || replace), `system bit ${bit} comes too late`);
  const word = bit >>> 5;
  const flag = 1 << (bit & 31);
  m.systemMap[word] |= flag;
  m.blocked[word] |= flag;
  if (replace) {
    const index = cpu * MATRIX_WORDS + word;
    assert((m.allocMap[index] & flag) !== 0, () => `system bit ${bit} replaces nothing on CPU ${cpu}`);
    m.allocMap[index] &= ~flag;
    freeAgain(m, cpu, word);
    managedAgain(m, cpu, word);
    m.allocated[cpu]--;
    addTotalAllocated(m, -1);
  }
  if (inWindow(m, bit)) m.systembits++;
}

/**
 * Reserves one bit on every CPU of the mask, offline ones too: mirrors irq_matrix_reserve_managed().
 * 0; or -ENOSPC if a CPU has none, with the CPUs below it given back.
 */
export function irqMatrixReserveManaged(m: IrqMatrix, mask: CpuMask): number {
  const { managedMap, managed, online, available } = m;
  const { words, end } = mask;
  let taken = 0;
  for (let w = mask.begin; w < end; w++) {
    let rest = words[w] | 0;
    if (rest === 0) continue;
    const up = online[w];
    m.bestCpu[w] = UNKNOWN_CPU;
    while (rest !== 0) {
      const low = rest & -rest;
      rest ^= low;
      const cpu = (w << 5) + 31 - Math.clz32(low);
      const bit = freeBit(m, cpu);
      if (bit < 0) {
        addGlobalAvailable(m, -taken);
        for (let done = mask.first(); done < cpu; done = mask.next(done)) removeManagedBit(m, done);
        return -ENOSPC;
      }
      managedMap[cpu * MATRIX_WORDS + (bit >>> 5)] |= 1 << (bit & 31);
      managedAgain(m, cpu, bit >>> 5);
      managed[cpu]++;
      if ((up & low) !== 0) {
        available[cpu]--;
        taken++;
      }
    }
  }
  addGlobalAvailable(m, -taken);
  return 0;
}

/** Gives back one managed bit of the CPU that is not allocated. False, with a WARN, if there is none. */
function removeManagedBit(m: IrqMatrix, cpu: number): boolean {
  const bit = m.managed[cpu] === 0 ? -1 : freeManagedBit(m, cpu);
  if (bit < 0) return false;
  m.managedMap[cpu * MATRIX_WORDS + (bit >>> 5)] &= ~(1 << (bit & 31));
  freeAgain(m, cpu, bit >>> 5);
  m.managed[cpu]--;
  if (irqMatrixIsOnline(m, cpu)) {
    giveAvailable(m, cpu);
    addGlobalAvailable(m, 1);
  }
  return true;
}

/**
 * Gives back one reserved bit, not necessarily the one reserved, on every CPU of the mask: mirrors
 * irq_matrix_remove_managed(). Returns the number of WARNs.
 */
export function irqMatrixRemoveManaged(m: IrqMatrix, mask: CpuMask): number {
  let warnings = 0;
  mask.forEach((cpu) => {
    if (!removeManagedBit(m, cpu)) warnings++;
  });
  return warnings;
}

/**
 * Allocates a reserved bit on the mask's online CPU with fewest of them in use: mirrors
 * irq_matrix_alloc_managed(). Returns CPU and bit ({@link placedCpu}, {@link placedBit}), -EINVAL for an
 * empty mask or -ENOSPC.
 */
export function irqMatrixAllocManaged(m: IrqMatrix, mask: CpuMask): number {
  const cpu = findBestCpuManaged(m, mask);
  if (cpu === NO_CPU) return mask.isEmpty() ? -EINVAL : -ENOSPC;
  const bit = freeManagedBit(m, cpu);
  if (bit < 0) return -ENOSPC;
  setAllocated(m, cpu, bit);
  m.managedAllocated[cpu]++;
  forgetLeastManaged(m, cpu);
  return (cpu << 8) | bit;
}

/**
 * Allocates a bit on the mask's online CPU with most left: mirrors irq_matrix_alloc(). `reserved`: it was
 * counted by {@link irqMatrixReserve}. Returns CPU and bit, -EINVAL for an empty mask or -ENOSPC.
 */
export function irqMatrixAlloc(m: IrqMatrix, mask: CpuMask, reserved: boolean): number {
  const cpu = findBestCpu(m, mask);
  if (cpu === NO_CPU) return mask.isEmpty() ? -EINVAL : -ENOSPC;
  const bit = freeBit(m, cpu);
  if (bit < 0) return -ENOSPC;
  setAllocated(m, cpu, bit);
  takeAvailable(m, cpu);
  addGlobalAvailable(m, -1);
  if (reserved) irqMatrixRemoveReserved(m);
  return (cpu << 8) | bit;
}

/** Marks a legacy vector of the CPU as allocated: mirrors irq_matrix_assign(). False: a WARN, nothing done. */
export function irqMatrixAssign(m: IrqMatrix, cpu: number, bit: number): boolean {
  if (!inWindow(m, bit) || isAllocated(m, cpu, bit)) return false;
  setAllocated(m, cpu, bit);
  takeAvailable(m, cpu);
  addGlobalAvailable(m, -1);
  return true;
}

function isAllocated(m: IrqMatrix, cpu: number, bit: number): boolean {
  return ((m.allocMap[cpu * MATRIX_WORDS + (bit >>> 5)] >>> (bit & 31)) & 1) === 1;
}

/**
 * Counts one interrupt that will want a vector: mirrors irq_matrix_reserve(). Never fails; true if the
 * kernel logs {@link RESERVATION_EXCEEDS}.
 */
export function irqMatrixReserve(m: IrqMatrix): boolean {
  const exceeds = m.globalReserved === m.globalAvailable;
  m.globalReserved = (m.globalReserved + 1) >>> 0;
  return exceeds;
}

export const RESERVATION_EXCEEDS = 'Interrupt reservation exceeds available resources';

/** Takes back one {@link irqMatrixReserve}: mirrors irq_matrix_remove_reserved(). */
export function irqMatrixRemoveReserved(m: IrqMatrix): void {
  m.globalReserved = (m.globalReserved - 1) >>> 0;
}

/**
 * Frees a bit: mirrors irq_matrix_free(). The total is not touched if the CPU's map is offline, as in the
 * kernel. False: a WARN, nothing done.
 */
export function irqMatrixFree(m: IrqMatrix, cpu: number, bit: number, managed: boolean): boolean {
  if (!inWindow(m, bit) || !isAllocated(m, cpu, bit)) return false;
  const online = irqMatrixIsOnline(m, cpu);
  m.allocMap[cpu * MATRIX_WORDS + (bit >>> 5)] &= ~(1 << (bit & 31));
  freeAgain(m, cpu, bit >>> 5);
  managedAgain(m, cpu, bit >>> 5);
  m.allocated[cpu]--;
  if (online) addTotalAllocated(m, -1);
  if (managed) {
    m.managedAllocated[cpu]--;
    forgetLeastManaged(m, cpu);
  } else {
    giveAvailable(m, cpu);
    if (online) addGlobalAvailable(m, 1);
  }
  return true;
}

/** Bits left on all online CPUs, without those of `cpu` if it goes down: mirrors irq_matrix_available(). */
export function irqMatrixAvailable(m: IrqMatrix, cpu: number, cpuDown: boolean): number {
  return cpuDown ? (m.globalAvailable - m.available[cpu]) >>> 0 : m.globalAvailable;
}

/** Bits of the CPU that would have to move if it went down: mirrors irq_matrix_allocated(). */
export function irqMatrixAllocated(m: IrqMatrix, cpu: number): number {
  if (!m.kernel.has('unplug-check-skips-managed')) return m.allocated[cpu];
  return (m.allocated[cpu] - m.managedAllocated[cpu]) >>> 0;
}
