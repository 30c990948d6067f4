/**
 * The state of the vector matrix: struct irq_matrix and struct cpumap of kernel/irq/matrix.c, with all
 * CPUs in flat arrays. matrix.ts holds the operations.
 */
import type { Kernel } from '../../machine/kernel.ts';

export const MATRIX_BITS = 256;
/** Words of one CPU's bitmap. */
export const MATRIX_WORDS = MATRIX_BITS / 32;

/** Only matrix.ts changes it. Counters are unsigned 32-bit as in the kernel, and may wrap. */
export interface IrqMatrix {
  readonly nrCpus: number;
  readonly matrixBits: number;
  /** Bits outside `[allocStart, allocEnd)` are never handed out. */
  readonly allocStart: number;
  readonly allocEnd: number;
  readonly kernel: Kernel;
  globalAvailable: number;
  globalReserved: number;
  totalAllocated: number;
  onlineMaps: number;
  /** Number of system bits inside the window. */
  systembits: number;
  readonly systemMap: Uint32Array;
  /** `systemMap` and everything outside the window: what no CPU may hand out. */
  readonly blocked: Uint32Array;
  /** Counters by CPU. */
  readonly available: Uint32Array;
  readonly allocated: Uint32Array;
  readonly managed: Uint32Array;
  readonly managedAllocated: Uint32Array;
  readonly initialized: Uint8Array;
  /** Bitmap over CPUs: whose map is online. */
  readonly online: Uint32Array;
  /** MATRIX_WORDS words a CPU. */
  readonly allocMap: Uint32Array;
  readonly managedMap: Uint32Array;
  /** By CPU, a cache: words of the bitmaps below this one have no bit that is free. */
  readonly freeFrom: Uint8Array;
  /** The same of bits that are managed and not allocated. */
  readonly managedFrom: Uint8Array;
  /** By 32 CPUs, a cache: the online one with fewest managed bits allocated, or UNKNOWN_CPU, or NO_CPU. */
  readonly leastManagedCpu: Int32Array;
  /** By 32 CPUs, a cache: the online one with most available, or UNKNOWN_CPU, or NO_CPU. */
  readonly bestCpu: Int32Array;
}

export const UNKNOWN_CPU = -2;
export const NO_CPU = -1;

/** `0 <= allocStart <= allocEnd <= matrixBits <= MATRIX_BITS`. */
export interface MatrixShape {
  readonly nrCpus: number;
  readonly matrixBits: number;
  readonly allocStart: number;
  readonly allocEnd: number;
  readonly kernel: Kernel;
}

/** An empty matrix with every CPU's map offline: mirrors irq_alloc_matrix(). */
export function irqAllocMatrix(shape: MatrixShape): IrqMatrix {
  const { nrCpus, allocStart, allocEnd } = shape;
  const blocked = new Uint32Array(MATRIX_WORDS);
  for (let bit = 0; bit < MATRIX_BITS; bit++) {
    if (bit < allocStart || bit >= allocEnd) blocked[bit >>> 5] |= 1 << (bit & 31);
  }
  const cpuWords = (nrCpus + 31) >>> 5;
  return {
    nrCpus,
    matrixBits: shape.matrixBits,
    allocStart,
    allocEnd,
    kernel: shape.kernel,
    globalAvailable: 0,
    globalReserved: 0,
    totalAllocated: 0,
    onlineMaps: 0,
    systembits: 0,
    systemMap: new Uint32Array(MATRIX_WORDS),
    blocked,
    available: new Uint32Array(nrCpus),
    allocated: new Uint32Array(nrCpus),
    managed: new Uint32Array(nrCpus),
    managedAllocated: new Uint32Array(nrCpus),
    initialized: new Uint8Array(nrCpus),
    online: new Uint32Array(cpuWords),
    allocMap: new Uint32Array(nrCpus * MATRIX_WORDS),
    managedMap: new Uint32Array(nrCpus * MATRIX_WORDS),
    freeFrom: new Uint8Array(nrCpus).fill(allocStart >>> 5),
    managedFrom: new Uint8Array(nrCpus),
    leastManagedCpu: new Int32Array(cpuWords).fill(UNKNOWN_CPU),
    bestCpu: new Int32Array(cpuWords).fill(UNKNOWN_CPU),
  };
}
