/** Threads of a core, CPUs of a package and those that share an L2 cache, as far as the machine shows them. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { Location } from '../../machine/locate.ts';
import { fieldWidth } from '../../machine/topology.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { cpuSetOrMap } from './cpu-set.ts';
import { CPUINFO, type CpuInfo } from './cpuinfo.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Place } from './place.ts';
import { numberOf, type Tree, textOf } from './tree.ts';

const CPU_DIR = 'sys/devices/system/cpu';
/** Widths of the fields of an APIC ID, in kernels from 6.9. */
const DOMAINS = 'sys/kernel/debug/x86/topo/domains';
const L2 = 2;

/** What the readers of topology look at. */
export interface TopologyEvidence {
  readonly tree: Tree;
  readonly info: CpuInfo;
  readonly log: KernelLog;
  readonly place: Place;
}

/** "domain: Package    shift: 3 dom_size: 1": CPUs of one package agree above that many bits. */
function domainShift(tree: Tree, domain: string): { shift: number; size: number } | undefined {
  const pattern = new RegExp(`^domain: ${domain}\\s+shift:\\s*(\\d{1,2}) dom_size:\\s*(\\d{1,5})`, 'm');
  const match = pattern.exec(textOf(tree, DOMAINS) ?? '');
  return match ? { shift: Number(match[1]), size: Number(match[2]) } : undefined;
}

/** Threads of the core of a CPU that runs. */
function siblingsOf(tree: Tree, cpu: number): CpuMask | null {
  const dir = `cpu${cpu}/topology`;
  return cpuSetOrMap(tree, `${dir}/thread_siblings_list`, `${dir}/thread_siblings`);
}

/**
 * Sets smt. Siblings that never were online are in no list of siblings: what the kernel worked out at boot
 * comes first.
 */
export function describeThreads(
  sheet: DescriptionBuilder,
  { tree, info, log, place }: TopologyEvidence,
): void {
  const domain = domainShift(tree, 'Thread');
  const logged = log.find(/CPU topo: Max\. threads per core: +(\d+)/);
  let threads = domain?.size ?? Number(logged?.[1] ?? 1);
  let at = domain ? place(DOMAINS) : place(log.path, logged ? log.lineOf(logged[0]) : 1);
  for (const cpu of info.apicIds.keys()) {
    const siblings = siblingsOf(tree, cpu)?.weight() ?? 1;
    if (siblings <= threads) continue;
    threads = siblings;
    at = place(CPU_DIR);
  }
  if (threads > 1) sheet.set(['smt'], Math.min(threads, 1024), at);
}

/** Number of the package that a CPU shows. */
function packageOf(tree: Tree, cpu: number): number | undefined {
  return numberOf(tree, `${CPU_DIR}/cpu${cpu}/topology/physical_package_id`);
}

/** The fewest bits after which the APIC ID is the number of the package, for all CPUs that run. */
function shiftByPackageNumbers({ tree, info }: TopologyEvidence): number | undefined {
  const known = [...info.apicIds].flatMap(([cpu, apicId]) => {
    const pkg = packageOf(tree, cpu) ?? info.packages.get(cpu);
    return pkg === undefined ? [] : [{ apicId, pkg }];
  });
  // One package does not tell where it ends.
  if (!known.some(({ pkg }) => pkg > 0)) return undefined;
  for (let shift = 0; shift < 32; shift++) {
    if (known.every(({ apicId, pkg }) => Math.floor(apicId / 2 ** shift) === pkg)) return shift;
  }
  return undefined;
}

/** Sets packageCpus, where the machine tells. `highest`: the highest APIC ID that firmware lists. */
export function describePackages(
  sheet: DescriptionBuilder,
  evidence: TopologyEvidence,
  highest: number,
): void {
  const found = packageShift(evidence, highest);
  if (found && 2 ** found.shift <= LIMITS.cpus) sheet.set(['packageCpus'], 2 ** found.shift, found.at);
}

function packageShift(
  evidence: TopologyEvidence,
  highest: number,
): { shift: number; at: Location } | undefined {
  const { tree, log, place } = evidence;
  const domain = domainShift(tree, 'Package');
  if (domain) return { shift: domain.shift, at: place(DOMAINS) };
  const shift = shiftByPackageNumbers(evidence);
  if (shift !== undefined) return { shift, at: place(CPUINFO) };
  const single = log.find(/CPU topo: Max\. logical packages: +1\b/);
  return single ? { shift: fieldWidth(highest + 1), at: place(log.path, log.lineOf(single[0])) } : undefined;
}

/** CPUs that share an L2 with one that runs. */
function clusterOf(tree: Tree, cpu: number): CpuMask | null {
  const topology = `cpu${cpu}/topology`;
  const cluster = cpuSetOrMap(tree, `${topology}/cluster_cpus_list`, `${topology}/cluster_cpus`);
  if (cluster) return cluster;
  for (let index = 0; index < 8; index++) {
    const dir = `cpu${cpu}/cache/index${index}`;
    const level = numberOf(tree, `${CPU_DIR}/${dir}/level`) ?? index;
    if (level === L2) return cpuSetOrMap(tree, `${dir}/shared_cpu_list`, `${dir}/shared_cpu_map`);
  }
  return null;
}

/**
 * APIC ID → CPUs of its L2 cache, by the bits in which their IDs differ, where these are more than one core.
 * CPUs that do not run are like the others if those are all alike.
 */
export function l2Sharing(
  { tree, info }: TopologyEvidence,
  threads: number,
): (apicId: number) => number | undefined {
  const shares = new Map<number, number>();
  for (const [cpu, apicId] of info.apicIds) {
    const ids =
      clusterOf(tree, cpu)
        ?.toArray()
        .map((other) => info.apicIds.get(other) ?? apicId) ?? [];
    let shift = 0;
    while (ids.some((id) => Math.floor(id / 2 ** shift) !== Math.floor(apicId / 2 ** shift))) shift++;
    shares.set(apicId, 2 ** shift);
  }
  const core = 2 ** fieldWidth(threads);
  const sizes = new Set(shares.values());
  const [most] = sizes;
  const others = sizes.size === 1 && most > core ? most : undefined;
  return (apicId) => {
    const size = shares.get(apicId);
    if (size === undefined) return others;
    return size > core ? size : undefined;
  };
}
