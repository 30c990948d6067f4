/** The CPUs as the kernel numbered them: what both enumerators make and CPU hot-plug changes. */

import { CpuMask } from '../../lib/cpumask.ts';
import { MAX_LOCAL_APIC } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';

/** What the kernel says when it cannot add a plugged processor. */
export const UNABLE_TO_MAP = 'ACPI: Unable to map lapic to logical cpu number';

/** The sentence for a CPU that got no number because there are too many. */
export function limitReason(nrCpuIds: number): string {
  return `the limit of ${nrCpuIds} CPU${nrCpuIds === 1 ? '' : 's'} was reached before it`;
}

/** One possible CPU. */
export interface KernelCpu {
  /** The kernel's CPU number. */
  readonly cpu: number;
  /** APIC ID as the kernel knows it now; null: not known. */
  apicId: number | null;
  /** APIC ID that firmware lists for the next slot, where the kernel has forgotten it (before 6.9). */
  predictedApicId: number | null;
  present: boolean;
  /** NUMA node by firmware; -1 for a number that firmware knows nothing of. */
  node: number;
  /** Index into `machine.cpus`; null for a number that firmware knows nothing of. */
  firmwareIndex: number | null;
  /** Possible only if no present CPU is in its package, and the description does not tell that. */
  readonly mayBeRejected?: boolean;
}

/** The description does not tell whether the kernel rejects it, and it was not plugged yet. */
export function isInDoubt({ everPresent }: Enumeration, { cpu, mayBeRejected }: KernelCpu): boolean {
  return mayBeRejected === true && !everPresent.test(cpu);
}

/** Its APIC ID stands for one that nobody knows. */
export function isGuessed({ cpus }: Pick<Machine, 'cpus'>, { firmwareIndex }: KernelCpu): boolean {
  return firmwareIndex !== null && cpus[firmwareIndex].guessed === true;
}

/** What keeps a CPU of firmware from getting a CPU number. */
export type IgnoredWhy =
  /** The local APIC is off. */
  | 'no-apic'
  /** APIC ID 255 or above, and the kernel is built without x2APIC. */
  | 'no-x2apic-support'
  /** APIC ID 255 or above, and x2APIC is off while the CPU list is read. */
  | 'x2apic-off'
  /** Not plugged, and not marked Online Capable. */
  | 'not-online-capable'
  /** Not plugged, and no hypervisor was detected. */
  | 'needs-hypervisor'
  /** An x2APIC entry with an APIC ID below 255, and firmware lists xAPIC entries too. */
  | 'shadowed'
  /** APIC ID 32768 or above. */
  | 'too-big'
  /** Not plugged, and in the package of a CPU that is, on bare metal. */
  | 'present-package'
  /** Its APIC ID was listed before. */
  | 'duplicate'
  /** Too many CPUs. */
  | 'limit'
  /** `disable_cpu_apicid=` names it. */
  | 'disabled';

/** A CPU of firmware that got no CPU number. */
export interface IgnoredCpu {
  readonly apicId: number | null;
  readonly why: IgnoredWhy;
  /** The same as a sentence. */
  readonly reason: string;
  /** Plugged, so somebody paid for it. */
  readonly present: boolean;
  readonly firmwareIndex: number;
}

/** State of generic_processor_info(), which is needed again at hot-add (before 6.9). */
export interface LegacyCounters {
  /** num_processors. */
  processors: number;
  /** disabled_cpus. */
  disabled: number;
  /** nr_logical_cpuids: the next number to hand out. */
  numbered: number;
  /** WARN_ONCE() of allocate_logical_cpuid() has said that no number is left: it says so once. */
  saidExhausted: boolean;
}

/** Changed only by hotAdd() and hotRemove(). */
export interface Enumeration {
  readonly nrCpuIds: number;
  /** Index = CPU number. */
  readonly cpus: readonly KernelCpu[];
  readonly possible: CpuMask;
  readonly present: CpuMask;
  /** CPUs that were plugged at some time since boot: the kernel moved them to firmware's node. */
  readonly everPresent: CpuMask;
  /** Present CPUs as bringUpCpus() tries them at boot: one pass, or the first threads of cores and then the others. */
  readonly bringUp: readonly (readonly number[])[];
  readonly ignored: readonly IgnoredCpu[];
  /** Kernel log of the enumeration, in order; all of it before the APIC mode is decided. */
  readonly messages: readonly string[];
  /** Kernel log of the ACPI namespace scan, after all CPUs are up: it tries the ignored CPUs again. */
  readonly scanMessages: readonly string[];
  /** {@link numberOf} by APIC ID, as far as any has a number. */
  numbers: Int32Array;
  readonly legacy: LegacyCounters;
}

/** The kernel has no record of the APIC ID. */
export const NOT_ENUMERATED = -1;
/** The kernel has recorded the APIC ID but had no CPU number left for it. */
export const NO_NUMBER = -2;

/** CPU number of an APIC ID, or NOT_ENUMERATED or NO_NUMBER. */
export function numberOf({ numbers }: Enumeration, apicId: number): number {
  return apicId < numbers.length ? numbers[apicId] : NOT_ENUMERATED;
}

/** Sets what {@link numberOf} gives, for an ID below MAX_LOCAL_APIC. */
export function setNumber(enumeration: Enumeration, apicId: number, number: number): void {
  const { numbers } = enumeration;
  if (apicId >= numbers.length) {
    enumeration.numbers = new Int32Array(Math.max(apicId + 1, 2 * numbers.length)).fill(NOT_ENUMERATED);
    enumeration.numbers.set(numbers);
  }
  enumeration.numbers[apicId] = number;
}

/** What an enumerator found; the rest of an Enumeration follows from it. */
export interface EnumerationParts {
  /** Index = CPU number; as many as there are possible CPUs. */
  readonly cpus: readonly KernelCpu[];
  readonly ignored: IgnoredCpu[];
  readonly messages: string[];
  readonly scanMessages: string[];
  readonly legacy?: LegacyCounters;
}

/** Fills in the masks and the look-up table. */
export function buildEnumeration(machine: Machine, parts: EnumerationParts): Enumeration {
  const nrCpuIds = parts.cpus.length;
  const present = new CpuMask(nrCpuIds);
  let highest = -1;
  for (const { cpu, apicId, present: plugged } of parts.cpus) {
    if (plugged) present.set(cpu);
    // Only the boot CPU has a number whatever its ID.
    if (apicId !== null && apicId > highest && apicId < MAX_LOCAL_APIC) highest = apicId;
  }
  const numbers = new Int32Array(highest + 1).fill(NOT_ENUMERATED);
  for (const { cpu, apicId } of parts.cpus) if (apicId !== null && apicId <= highest) numbers[apicId] = cpu;
  return {
    nrCpuIds,
    cpus: parts.cpus,
    possible: CpuMask.full(nrCpuIds),
    present,
    everPresent: present.clone(),
    bringUp: bringUpPasses(machine, parts.cpus),
    ignored: parts.ignored,
    messages: parts.messages,
    scanMessages: parts.scanMessages,
    numbers,
    legacy: parts.legacy ?? { processors: 0, disabled: 0, numbered: 0, saidExhausted: false },
  };
}

/** bringup_nonboot_cpus(): present CPUs in number order; parallel bring-up takes the first threads before the others. */
function bringUpPasses(machine: Machine, cpus: readonly KernelCpu[]): number[][] {
  const first: number[] = [];
  const others: number[] = [];
  const inParallel = bringsUpInParallel(machine);
  for (const slot of cpus) {
    if (slot.present) (!inParallel || isPrimaryThread(machine, slot) ? first : others).push(slot.cpu);
  }
  return inParallel ? [first, others] : [first];
}

/** The boot CPU, or one whose APIC ID names the first thread of its core. */
export function isPrimaryThread({ smtShift }: Machine, { cpu, apicId }: KernelCpu): boolean {
  return cpu === 0 || (apicId ?? 0) % 2 ** smtShift === 0;
}

/** CPUs are kicked in parallel, unless `cpuhp.parallel=0` asks for one after the other. */
export function bringsUpInParallel(machine: Machine): boolean {
  return machine.kernel.has('kick-ap') && !machine.cmdline.serialBringUp;
}
