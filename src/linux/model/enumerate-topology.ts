/**
 * CPU numbers on kernels 6.9 and newer: present CPUs in entry order, absent CPUs by ascending APIC ID, all of
 * it fixed at boot. Mirrors arch/x86/kernel/cpu/topology.c (topology_apply_cmdline_limits_early(),
 * topology_register_apic(), topology_init_possible_cpus()).
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
  limitReason,
  NO_NUMBER,
  setNumber,
  UNABLE_TO_MAP,
} from './enumeration.ts';
import { bootApicId, type Handover } from './handover.ts';
import { detectHypervisor } from './hypervisor.ts';
import { type MadtEntry, madtEntries, madtFilter } from './madt.ts';

/** The state of topology.c while entries are registered. */
interface Registration {
  readonly nrCpuIds: number;
  readonly bootId: number;
  /** Entries with a number; index = CPU number. */
  readonly assigned: MadtEntry[];
  readonly absent: MadtEntry[];
  /** A bit for each APIC ID that was registered: apic_maps of the thread domain. */
  readonly registered: CpuMask;
  rejected: number;
  saidLimit: boolean;
  saidTooBig: boolean;
  saidPackage: boolean;
  /** Package numbers of present CPUs; null where the package rule does not hold. */
  readonly packages: Set<number> | null;
  readonly packageShift: number;
  /** Packages may be wider than `packageShift` says: the description does not tell. */
  readonly packagesInDoubt: boolean;
  readonly ignored: IgnoredCpu[];
  readonly messages: string[];
}

/** Never fails. Time and space are linear in the CPUs, but for sorting the absent ones. */
export function enumerateTopology(machine: Machine, start: Handover): Enumeration {
  const messages = [...start.messages];
  const nrCpuIds = applyCmdlineLimitsEarly(machine, start, messages);
  const entries = madtEntries(machine);
  const { bootIndex } = machine;
  const boot = entries.find((entry) => entry.firmwareIndex === bootIndex)!;
  const state: Registration = {
    nrCpuIds,
    bootId: bootApicId(machine),
    assigned: [{ ...boot, present: true }],
    absent: [],
    registered: new CpuMask(Math.min(MAX_LOCAL_APIC, highestApicId(entries) + 1)),
    rejected: 0,
    saidLimit: false,
    saidTooBig: false,
    saidPackage: false,
    packages: presentPackages(machine),
    packageShift: leastPackageShift(machine),
    packagesInDoubt: machine.packageShift === null,
    ignored: [],
    messages,
  };
  if (state.bootId < MAX_LOCAL_APIC) state.registered.set(state.bootId);
  registerAll(machine, start, entries, state);
  return initPossibleCpus(machine, start, state);
}

/** The bitmap need not be longer than that. */
function highestApicId(entries: readonly MadtEntry[]): number {
  let highest = 0;
  for (const { apicId } of entries) if (apicId !== null && apicId > highest) highest = apicId;
  return highest;
}

/** topology_apply_cmdline_limits_early(): the number of CPU numbers there will be at most. */
function applyCmdlineLimitsEarly(machine: Machine, start: Handover, messages: string[]): number {
  const { cmdline, kernelConfig } = machine;
  const nrCpuIds = Math.min(kernelConfig.nrCpus, cmdline.nrCpus ?? kernelConfig.nrCpus);
  const noapic = cmdline.noapic && machine.kernel.has('noapic-single-cpu');
  const single = cmdline.maxCpus === 0 || !start.apicEnabled || noapic;
  const possible = Math.max(1, Math.min(single ? 1 : nrCpuIds, cmdline.possibleCpus ?? nrCpuIds));
  if (possible < nrCpuIds) messages.push(`CPU topo: Limiting to ${possible} possible CPUs`);
  return Math.min(possible, nrCpuIds);
}

function registerAll(machine: Machine, start: Handover, entries: MadtEntry[], state: Registration): void {
  const skip = madtFilter(machine, start, entries);
  const { bootIndex } = machine;
  let first = true;
  for (const entry of entries) {
    const isBoot = entry.firmwareIndex === bootIndex;
    const skipped = skip(entry);
    if (skipped) {
      if (skipped.message !== null) state.messages.push(skipped.message);
      if (!isBoot) ignore(state, entry, skipped.why, skipped.reason);
      continue;
    }
    if (first) checkForRealBsp(state, entry);
    first = false;
    if (!isBoot) topologyRegisterApic(state, entry);
  }
}

function ignore(state: Registration, entry: MadtEntry, why: IgnoredWhy, reason: string): void {
  const { apicId, present, firmwareIndex } = entry;
  state.ignored.push({ apicId, present, firmwareIndex, why, reason });
}

/**
 * check_for_real_bsp(): the boot CPU should be listed first. A description cannot say that it is about a
 * crash kernel, so the CPU that boots is taken for the real BSP and nothing is rejected.
 */
function checkForRealBsp(state: Registration, { apicId }: MadtEntry): void {
  if (apicId === null || apicId === state.bootId) return;
  const ids = `${state.bootId.toString(16)} != ${apicId.toString(16)}`;
  state.messages.push(`CPU topo: Boot CPU APIC ID not the first enumerated APIC ID: ${ids}`);
  state.messages.push('CPU topo: [Firmware Bug]: APIC enumeration order not specification compliant');
}

/** topology_register_apic(): an entry gets a number, is kept for a number later, or is rejected. */
function topologyRegisterApic(state: Registration, entry: MadtEntry): void {
  const { apicId } = entry;
  if (apicId !== null && apicId >= MAX_LOCAL_APIC) {
    if (!state.saidTooBig) {
      const limit = (MAX_LOCAL_APIC - 1).toString(16);
      state.messages.push(`CPU topo: APIC ID ${apicId.toString(16)} exceeds kernel limit of: ${limit}`);
    }
    state.saidTooBig = true;
    state.rejected++;
    ignore(state, entry, 'too-big', `the kernel takes no APIC ID above ${MAX_LOCAL_APIC - 1}`);
  } else if (apicId !== state.bootId && state.assigned.length >= state.nrCpuIds) {
    if (!state.saidLimit) {
      state.messages.push(`CPU topo: CPU limit of ${state.nrCpuIds} reached. Ignoring further CPUs`);
    }
    state.saidLimit = true;
    state.rejected++;
    ignore(state, entry, 'limit', limitReason(state.nrCpuIds));
  } else topoRegisterApic(state, entry);
}

/** topo_register_apic(): a present CPU gets the next number, an absent one is counted. */
function topoRegisterApic(state: Registration, entry: MadtEntry): void {
  const { assigned, packages, packageShift, absent, registered } = state;
  const { apicId, present } = entry;
  const pkg = apicId === null || packages === null ? null : Math.floor(apicId / 2 ** packageShift);
  if (present) {
    if (apicId !== null && registered.test(apicId)) {
      ignore(state, entry, 'duplicate', 'firmware lists its APIC ID before');
      return;
    }
    if (apicId !== null) registered.set(apicId);
    assigned.push(entry);
    if (pkg !== null) packages?.add(pkg);
  } else if (apicId !== null && pkg !== null && packages?.has(pkg)) {
    if (!state.saidPackage) {
      const id = apicId.toString(16);
      state.messages.push(`CPU topo: Ignoring hot-pluggable APIC ID ${id} in present package.`);
    }
    state.saidPackage = true;
    state.rejected++;
    const reason = 'on bare metal the kernel takes no absent CPU of a package that has a present one';
    ignore(state, entry, 'present-package', reason);
  } else absent.push(entry);
}

/** Bits of the APIC ID below the package; where that is not said, those of what no package splits: cores, L2 caches. */
function leastPackageShift({ packageShift, smtShift, cpus }: Machine): number {
  return packageShift ?? cpus.reduce((shift, { l2Shift = 0 }) => Math.max(shift, l2Shift), smtShift);
}

/** The packages of the package rule, which holds on bare metal only: that of the boot CPU, at first. */
function presentPackages(machine: Machine): Set<number> | null {
  if (!machine.kernel.has('present-package-refused') || detectHypervisor(machine).detected) return null;
  return new Set([Math.floor(bootApicId(machine) / 2 ** leastPackageShift(machine))]);
}

/** An absent CPU that the package rule rejects if its package turns out to be that of a present CPU. */
function mayBeRejected({ packages, packagesInDoubt }: Registration, apicId: number | null): boolean {
  return packages !== null && (packagesInDoubt || apicId === null);
}

/** topology_init_possible_cpus(): absent CPUs get the numbers that are left, by ascending APIC ID. */
function initPossibleCpus(machine: Machine, start: Handover, state: Registration): Enumeration {
  const { assigned, absent, messages, nrCpuIds } = state;
  const total = assigned.length + absent.length;
  const allowed = Math.min(total, nrCpuIds);
  if (total > allowed) messages.push(`CPU topo: ${total} possible CPUs exceed the limit of ${allowed}`);
  const hotplug = allowed - assigned.length;
  messages.push(`CPU topo: Allowing ${assigned.length} present CPUs plus ${hotplug} hotplug CPUs`);
  if (state.rejected > 0) messages.push(`CPU topo: Rejected CPUs ${state.rejected}`);

  absent.sort((a, b) => (a.apicId ?? MAX_LOCAL_APIC) - (b.apicId ?? MAX_LOCAL_APIC));
  const { fresh, again } = splitDuplicates(state);
  const numbered = fresh.slice(0, hotplug);
  // Numbers that were counted for an ID listed twice have no ID: BAD_APICID.
  const phantoms = again.slice(0, hotplug - numbered.length).map((entry) => ({ ...entry, apicId: null }));
  const unnumbered = fresh.slice(hotplug);
  for (const entry of unnumbered) ignore(state, entry, 'limit', limitReason(nrCpuIds));
  const cpus = [...assigned, ...numbered, ...phantoms].map((entry, cpu): KernelCpu => {
    const { apicId, present, node, firmwareIndex } = entry;
    const slot: KernelCpu = { cpu, apicId, predictedApicId: null, present, node, firmwareIndex };
    return !present && mayBeRejected(state, apicId) ? { ...slot, mayBeRejected: true } : slot;
  });
  state.ignored.sort((a, b) => a.firmwareIndex - b.firmwareIndex);
  // The namespace scan tries to add every plugged processor that has no number; none was enumerated.
  const scanMessages = start.apicEnabled
    ? state.ignored.filter((cpu) => cpu.present && cpu.why !== 'duplicate').map(() => UNABLE_TO_MAP)
    : [];
  const enumeration = buildEnumeration(machine, { cpus, ignored: state.ignored, messages, scanMessages });
  for (const { apicId } of unnumbered) if (apicId !== null) setNumber(enumeration, apicId, NO_NUMBER);
  return enumeration;
}

/** Absent entries whose APIC ID is new, by ascending ID, and those whose ID the bitmap holds already. */
function splitDuplicates({ absent, registered }: Registration): { fresh: MadtEntry[]; again: MadtEntry[] } {
  const again: MadtEntry[] = [];
  const fresh = absent.filter((entry) => {
    const { apicId } = entry;
    if (apicId === null) return true;
    const known = registered.test(apicId);
    if (known) again.push(entry);
    registered.set(apicId);
    return !known;
  });
  return { fresh, again };
}
