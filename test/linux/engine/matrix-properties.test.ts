import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import {
  type IrqMatrix,
  irqAllocMatrix,
  irqMatrixAlloc,
  irqMatrixAllocManaged,
  irqMatrixAssign,
  irqMatrixFree,
  irqMatrixIsOnline,
  irqMatrixOffline,
  irqMatrixOnline,
  irqMatrixRemoveManaged,
  irqMatrixReserveManaged,
  placedBit,
  placedCpu,
} from '../../../src/linux/engine/matrix.ts';
import { MATRIX_WORDS } from '../../../src/linux/engine/matrix-state.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { runs } from '../../budget.ts';

const START = 30;
const END = 36;
const kernel = kernelProfile('6.12');

/** The matrix by the book: sets instead of bitmaps, every search over all CPUs. */
interface NaiveCpu {
  alloc: Set<number>;
  managed: Set<number>;
  available: number;
  inUse: number;
  online: boolean;
  initialized: boolean;
}

class Naive {
  cpus: NaiveCpu[];
  globalAvailable = 0;
  total = 0;
  constructor(nrCpus: number) {
    this.cpus = Array.from({ length: nrCpus }, () => ({
      alloc: new Set<number>(),
      managed: new Set<number>(),
      available: 0,
      inUse: 0,
      online: false,
      initialized: false,
    }));
  }
  free(cpu: number): number | undefined {
    const { alloc, managed } = this.cpus[cpu]!;
    for (let bit = START; bit < END; bit++) if (!alloc.has(bit) && !managed.has(bit)) return bit;
    return undefined;
  }
  spare(cpu: number): number | undefined {
    const { alloc, managed } = this.cpus[cpu]!;
    return [...managed].filter((bit) => !alloc.has(bit)).sort((a, b) => a - b)[0];
  }
  add(cpu: number, count: number): void {
    // Unsigned: giving back on an offline CPU what was reserved online can make it wrap around later.
    this.cpus[cpu]!.available = (this.cpus[cpu]!.available + count) >>> 0;
    if (this.cpus[cpu]!.online) this.globalAvailable += count;
  }
  reserveManaged(cpus: number[]): number {
    for (const [index, cpu] of cpus.entries()) {
      const bit = this.free(cpu);
      if (bit === undefined) {
        this.removeManaged(cpus.slice(0, index));
        return -28;
      }
      this.cpus[cpu]!.managed.add(bit);
      if (this.cpus[cpu]!.online) this.add(cpu, -1);
    }
    return 0;
  }
  removeManaged(cpus: number[]): number {
    let warnings = 0;
    for (const cpu of cpus) {
      const bit = this.spare(cpu);
      if (bit === undefined) warnings++;
      else {
        this.cpus[cpu]!.managed.delete(bit);
        if (this.cpus[cpu]!.online) this.add(cpu, 1);
      }
    }
    return warnings;
  }
  allocManaged(cpus: number[]): number[] {
    const online = cpus.filter((cpu) => this.cpus[cpu]!.online);
    const least = Math.min(...online.map((cpu) => this.cpus[cpu]!.inUse));
    const cpu = online.findLast((each) => this.cpus[each]!.inUse === least);
    const bit = cpu === undefined ? undefined : this.spare(cpu);
    if (cpu === undefined || bit === undefined) return [cpus.length === 0 ? -22 : -28];
    this.cpus[cpu]!.alloc.add(bit);
    this.cpus[cpu]!.inUse++;
    this.total++;
    return [bit, cpu];
  }
  alloc(cpus: number[]): number[] {
    const online = cpus.filter((cpu) => this.cpus[cpu]!.online && this.cpus[cpu]!.available > 0);
    const most = Math.max(...online.map((cpu) => this.cpus[cpu]!.available));
    const cpu = online.find((each) => this.cpus[each]!.available === most);
    const bit = cpu === undefined ? undefined : this.free(cpu);
    if (cpu === undefined || bit === undefined) return [cpus.length === 0 ? -22 : -28];
    this.cpus[cpu]!.alloc.add(bit);
    this.add(cpu, -1);
    this.total++;
    return [bit, cpu];
  }
}

type Op =
  | { op: 'toggle'; cpu: number }
  | { op: 'reserveManaged' | 'removeManaged' | 'allocManaged' | 'alloc'; cpus: number[] }
  | { op: 'assign'; cpu: number; bit: number }
  | { op: 'free'; pick: number };

/** 1 to 70 CPUs: one word, several words, a word not full. */
const scenario = fc.integer({ min: 1, max: 70 }).chain((nrCpus) => {
  const cpu = fc.nat(nrCpus - 1);
  const range = fc
    .tuple(cpu, cpu)
    .map(([a, b]) => Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i));
  const cpus = fc.oneof(
    range,
    fc.uniqueArray(cpu).map((list) => list.sort((a, b) => a - b)),
  );
  const masked = (op: 'reserveManaged' | 'removeManaged' | 'allocManaged' | 'alloc') =>
    fc.record({ op: fc.constant(op), cpus });
  const op: fc.Arbitrary<Op> = fc.oneof(
    fc.record({ op: fc.constant('toggle' as const), cpu }),
    masked('reserveManaged'),
    masked('removeManaged'),
    masked('allocManaged'),
    masked('alloc'),
    fc.record({ op: fc.constant('assign' as const), cpu, bit: fc.integer({ min: START - 1, max: END }) }),
    fc.record({ op: fc.constant('free' as const), pick: fc.nat() }),
  );
  return fc.tuple(fc.constant(nrCpus), fc.array(op, { maxLength: 120, size: 'max' }));
});

type Held = { cpu: number; bit: number; managed: boolean }[];

function placed(result: number): number[] {
  return result < 0 ? [result] : [placedBit(result), placedCpu(result)];
}

/** Runs an op on both and compares what they return. */
function step(m: IrqMatrix, naive: Naive, held: Held, op: Op): void {
  if (op.op === 'toggle') {
    toggle(m, naive, op.cpu);
  } else if (op.op === 'assign') {
    const cpu = naive.cpus[op.cpu]!;
    // A bit that is managed or on an exhausted CPU is no legacy vector: see the golden data for those.
    if (!cpu.online || cpu.managed.has(op.bit) || cpu.available === 0) return;
    const ok = op.bit >= START && op.bit < END && !cpu.alloc.has(op.bit);
    expect(irqMatrixAssign(m, op.cpu, op.bit)).toBe(ok);
    if (!ok) return;
    cpu.alloc.add(op.bit);
    naive.add(op.cpu, -1);
    naive.total++;
    held.push({ cpu: op.cpu, bit: op.bit, managed: false });
  } else if (op.op === 'free') {
    const [one] = held.splice(op.pick % Math.max(held.length, 1), 1);
    if (one) freeOne(m, naive, one);
  } else {
    const mask = CpuMask.of(m.nrCpus, op.cpus);
    if (op.op === 'reserveManaged')
      expect(irqMatrixReserveManaged(m, mask)).toBe(naive.reserveManaged(op.cpus));
    else if (op.op === 'removeManaged')
      expect(irqMatrixRemoveManaged(m, mask)).toBe(naive.removeManaged(op.cpus));
    else {
      const managed = op.op === 'allocManaged';
      const expected = managed ? naive.allocManaged(op.cpus) : naive.alloc(op.cpus);
      expect(placed(managed ? irqMatrixAllocManaged(m, mask) : irqMatrixAlloc(m, mask, false))).toEqual(
        expected,
      );
      if (expected.length === 2) held.push({ bit: expected[0]!, cpu: expected[1]!, managed });
    }
  }
}

function toggle(m: IrqMatrix, naive: Naive, at: number): void {
  const cpu = naive.cpus[at]!;
  if (cpu.online) {
    irqMatrixOffline(m, at);
    naive.globalAvailable -= cpu.available;
    cpu.online = false;
    return;
  }
  irqMatrixOnline(m, at);
  if (!cpu.initialized) cpu.available = END - START - cpu.managed.size;
  cpu.initialized = cpu.online = true;
  naive.globalAvailable += cpu.available;
}

function freeOne(m: IrqMatrix, naive: Naive, { cpu: at, bit, managed }: Held[number]): void {
  const cpu = naive.cpus[at]!;
  expect(irqMatrixFree(m, at, bit, managed)).toBe(true);
  cpu.alloc.delete(bit);
  if (managed) cpu.inUse--;
  else naive.add(at, 1);
  if (cpu.online) naive.total--;
}

function bitsOf(map: Uint32Array, cpu: number): Set<number> {
  const bits = new Set<number>();
  for (let bit = 0; bit < 256; bit++) {
    if (((map[cpu * MATRIX_WORDS + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1) bits.add(bit);
  }
  return bits;
}

describe('the vector matrix', () => {
  it('does what sets and plain searches do', () => {
    fc.assert(
      fc.property(scenario, ([nrCpus, ops]) => {
        const m = irqAllocMatrix({ nrCpus, matrixBits: 256, allocStart: START, allocEnd: END, kernel });
        const naive = new Naive(nrCpus);
        const held: Held = [];
        for (const op of ops) step(m, naive, held, op);
        naive.cpus.forEach((cpu, at) => {
          expect(bitsOf(m.allocMap, at)).toEqual(cpu.alloc);
          expect(bitsOf(m.managedMap, at)).toEqual(cpu.managed);
          expect(m.available[at]).toBe(cpu.available >>> 0);
          expect(m.managedAllocated[at]).toBe(cpu.inUse);
        });
        expect([m.globalAvailable, m.totalAllocated]).toEqual([
          naive.globalAvailable >>> 0,
          naive.total >>> 0,
        ]);
      }),
      { numRuns: runs(400) },
    );
  });

  it('keeps its counters in step with its bitmaps', () => {
    // CPUs stay online: the kernel loses count of what happens on CPUs that were online and are not.
    fc.assert(
      fc.property(scenario, ([nrCpus, ops]) => {
        const m = irqAllocMatrix({ nrCpus, matrixBits: 256, allocStart: START, allocEnd: END, kernel });
        const naive = new Naive(nrCpus);
        const held: Held = [];
        for (const op of ops) {
          if (op.op !== 'toggle' || !naive.cpus[op.cpu]!.online) step(m, naive, held, op);
        }
        checkCounters(m);
      }),
      { numRuns: runs(400) },
    );
  });
});

function checkCounters(m: IrqMatrix): void {
  let globalAvailable = 0;
  let total = 0;
  let onlineMaps = 0;
  for (let cpu = 0; cpu < m.nrCpus; cpu++) {
    const alloc = bitsOf(m.allocMap, cpu);
    const managed = bitsOf(m.managedMap, cpu);
    expect(m.allocated[cpu]).toBe(alloc.size);
    expect(m.managed[cpu]).toBe(managed.size);
    expect(m.managedAllocated[cpu]).toBe([...alloc].filter((bit) => managed.has(bit)).length);
    total += alloc.size;
    if (!irqMatrixIsOnline(m, cpu)) continue;
    expect(m.available[cpu]).toBe(END - START - new Set([...alloc, ...managed]).size);
    globalAvailable += m.available[cpu]!;
    onlineMaps++;
  }
  expect([m.globalAvailable, m.totalAllocated, m.onlineMaps]).toEqual([globalAvailable, total, onlineMaps]);
}
