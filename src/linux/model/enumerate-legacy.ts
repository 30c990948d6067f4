/**
 * CPU numbers on kernels 6.8 and older: present CPUs in entry order; absent ones are only counted, their
 * APIC IDs forgotten until they are plugged. Mirrors generic_processor_info() of
 * arch/x86/kernel/apic/apic.c and prefill_possible_map() of arch/x86/kernel/smpboot.c.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { MAX_LOCAL_APIC } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  buildEnumeration,
  type Enumeration,
  type IgnoredCpu,
  type IgnoredWhy,
  type KernelCpu,
  type LegacyCounters,
} from './enumeration.ts';
import { bootApicId, type Handover } from './handover.ts';
import { disabledApicId, legacyHotAdd, legacyRefusal } from './hotplug-legacy.ts';
import { type MadtEntry, madtEntries, madtFilter } from './madt.ts';

interface Registration {
  readonly machine: Machine;
  readonly nrCpuIds: number;
  readonly bootIndex: number;
  readonly bootId: number;
  /** That `disable_cpu_apicid=` names. */
  readonly disabledId: number | null;
  /** Entries with a number; index = CPU number. */
  readonly numbered: MadtEntry[];
  readonly absent: MadtEntry[];
  /** A bit for each APIC ID of the entries so far. */
  readonly seen: CpuMask;
  readonly counters: LegacyCounters;
  bootSeen: boolean;
  readonly ignored: IgnoredCpu[];
  readonly messages: string[];
}

/** Never fails. Time and space are linear in the CPUs. */
export function enumerateLegacy(machine: Machine, start: Handover): Enumeration {
  const { cmdline, kernelConfig } = machine;
  const entries = madtEntries(machine);
  const { bootIndex } = machine;
  const boot = entries.find((entry) => entry.firmwareIndex === bootIndex)!;
  const state: Registration = {
    machine,
    nrCpuIds: Math.min(kernelConfig.nrCpus, cmdline.nrCpus ?? kernelConfig.nrCpus),
    bootIndex,
    bootId: bootApicId(machine),
    disabledId: disabledApicId(machine),
    numbered: [{ ...boot, present: true }],
    absent: [],
    seen: new CpuMask(MAX_LOCAL_APIC),
    counters: { processors: 0, disabled: 0, numbered: 1, saidExhausted: false },
    bootSeen: false,
    ignored: [],
    messages: [...start.messages],
  };
  if (state.bootId < MAX_LOCAL_APIC) state.seen.set(state.bootId);
  registerAll(start, entries, state);
  state.counters.processors = Math.max(1, state.counters.processors);
  const possible = prefillPossibleMap(state);
  const enumeration = buildEnumeration(machine, {
    cpus: numberCpus(state, possible),
    ignored: state.ignored,
    messages: state.messages,
    scanMessages: [],
    legacy: state.counters,
  });
  return start.apicEnabled ? acpiScan(machine, enumeration, onlyPossible(possible)) : enumeration;
}

function registerAll(start: Handover, entries: readonly MadtEntry[], state: Registration): void {
  const skip = madtFilter(state.machine, start, entries);
  for (const entry of entries) {
    const skipped = skip(entry);
    if (!skipped) {
      registerLapic(state, entry);
      continue;
    }
    if (skipped.message !== null) state.messages.push(skipped.message);
    ignore(state, entry, skipped.why, skipped.reason);
  }
}

/** Lists an entry that got no number; the boot CPU has number 0 whatever becomes of its entry. */
function ignore(state: Registration, entry: MadtEntry, why: IgnoredWhy, reason: string): void {
  const { apicId, present, firmwareIndex } = entry;
  if (firmwareIndex === state.bootIndex) return;
  state.ignored.push({ apicId, present, firmwareIndex, why, reason });
}

/** acpi_register_lapic() and generic_processor_info() at boot. */
function registerLapic(state: Registration, entry: MadtEntry): void {
  const { bootId, disabledId, counters, nrCpuIds } = state;
  const { apicId } = entry;
  if (apicId !== null && apicId >= MAX_LOCAL_APIC) {
    state.messages.push('ACPI: skipped apicid that is too big');
    ignore(state, entry, 'too-big', `the kernel takes no APIC ID above ${MAX_LOCAL_APIC - 1}`);
    return;
  }
  const again = apicId !== null && state.seen.test(apicId);
  if (apicId !== null) state.seen.set(apicId);
  if (!entry.present || apicId === null) {
    counters.disabled++;
    // An ID listed twice is counted twice, and one number stays without a CPU.
    if (!again) state.absent.push(entry);
    return;
  }
  const isBoot = apicId === bootId;
  const refusal = legacyRefusal(disabledId, counters, nrCpuIds, apicId, state.bootSeen || isBoot);
  if (refusal) {
    counters.disabled++;
    state.messages.push(refusal.message);
    ignore(state, entry, refusal.why, refusal.reason);
    return;
  }
  counters.processors++;
  if (isBoot) {
    state.bootSeen = true;
    return;
  }
  // allocate_logical_cpuid() gives an ID the number that it has, after the processor was counted.
  if (again && state.numbered.some((other) => other.apicId === apicId)) {
    ignore(state, entry, 'duplicate', 'firmware lists its APIC ID before');
    return;
  }
  counters.numbered++;
  state.numbered.push(entry);
}

/** prefill_possible_map(): how many CPUs are possible. */
function prefillPossibleMap(state: Registration): number {
  const { counters, messages, nrCpuIds } = state;
  const { maxCpus, possibleCpus } = state.machine.cmdline;
  const single = maxCpus === 0;
  const enumerated = counters.processors + (single ? 0 : counters.disabled);
  let possible = Math.max(1, possibleCpus ?? enumerated);
  if (possible > nrCpuIds) {
    messages.push(`smpboot: ${possible} Processors exceeds NR_CPUS limit of ${nrCpuIds}`);
    possible = nrCpuIds;
  }
  if (single && possible > 1) {
    messages.push(`smpboot: ${possible} Processors exceeds max_cpus limit of 0`);
    possible = 1;
  }
  const hotplug = Math.max(0, possible - counters.processors);
  messages.push(`smpboot: Allowing ${possible} CPUs, ${hotplug} hotplug CPUs`);
  return possible;
}

function onlyPossible(possible: number): string {
  return `only ${possible} CPU${possible === 1 ? ' is' : 's are'} possible`;
}

/** Numbers beyond the possible ones are lost; absent CPUs are expected, not bound, to come in MADT order. */
function numberCpus(state: Registration, possible: number): KernelCpu[] {
  const reason = onlyPossible(possible);
  for (const entry of state.numbered.slice(possible)) ignore(state, entry, 'limit', reason);
  const cpus = state.numbered.slice(0, possible).map(
    ({ apicId, node, firmwareIndex }, cpu): KernelCpu => ({
      cpu,
      apicId,
      predictedApicId: null,
      present: true,
      node,
      firmwareIndex,
    }),
  );
  for (const entry of state.absent) {
    if (cpus.length < possible) cpus.push(slot(cpus.length, entry));
    else ignore(state, entry, 'limit', reason);
  }
  while (cpus.length < possible) cpus.push(slot(cpus.length, null));
  state.ignored.sort((a, b) => a.firmwareIndex - b.firmwareIndex);
  return cpus;
}

function slot(cpu: number, entry: MadtEntry | null): KernelCpu {
  return {
    cpu,
    apicId: null,
    predictedApicId: entry?.apicId ?? null,
    present: false,
    node: entry?.node ?? -1,
    firmwareIndex: entry?.firmwareIndex ?? null,
  };
}

/**
 * The ACPI namespace scan hot-adds every plugged processor without a number, even one whose MADT entry was
 * ignored: it takes a free number and becomes present after all others were brought up.
 */
function acpiScan(machine: Machine, enumeration: Enumeration, reason: string): Enumeration {
  const expected = enumeration.cpus.flatMap((cpu) => (cpu.present ? [] : (cpu.firmwareIndex ?? [])));
  const scanMessages: string[] = [];
  const ignored = enumeration.ignored.filter((cpu) => {
    if (!cpu.present || cpu.apicId === null || cpu.why === 'duplicate') return true;
    const { node } = machine.cpus[cpu.firmwareIndex];
    const added = legacyHotAdd(enumeration, machine, cpu.apicId, node, cpu.firmwareIndex);
    scanMessages.push(...added.messages);
    return added.cpu === null;
  });
  if (ignored.length < enumeration.ignored.length) {
    ignored.push(...expectAgain(machine, enumeration, expected, reason));
    ignored.sort((a, b) => a.firmwareIndex - b.firmwareIndex);
  }
  return { ...enumeration, ignored, scanMessages };
}

/** Deals the absent entries out to the numbers that are still free; gives those for which none is left. */
function expectAgain(
  machine: Machine,
  enumeration: Enumeration,
  expected: readonly number[],
  reason: string,
): IgnoredCpu[] {
  const free = enumeration.cpus.filter((cpu) => cpu.apicId === null);
  free.forEach((cpu, i) => {
    const entry = i < expected.length ? machine.cpus[expected[i]] : null;
    cpu.firmwareIndex = entry ? expected[i] : null;
    cpu.predictedApicId = entry?.apicId ?? null;
    cpu.node = entry?.node ?? -1;
  });
  return expected.slice(free.length).map((firmwareIndex) => {
    const { apicId } = machine.cpus[firmwareIndex];
    return { apicId, present: false, firmwareIndex, why: 'limit', reason };
  });
}
