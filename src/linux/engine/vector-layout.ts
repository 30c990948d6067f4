/**
 * Which of a CPU's 256 vectors device interrupts may use: arch/x86/include/asm/irq_vectors.h and the
 * system vectors of arch/x86/kernel/idt.c, by kernel profile.
 */
import type { Kernel } from '../../machine/kernel.ts';

export const NR_VECTORS = 256;
/** The parking vector of an interrupt that has no vector of its own. */
export const MANAGED_IRQ_SHUTDOWN_VECTOR = 0xef;
/** The pin of the cascaded PIC: it never is a device interrupt. */
export const PIC_CASCADE_IR = 2;

const FIRST_EXTERNAL_VECTOR = 0x20;
const IRQ_MOVE_CLEANUP_VECTOR = 0x20;
const IA32_SYSCALL_VECTOR = 0x80;
const POSTED_MSI_NOTIFICATION_VECTOR = 0xeb;
const LOCAL_TIMER_VECTOR = 0xec;

/** Exceptions below the window, and what a full distribution configuration uses above it. */
const SYSTEM_VECTOR_RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f], // exceptions
  [LOCAL_TIMER_VECTOR, 0xee], // timer, Hyper-V synthetic timer and reenlightenment
  [0xf0, 0xf4], // KVM posted interrupts, hypervisor callback, deferred error
  [0xf6, 0xff], // irq work, platform, reboot, threshold, thermal, calls, reschedule, error, spurious
];

export interface VectorLayout {
  /** The matrix hands out vectors in `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Vectors no device interrupt may have, ascending; some lie outside the window. */
  readonly system: readonly number[];
  /** Vectors that the PIC's interrupts hold on CPU 0 from the start. */
  readonly legacy: readonly number[];
}

/** The vector of a legacy interrupt 0-15 while the PIC delivers it (ISA_IRQ_VECTOR). */
export function isaIrqVector(irq: number): number {
  return 0x30 + irq;
}

/** What layouts differ by. */
interface LayoutFacts {
  readonly postedMsi: boolean;
  readonly moveCleanup: boolean;
  readonly ia32: boolean;
  readonly nrLegacy: 16 | 0;
}

/** Layouts that were asked for, by what they differ by: there are few, and each machine boots with one. */
const layouts: VectorLayout[] = [];

/**
 * The vector layout of a kernel. `ia32`: 32-bit emulation is on, vector 0x80 is a system call;
 * `nrLegacy`: 16 with a PIC, else 0.
 */
export function vectorLayout(kernel: Kernel, ia32: boolean, nrLegacy: 16 | 0): VectorLayout {
  const postedMsi = kernel.has('posted-msi-vector');
  const moveCleanup = kernel.has('move-cleanup-vector');
  const number = (postedMsi ? 1 : 0) + (moveCleanup ? 2 : 0) + (ia32 ? 4 : 0) + (nrLegacy > 0 ? 8 : 0);
  layouts[number] ??= layoutOf({ postedMsi, moveCleanup, ia32, nrLegacy });
  return layouts[number];
}

/** Mirrors idt_setup_apic_and_irq_gates(), lapic_assign_system_vectors(). */
function layoutOf({ postedMsi, moveCleanup, ia32, nrLegacy }: LayoutFacts): VectorLayout {
  const system: number[] = [];
  for (const [first, last] of SYSTEM_VECTOR_RANGES) {
    for (let vector = first; vector <= last; vector++) system.push(vector);
  }
  if (moveCleanup) system.push(IRQ_MOVE_CLEANUP_VECTOR);
  if (nrLegacy > 0) system.push(isaIrqVector(PIC_CASCADE_IR));
  if (ia32) system.push(IA32_SYSCALL_VECTOR);
  if (postedMsi) system.push(POSTED_MSI_NOTIFICATION_VECTOR);
  const pins = Array.from({ length: nrLegacy }, (_, pin) => pin).filter((pin) => pin !== PIC_CASCADE_IR);
  return {
    start: FIRST_EXTERNAL_VECTOR,
    end: postedMsi ? POSTED_MSI_NOTIFICATION_VECTOR : LOCAL_TIMER_VECTOR,
    system: system.sort((a, b) => a - b),
    legacy: pins.map(isaIrqVector),
  };
}
