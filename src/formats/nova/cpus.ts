/** Sockets, cores and threads as Nova chooses them, and the nodes of `hw:numa_nodes` (docs/model/importing.md#openstack-nova). */
import { FIRST_X2APIC_ID } from '../../machine/apic-ids.ts';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { highestApicIdOfAny } from '../host-topology.ts';
import type { VcpuFacts } from '../libvirt/guest.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import type { Settings } from './keys.ts';

const LEVELS = ['sockets', 'cores', 'threads'] as const;
type Shape = Readonly<Record<(typeof LEVELS)[number], number>>;

/** What Nova allows of each level where nothing is said. */
const NO_LIMIT = 65_536;

export interface NovaCpus {
  readonly vcpus: Fact<string>;
  readonly facts: VcpuFacts;
}

/** The vCPUs of a flavor in the topology that Nova gives them. Throws InputError for numbers that are none. */
export function readCpus(settings: Settings, notes: Notes): NovaCpus {
  const wanted = shapeOf(settings, 'hw_cpu_', 0);
  const nodes = settings.get('hw_numa_nodes');
  const atLeast = nodes ? Math.min(wholeNumber(nodes, 'hw:numa_nodes'), LIMITS.cpus) : 1;
  const vcpus = settings.get('vcpus') ?? unknownVcpus(wanted, atLeast, notes);
  const count = wholeNumber(vcpus, 'vcpus');
  if (count < 1 || count > LIMITS.cpus)
    throw errorAt(vcpus.at, `${grouped(count)} vCPUs; from 1 to ${grouped(LIMITS.cpus)} are possible`);
  const most = shapeOf(settings, 'hw_cpu_max_', NO_LIMIT);
  const chosen = chooseShape(count, wanted, most) ?? impossible(count, most, settings, notes);
  nameHostTopology(settings, count, notes);
  const fact = (level: (typeof LEVELS)[number]): Fact<string> => ({
    value: String(chosen[level]),
    at: settings.get(`hw_cpu_${level}`)?.at,
  });
  return {
    vcpus,
    facts: {
      name: 'vcpus',
      vcpus,
      maxvcpus: undefined,
      sockets: fact('sockets'),
      cores: fact('cores'),
      threads: fact('threads'),
    },
  };
}

function shapeOf(settings: Settings, prefix: string, absent: number): Shape {
  const level = (name: string) => {
    const written = settings.get(prefix + name);
    return (written && wholeNumber(written, prefix + name)) || absent;
  };
  return { sockets: level('sockets'), cores: level('cores'), threads: level('threads') };
}

/** Properties without the flavor: as many as they ask for, and that is named. */
function unknownVcpus(wanted: Shape, nodes: number, notes: Notes): Fact<string> {
  notes.notUnderstood(
    'vcpus, which are in the flavor and not in this text',
    undefined,
    ['CPUs'],
    'add vcpus=N',
  );
  // One CPU a node at least.
  const product = LEVELS.reduce((all, level) => all * (wanted[level] || 1), 1);
  return given(String(product === 1 ? Math.max(1, nodes) : product));
}

/**
 * Of all shapes within the limits the one that has most of the wanted numbers; among those, few threads before many
 * sockets. Undefined if the limits allow none.
 */
export function chooseShape(count: number, wanted: Shape, most: Shape): Shape | undefined {
  let best: { readonly shape: Shape; readonly rank: readonly number[] } | undefined;
  for (let sockets = Math.min(count, most.sockets); sockets >= 1; sockets--) {
    if (count % sockets !== 0) continue;
    const perSocket = count / sockets;
    for (let cores = Math.min(perSocket, most.cores); cores >= 1; cores--) {
      const shape = { sockets, cores, threads: perSocket / cores };
      if (!Number.isInteger(shape.threads) || shape.threads > most.threads) continue;
      const matches = LEVELS.filter((level) => shape[level] === wanted[level]).length;
      const rank = [matches, sockets * cores, sockets];
      if (!best || isHigher(rank, best.rank)) best = { shape, rank };
    }
  }
  return best?.shape;
}

function isHigher(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && one[at] > other[at];
}

function impossible(count: number, most: Shape, settings: Settings, notes: Notes): Shape {
  const limits = LEVELS.map((level) => most[level]).join(':');
  const at = LEVELS.map((level) => settings.get(`hw_cpu_max_${level}`)).find(Boolean)?.at;
  const message = `Requested vCPU limits ${limits} are impossible to satisfy for the expected vcpus count ${count}`;
  notes.fail(message, at, { fix: ['raise hw:cpu_max_sockets, hw:cpu_max_cores or hw:cpu_max_threads'] });
  return { sockets: count, cores: 1, threads: 1 };
}

/** Pinned vCPUs may get the threads of the host's cores. */
function nameHostTopology(settings: Settings, count: number, notes: Notes): void {
  const policy = settings.get('hw_cpu_policy');
  if (!policy || !/^(?:dedicated|mixed)$/.test(policy.value)) return;
  if (settings.get('hw_cpu_thread_policy')?.value === 'isolate' || settings.has('hw_cpu_threads')) return;
  notes.assume('pinned vCPUs are taken for cores; on a host with SMT the guest may get threads', [
    'topology',
  ]);
  if (highestApicIdOfAny(count) < FIRST_X2APIC_ID) return;
  const part = `hw:cpu_policy=${policy.value} (the guest may get the threads of the host's cores)`;
  notes.notUnderstood(part, policy.at, ['CPUs'], 'add hw:cpu_threads');
}

/** Nodes with equal shares of the vCPUs, or those of `hw:numa_cpus.N`. */
export function numaOptions(settings: Settings, vcpus: Fact<string>, notes: Notes): QemuOption[] {
  const written = settings.get('hw_numa_nodes');
  if (!written) return [];
  const count = Number(vcpus.value);
  const nodes = wholeNumber(written, 'hw:numa_nodes');
  if (nodes < 1 || nodes > count)
    throw errorAt(written.at, `hw:numa_nodes: ${nodes} nodes for ${count} vCPUs`);
  const own = settings.has('hw_numa_cpus.0');
  if (!own && count % nodes !== 0) {
    notes.fail(
      'Instance CPUs and/or memory cannot be evenly distributed across instance NUMA nodes. Explicit assignment of CPUs and memory to nodes is required',
      written.at,
    );
    return [];
  }
  const share = count / nodes;
  return Array.from({ length: nodes }, (_, node) => {
    const even = given(`${node * share}-${(node + 1) * share - 1}`);
    return option('numa', written.at, [
      ['type', given('node')],
      ['nodeid', given(String(node))],
      ['cpus', own ? settings.get(`hw_numa_cpus.${node}`) : even],
    ]);
  });
}
