/**
 * The state of a running machine's interrupts: who is online, the vector matrix, the vector tables, and
 * all interrupts. It starts as lapic_assign_system_vectors() of
 * arch/x86/kernel/apic/vector.c leaves it, with CPU 0 online.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { takeTable } from '../../lib/spare-table.ts';
import type { Kernel } from '../../machine/kernel.ts';
import { hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { IrqTable } from './irq-table.ts';
import {
  type IrqMatrix,
  irqAllocMatrix,
  irqMatrixAssign,
  irqMatrixAssignSystem,
  irqMatrixOnline,
} from './matrix.ts';
import { MATRIX_WORDS } from './matrix-state.ts';
import { NR_VECTORS, vectorLayout } from './vector-layout.ts';

export interface LifecycleConfig {
  /** Possible CPUs are `0 .. nrCpus-1`; all masks have this many bits. */
  readonly nrCpus: number;
  /** Node by CPU, -1 if unknown. The caller may change it for a CPU that is down (plugging). */
  readonly nodeOf: Int32Array;
  /** At least 1. */
  readonly nrNodes: number;
  /**
   * Interrupt remapping is active: affinities change at once, not with the next interrupt. Asked for when interrupts
   * move, so that machines in which none does are alike with and without.
   */
  readonly irqRemap: () => boolean;
  /** Lines may be sent to these CPUs only, other masks are refused: Hyper-V's stub. Absent: to all. */
  readonly lineMask?: CpuMask | null;
  /** 16 with a PIC, else 0. */
  readonly nrLegacy: 16 | 0;
  /** irq_default_affinity. */
  readonly defaultAffinity: CpuMask;
  /** Housekeeping CPUs of isolcpus=managed_irq, or null. */
  readonly hkManaged: CpuMask | null;
  /** What policies make of interrupt domains; absent: one, which takes all CPUs, as in every kernel. */
  readonly domains?: readonly DomainRule[];
  readonly kernel: Kernel;
  /** 32-bit emulation is on. */
  readonly ia32: boolean;
}

/** What a policy lets the interrupts of a domain use (a what-if). */
export interface DomainRule {
  /** The only CPUs; null: all that are online. */
  readonly usable: CpuMask | null;
  /** irq_default_affinity as the domain takes it. */
  readonly defaultAffinity: CpuMask;
}

/** A mask that changes with CPU hotplug, and the copy of its present state that others may keep. */
interface LiveMask {
  readonly bits: CpuMask;
  shared: CpuMask | null;
}

/** Only the engine changes it. */
export interface IrqLife {
  readonly config: LifecycleConfig;
  readonly matrix: IrqMatrix;
  /** By {@link IrqDesc.domain}; whoever plays the policy replaces them. */
  domains: readonly DomainRule[];
  readonly irqs: IrqTable;
  /** cpu_online_mask. */
  readonly online: LiveMask;
  /** The online CPUs of each node (cpumask_of_node on x86). */
  readonly nodeOnline: readonly LiveMask[];
  /** The empty mask. */
  readonly noCpus: CpuMask;
  /** vector_irq: at `cpu * 256 + vector` the interrupt number + 1, or 0. */
  readonly vectorTable: Int32Array<ArrayBuffer>;
  /** CPU with an armed cleanup timer → interrupts whose old vector there is to be freed. */
  readonly cleanupLists: Map<number, Set<IrqDesc>>;
  /** All that a CPU going down must look at although its vector table does not name them. */
  readonly unsettled: Set<IrqDesc>;
  /** All that a CPU coming up may have to start: managed, requested, and shut down. */
  readonly shutDown: Set<IrqDesc>;
  /** Vectors of CPUs that interrupts cannot use but the unplug check counts (a what-if); 0 in every kernel. */
  unusableVectors: number;
  /** Kernel log since the last {@link drainLog}. */
  readonly log: string[];
  /** For intersections that nobody keeps. */
  readonly scratch: CpuMask;
  /** Intersections that interrupts share, until the next CPU hotplug. */
  readonly intersections: Map<CpuMask, Map<CpuMask, CpuMask>>;
}

/** Boots CPU 0: mirrors lapic_assign_system_vectors() and lapic_assign_legacy_vector(). */
export function createIrqLife(config: LifecycleConfig): IrqLife {
  const { nrCpus, nrNodes, kernel } = config;
  const layout = vectorLayout(kernel, config.ia32, config.nrLegacy);
  const matrix = irqAllocMatrix({
    nrCpus,
    matrixBits: NR_VECTORS,
    allocStart: layout.start,
    allocEnd: layout.end,
    kernel,
  });
  for (const vector of layout.system) irqMatrixAssignSystem(matrix, 0, vector, false);
  irqMatrixOnline(matrix, 0);
  for (const vector of layout.legacy) irqMatrixAssign(matrix, 0, vector);
  const nodeOnline: LiveMask[] = [];
  for (let node = 0; node < nrNodes; node++) nodeOnline.push({ bits: new CpuMask(nrCpus), shared: null });
  const life: IrqLife = {
    config,
    matrix,
    domains: config.domains ?? [{ usable: null, defaultAffinity: config.defaultAffinity }],
    irqs: new IrqTable(),
    online: { bits: new CpuMask(nrCpus), shared: null },
    nodeOnline,
    noCpus: new CpuMask(nrCpus),
    vectorTable: takeTable(nrCpus * NR_VECTORS),
    cleanupLists: new Map(),
    unsettled: new Set(),
    shutDown: new Set(),
    unusableVectors: 0,
    log: [],
    scratch: new CpuMask(nrCpus),
    intersections: new Map(),
  };
  setCpuOnline(life, 0, true);
  return life;
}

/** Moves a CPU in or out of cpu_online_mask and its node's mask (numa_add_cpu, numa_remove_cpu). */
export function setCpuOnline(life: IrqLife, cpu: number, online: boolean): void {
  const node = life.config.nodeOf[cpu];
  setIn(life.online, cpu, online);
  if (node >= 0) setIn(life.nodeOnline[node], cpu, online);
  if (life.intersections.size > 0) life.intersections.clear();
}

function setIn(mask: LiveMask, cpu: number, online: boolean): void {
  if (online) mask.bits.set(cpu);
  else mask.bits.clear(cpu);
  mask.shared = null;
}

/** The interrupt is remapped: a move is over when it is made, and the old vector is cleaned up then. */
export function isRemapped({ config }: IrqLife, d: IrqDesc): boolean {
  return config.irqRemap() && !hasFlags(d, IrqFlag.unremapped);
}

/** It moves at once, not with the next interrupt: IRQD_MOVE_PCNTXT. */
export function movesAtOnce(life: IrqLife, d: IrqDesc): boolean {
  return isRemapped(life, d) || hasFlags(d, IrqFlag.cpuTimer);
}

export function isOnline(life: IrqLife, cpu: number): boolean {
  return life.online.bits.test(cpu);
}

/** The present online CPUs, as a mask that may be kept. */
export function onlineMask(life: IrqLife): CpuMask {
  life.online.shared ??= life.online.bits.clone();
  return life.online.shared;
}

/** The present online CPUs that the interrupt may be on, as a mask that may be kept. */
export function usableMask(life: IrqLife, { domain }: Pick<IrqDesc, 'domain'>): CpuMask {
  const { usable } = life.domains[domain];
  return usable === null ? onlineMask(life) : intersection(life, usable, onlineMask(life));
}

/** The present online CPUs of a node, as a mask that may be kept. */
export function nodeOnlineMask(life: IrqLife, node: number): CpuMask {
  const mask = life.nodeOnline[node];
  // A node without CPUs (memory only, or one that a device names and nobody else).
  if (!mask) return life.noCpus;
  mask.shared ??= mask.bits.clone();
  return mask.shared;
}

/** `a ∩ b`, both unchanging, as a mask that may be kept; `a` or `b` itself where it is that. */
export function intersection(life: IrqLife, a: CpuMask, b: CpuMask): CpuMask {
  if (a === b) return a;
  let ofA = life.intersections.get(a);
  if (!ofA) {
    ofA = new Map();
    life.intersections.set(a, ofA);
  }
  let both = ofA.get(b);
  if (!both) {
    if (a.isSubsetOf(b)) both = a;
    else if (b.isSubsetOf(a)) both = b;
    else both = CpuMask.and(a, b);
    ofA.set(b, both);
  }
  return both;
}

/** The interrupts that the CPU's vector table names, by ascending vector: each has its bit in the matrix. */
export function vectorTableIrqs({ matrix, vectorTable, irqs }: IrqLife, cpu: number): IrqDesc[] {
  const found: IrqDesc[] = [];
  for (let w = 0; w < MATRIX_WORDS; w++) {
    let bits = matrix.allocMap[cpu * MATRIX_WORDS + w];
    while (bits !== 0) {
      const low = bits & -bits;
      bits ^= low;
      const entry = vectorTable[cpu * NR_VECTORS + (w << 5) + 31 - Math.clz32(low)];
      const d = entry === 0 ? undefined : irqs.get(entry - 1);
      if (d) found.push(d);
    }
  }
  return found;
}

/** Reads and empties the kernel log. */
export function drainLog(life: IrqLife): string[] {
  return life.log.splice(0);
}
