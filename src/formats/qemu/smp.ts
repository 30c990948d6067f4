/**
 * `-smp`: what is missing is worked out as QEMU does it (docs/model/importing.md#qemu-topology), and checked.
 */
import { lookup } from '../../lib/lookup.ts';
import { type CpuTopology, cpuCount } from '../../machine/topology.ts';
import type { Notes } from '../notes.ts';
import type { Version } from '../version.ts';
import { type QemuMachine, SMP_KEYS, type SmpFacts, type SmpKey } from './facts.ts';
import { type MachineType, maxCpus, since } from './machine-type.ts';
import { wholeNumber } from './props.ts';

export interface CompleteSmp {
  readonly topology: CpuTopology;
  /** CPUs at start. */
  readonly cpus: number;
  /** Possible CPUs. */
  readonly maxcpus: number;
  /** Keys QEMU worked out. */
  readonly derived: readonly SmpKey[];
}

type Counts = Partial<Record<SmpKey, number>>;

const ZERO = 'Invalid CPU topology: CPU topology parameters must be greater than zero';
const OLD_ZERO =
  'warning: Deprecated CPU topology (considered invalid): CPU topology parameters must be greater than zero';
const PRODUCT_FIX = 'make sockets * dies * modules * cores * threads equal to maxcpus';

/** Completes `-smp` for a machine type; what QEMU would not start is noted, and replaced by one socket a CPU. */
export function completeSmp(
  machine: { readonly smp: SmpFacts; readonly smpOthers: QemuMachine['smpOthers'] },
  type: MachineType,
  qemu: Version,
  notes: Notes,
): CompleteSmp {
  refuseKeys(machine, qemu, notes);
  const written = nonZero(machine.smp, qemu, notes);
  refuseLevels(machine.smp, type, qemu, notes);
  const { clusters: _, ...complete } = fillIn(written, since(type, 'smp-prefers-cores'));
  const { cpus, maxcpus, ...topology } = complete;
  const at = machine.smp.maxcpus?.at ?? machine.smp.cpus?.at ?? Object.values(machine.smp)[0]?.at;
  const hierarchy = hierarchyText(topology, type, qemu);
  const advice = { fix: [PRODUCT_FIX] };
  if (cpuCount(topology) !== maxcpus) {
    notes.fail(
      `Invalid CPU topology: product of the hierarchy must match maxcpus: ${hierarchy} != maxcpus (${maxcpus})`,
      at,
      advice,
    );
  } else if (maxcpus < cpus) {
    notes.fail(
      `Invalid CPU topology: maxcpus must be equal to or greater than smp: ${hierarchy} == maxcpus (${maxcpus}) < smp_cpus (${cpus})`,
      at,
    );
  }
  const { least, most: limit } = maxCpus(type);
  if (maxcpus > least && maxcpus <= limit) {
    const most = Number.isFinite(limit) ? `between ${least} and ${limit}` : `${least} at least`;
    const part = `how many CPUs ${type.name} takes at most: its distribution decides, ${most}`;
    notes.notUnderstood(part, at, ['CPUs']);
  }
  if (maxcpus > limit) {
    notes.fail(
      `Invalid SMP CPUs ${maxcpus}. The max CPUs supported by machine '${type.name}' is ${limit}`,
      at,
      {
        cause: [`the machine type ${type.name} has room for ${limit} CPUs`],
        ...(type.family === 'i440fx' ? { fix: ['use the machine type q35'] } : {}),
      },
    );
  }
  const derived = SMP_KEYS.filter((key) => key !== 'clusters' && written[key] === undefined);
  if (cpuCount(topology) === maxcpus) return { topology, cpus: Math.min(cpus, maxcpus), maxcpus, derived };
  const flat = { sockets: maxcpus, dies: 1, modules: 1, cores: 1, threads: 1 };
  return { topology: flat, cpus: Math.min(cpus, maxcpus), maxcpus, derived };
}

/** Keys of other machines that QEMU takes from a version on, if they are 1. */
const FOREIGN_KEYS = { books: 8002, drawers: 8002 } as const satisfies Readonly<Record<string, Version>>;
const MODULES_SINCE: Version = 9001;

/** Keys that this QEMU does not know, or that no x86 machine has. */
function refuseKeys(
  { smp, smpOthers }: Pick<QemuMachine, 'smp' | 'smpOthers'>,
  qemu: Version,
  notes: Notes,
): void {
  const { modules } = smp;
  if (modules && qemu < MODULES_SINCE) notes.fail("Parameter 'smp.modules' is unexpected", modules.at);
  for (const { key, fact } of smpOthers) {
    const since = lookup(FOREIGN_KEYS, key) ?? Number.POSITIVE_INFINITY;
    const count = qemu < since ? undefined : wholeNumber(fact, key);
    if (count === undefined) notes.fail(`Parameter 'smp.${key}' is unexpected`, fact.at);
    else if (count === 0) notes.fail(ZERO, fact.at);
    else if (count > 1) notes.fail(`${key} > 1 not supported by this machine's CPU topology`, fact.at);
  }
}

/** The written counts without zeros: newer QEMUs refuse them, older ones took them as not written. */
function nonZero(smp: SmpFacts, qemu: Version, notes: Notes): Counts {
  const counts: Counts = {};
  for (const key of SMP_KEYS) {
    const fact = smp[key];
    if (!fact) continue;
    if (fact.value > 0) counts[key] = fact.value;
    else if (qemu >= 9000) notes.fail(ZERO, fact.at);
    else notes.warn(OLD_ZERO, fact.at);
  }
  return counts;
}

/** Levels that a machine does not have. */
function refuseLevels(smp: SmpFacts, type: MachineType, qemu: Version, notes: Notes): void {
  const small = type.family === 'microvm' || type.family === 'isapc';
  for (const key of ['clusters', 'modules', 'dies'] as const) {
    const fact = smp[key];
    if (!fact || fact.value <= 1 || (key !== 'clusters' && !small)) continue;
    const what = qemu >= 9000 ? `${key} > 1 not supported` : `${key} not supported`;
    notes.fail(`${what} by this machine's CPU topology`, fact.at);
  }
}

/** Machine types from 6.2 on give CPUs to cores, older ones to sockets. Divisions are of integers. */
function fillIn(written: Counts, preferCores: boolean): Required<Counts> {
  const { dies = 1, modules = 1, clusters = 1 } = written;
  const fixed = dies * modules * clusters;
  let { cpus, maxcpus = cpus, sockets, cores, threads } = written;
  if (maxcpus === undefined) {
    sockets ??= 1;
    cores ??= 1;
    threads ??= 1;
    maxcpus = sockets * cores * threads * fixed;
  } else if (preferCores && cores === undefined) {
    sockets ??= 1;
    threads ??= 1;
    cores = Math.floor(maxcpus / (sockets * threads * fixed));
  } else if (sockets === undefined) {
    if (!preferCores) cores ??= 1;
    threads ??= 1;
    sockets = Math.floor(maxcpus / ((cores ?? 1) * threads * fixed));
  } else if (cores === undefined) {
    threads ??= 1;
    cores = Math.floor(maxcpus / (sockets * threads * fixed));
  }
  threads ??= Math.floor(maxcpus / ((sockets ?? 1) * (cores ?? 1) * fixed));
  cpus ??= maxcpus;
  return { cpus, maxcpus, sockets: sockets ?? 1, dies, modules, clusters, cores: cores ?? 1, threads };
}

/** "sockets (2) * dies (1) * …", with the levels that the machine knows. */
function hierarchyText(topology: CpuTopology, type: MachineType, qemu: Version): string {
  const small = type.family === 'microvm' || type.family === 'isapc';
  const levels = [
    'sockets',
    ...(small ? [] : ['dies']),
    ...(small || qemu < 9001 ? [] : ['modules']),
    'cores',
    'threads',
  ] as (keyof CpuTopology)[];
  return levels.map((level) => `${level} (${topology[level]})`).join(' * ');
}
