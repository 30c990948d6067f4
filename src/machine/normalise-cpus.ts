/** The CPUs of a description, from its topology or its list, in firmware (MADT) order. */

import { MAX_APIC_ID, XAPIC_MAX_ID } from './apic-ids.ts';
import { checkEntry, refuseDuplicates } from './cpu-entry-problems.ts';
import { grouped, LIMITS } from './limits.ts';
import { type NumberRange, parseRanges, rangeSize } from './lists.ts';
import { type Locate, type Path, type Problems, pathText } from './locate.ts';
import type { FirmwareCpu } from './machine.ts';
import type { CpuInput, MachineInput, TopologyInput } from './schema.ts';
import { isOn } from './switch.ts';
import {
  apicIdOf,
  apicIdsOf,
  type CpuTopology,
  cpuCount,
  fieldWidth,
  levelShift,
  nodeOfSocket,
  shapeText,
  socketOf,
} from './topology.ts';

export interface MachineCpus {
  readonly cpus: readonly FirmwareCpu[];
  /** Where the CPU with this index into `cpus` is written. */
  readonly cpuPath: (index: number) => Path;
  /** Index into `cpus`. */
  readonly bootIndex: number;
  readonly smtShift: number;
  /** null: not said. */
  readonly packageShift: number | null;
  readonly shape: string | null;
}

const NO_CPUS: MachineCpus = {
  cpus: [],
  cpuPath: () => [],
  bootIndex: 0,
  smtShift: 0,
  packageShift: null,
  shape: null,
};

/** Builds the CPUs. Notes problems; throws `InputError` at once past the limit of CPUs. */
export function normaliseCpus(input: MachineInput, locate: Locate, problems: Problems): MachineCpus {
  const { topology, cpus, smt, packageCpus } = input;
  if (topology && cpus) {
    problems.add(['cpus'], 'topology and cpus are both given; keep one of them', 'key');
    return NO_CPUS;
  }
  if (topology) {
    if (smt !== undefined) {
      problems.add(['smt'], 'smt goes with cpus; with a topology write topology.threads', 'key');
    }
    if (packageCpus !== undefined) {
      problems.add(['packageCpus'], 'packageCpus goes with cpus; a topology says it by its cores', 'key');
    }
    return fromTopology(topology, problems);
  }
  if (cpus)
    return {
      ...fromList(cpus, smt ?? 1, locate, problems),
      packageShift: packageCpus === undefined ? null : fieldWidth(packageCpus),
    };
  problems.add([], 'the machine has no CPUs: give either topology or cpus');
  return NO_CPUS;
}

function refuseTooMany(count: number, path: Path, problems: Problems): void {
  if (count <= LIMITS.cpus) return;
  problems.add(path, `${grouped(count)} CPUs; the limit is ${grouped(LIMITS.cpus)} CPUs`);
  problems.throwIfAny();
}

function fromTopology(input: TopologyInput, problems: Problems): MachineCpus {
  const { sockets = 1, dies = 1, modules = 1, cores = 1, threads = 1, nodes = 1 } = input;
  const topology: CpuTopology = { sockets, dies, modules, cores, threads };
  const product = cpuCount(topology);
  const max = input.max ?? product;
  refuseTooMany(max, ['topology', input.max === undefined ? 'sockets' : 'max'], problems);
  if (max > product) {
    problems.add(['topology', 'max'], `topology.max is ${max}, but the topology has only ${product} CPUs`);
    return NO_CPUS;
  }
  if (nodes > sockets) {
    problems.add(
      ['topology', 'nodes'],
      `topology.nodes is ${nodes}, but topology.sockets only ${sockets}: a node takes whole sockets`,
    );
  }
  if (apicIdOf(max - 1, topology) > MAX_APIC_ID) {
    problems.add(
      ['topology'],
      `the APIC ID of the last CPU, ${apicIdOf(max - 1, topology)}, exceeds 32 bits`,
    );
  }
  const present = presentIndexes(input.present, max, problems);
  const l2Shift = input.l2 === undefined ? undefined : levelShift(topology, input.l2);
  const apicIds = apicIdsOf(max, topology);
  const cpus: FirmwareCpu[] = [];
  for (let index = 0; index < max; index++) {
    const node = nodeOfSocket(socketOf(index, topology), sockets, nodes);
    const state = present[index] === 1 ? 'online' : 'absent';
    const cpu: FirmwareCpu = { apicId: apicIds[index], node, state };
    cpus.push(l2Shift === undefined ? cpu : { ...cpu, l2Shift });
  }
  const bootIndex = Math.max(0, present.indexOf(1));
  return {
    cpus,
    cpuPath: () => ['topology'],
    bootIndex,
    smtShift: fieldWidth(threads),
    packageShift: levelShift(topology, 'socket'),
    shape: shapeText(topology),
  };
}

/** 1 for each CPU index that is plugged. */
function presentIndexes(present: TopologyInput['present'], max: number, problems: Problems): Uint8Array {
  const flags = new Uint8Array(max);
  const path = ['topology', 'present'];
  if (present === undefined) return flags.fill(1);
  if (typeof present === 'number') {
    if (present > max)
      problems.add(
        path,
        `topology.present is ${present}, but only ${max} CPU${max === 1 ? ' is' : 's are'} possible`,
      );
    if (present === 0) problems.add(path, 'topology.present is 0: no CPU could boot');
    return flags.fill(1, 0, present);
  }
  const ranges = parseRanges(present, path, problems);
  if (!ranges) return flags;
  const beyond = ranges.find(([, last]) => last >= max);
  if (beyond) {
    problems.add(path, `topology.present names CPU index ${beyond[1]}, but the last one is ${max - 1}`);
    return flags;
  }
  for (const [first, last] of ranges) flags.fill(1, first, last + 1);
  if (ranges.length === 0) problems.add(path, 'topology.present is empty: no CPU could boot');
  return flags;
}

function fromList(
  entries: readonly CpuInput[],
  smt: number,
  locate: Locate,
  problems: Problems,
): MachineCpus {
  const ranges = entries.map((entry, index) => apicIdRanges(entry, ['cpus', index], problems));
  const total = entries.reduce(
    (sum, entry, i) => sum + (entry.apicId === undefined ? (entry.count ?? 0) : rangeSize(ranges[i])),
    0,
  );
  refuseTooMany(total, ['cpus'], problems);
  refuseDuplicates(entries, ranges, locate, problems);
  const cpus: FirmwareCpu[] = [];
  const ends: number[] = [];
  for (const [index, entry] of entries.entries()) {
    const { node = 0, state = 'online' } = entry;
    const slotFacts = {
      node,
      state,
      ...(entry.onlineCapable === undefined ? {} : { onlineCapable: isOn(entry.onlineCapable, true) }),
    };
    const facts = {
      ...slotFacts,
      ...(entry.l2 === undefined ? {} : { l2Shift: fieldWidth(entry.l2) }),
      ...(isOn(entry.duplicate, false) ? { duplicate: true } : {}),
      ...(isOn(entry.guessed, false) ? { guessed: true } : {}),
    };
    checkEntry(entry, ranges[index], index, problems);
    for (const [first, last] of ranges[index]) {
      for (let apicId = first; apicId <= last; apicId++) {
        const lowWide = entry.entry === 'x2apic' && apicId <= XAPIC_MAX_ID;
        cpus.push({ apicId, ...facts, ...(lowWide ? { x2apicEntry: true } : {}) });
      }
    }
    const slots = entry.apicId === undefined ? (entry.count ?? 0) : 0;
    for (let slot = 0; slot < slots; slot++) cpus.push({ apicId: null, ...slotFacts });
    ends.push(cpus.length);
  }
  const bootIndex = bootCpu(entries, ranges, cpus, problems);
  const cpuPath = (cpu: number): Path => {
    const index = ends.findIndex((end) => cpu < end);
    return index < 0 ? ['cpus'] : ['cpus', index];
  };
  return { cpus, cpuPath, bootIndex, smtShift: fieldWidth(smt), packageShift: null, shape: null };
}

/** The APIC IDs of one entry; [] for hot-plug slots and for what has a problem. */
function apicIdRanges(entry: CpuInput, path: Path, problems: Problems): NumberRange[] {
  if (entry.apicId === undefined) {
    if (entry.count === undefined)
      problems.add(path, `${pathText(path)}: a CPU needs an apicId (or a count, for hot-plug slots)`);
    else if (entry.state !== 'absent') {
      problems.add(
        path,
        `${pathText(path)}: CPUs without an apicId can only be hot-plug slots: add "state: absent"`,
      );
    }
    return [];
  }
  if (entry.count !== undefined) {
    problems.add(
      [...path, 'count'],
      'count is for hot-plug slots without an apicId; write a list such as "0-7"',
    );
  }
  const ranges = parseRanges(entry.apicId, [...path, 'apicId'], problems);
  if (ranges?.length === 0)
    problems.add([...path, 'apicId'], `${pathText(path)}: the list of APIC IDs is empty`);
  return ranges ?? [];
}

/** The CPU marked `boot: true`, else the first online one. */
function bootCpu(
  entries: readonly CpuInput[],
  ranges: readonly NumberRange[][],
  cpus: readonly FirmwareCpu[],
  problems: Problems,
): number {
  const marked = [...entries.keys()].filter((index) => isOn(entries[index].boot, false));
  for (const index of marked.slice(1)) {
    problems.add(['cpus', index, 'boot'], `cpus[${index}]: cpus[${marked[0]}] is the boot CPU already`);
  }
  if (marked.length > 0) {
    const [index] = marked;
    const single = rangeSize(ranges[index]) === 1;
    if (!single || (entries[index].state ?? 'online') !== 'online') {
      problems.add(
        ['cpus', index, 'boot'],
        `cpus[${index}]: the boot CPU must be one APIC ID that is online`,
      );
    }
    return cpus.findIndex(({ apicId }) => apicId === ranges[index][0]?.[0]);
  }
  if (!entries.some(({ state = 'online' }) => state === 'online')) {
    problems.add(['cpus'], 'no CPU is online: the machine could not boot');
  }
  return Math.max(
    0,
    cpus.findIndex(({ state }) => state === 'online'),
  );
}
