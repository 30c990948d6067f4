/** NUMA: which CPU belongs to which node (docs/model/importing.md#qemu-numa). */
import type { CpuTopology } from '../../machine/topology.ts';
import type { Notes } from '../notes.ts';
import { isIn, isNowhere, placeOf, placeText } from './cpu-place.ts';
import type { NumaNode, NumaPlace, QemuMachine } from './facts.ts';
import { deviceMessage, errorAt } from './props.ts';

const NOBODY = -1;
const OBSOLETE =
  'warning: All CPU(s) up to maxcpus should be described in NUMA config, ability to start up with partial NUMA ' +
  'mappings is obsoleted and will be removed in future';

/** Node by CPU index; null without NUMA. Needs as much time as there are CPUs. */
export function resolveNuma(
  machine: QemuMachine,
  topology: CpuTopology,
  maxcpus: number,
  notes: Notes,
): Int32Array | null {
  const { numaNodes, numaPlaces } = machine;
  if (numaNodes.length === 0) return null;
  refuseTooMuch(machine, maxcpus);
  const nodes = new Int32Array(maxcpus).fill(NOBODY);
  refuseTwins(numaNodes, notes);
  for (const node of numaNodes) assign(node, nodes, notes);
  for (const place of numaPlaces) assignPlace(place, nodes, machine, topology, notes);
  refuseGaps(numaNodes, notes);
  if (nodes.every((node) => node === NOBODY)) {
    notes.assume(`NUMA nodes without CPUs get them by socket: socket number modulo ${numaNodes.length}`);
    return nodes.map((_, index) => numaNodes[placeOf(index, topology)['socket-id'] % numaNodes.length].id);
  }
  return restToNodeZero(nodes, topology, numaNodes[0], notes);
}

const undefinedNode = (node: number) =>
  `Invalid node-id=${node}, NUMA node must be defined with -numa node,nodeid=ID before it's used with -numa cpu,node-id=ID`;

/** Steps that giving CPUs to nodes may take. */
const MAX_STEPS = 2 ** 24;

function refuseTooMuch({ numaNodes, numaPlaces }: QemuMachine, maxcpus: number): void {
  const ranges = numaNodes.reduce((sum, { cpus }) => sum + cpus.length, 0);
  if ((ranges + numaPlaces.length) * maxcpus <= MAX_STEPS) return;
  throw errorAt(numaNodes[0].at, 'the NUMA nodes are described by far too many -numa options');
}

function assign(node: NumaNode, nodes: Int32Array, notes: Notes): void {
  for (const [first, last] of node.cpus) {
    for (let index = first; index <= last; index++) {
      if (index >= nodes.length) {
        const message = `CPU index (${index}) should be smaller than maxcpus (${nodes.length})`;
        notes.fail(deviceMessage(node, message), node.at);
        return;
      }
      if (nodes[index] !== NOBODY && nodes[index] !== node.id) {
        notes.fail(deviceMessage(node, `CPU is already assigned to node-id: ${nodes[index]}`), node.at);
        return;
      }
      nodes[index] = node.id;
    }
  }
}

/** `-numa cpu`: all CPUs of a place. */
function assignPlace(
  { node, place, at }: NumaPlace,
  nodes: Int32Array,
  { numaNodes }: QemuMachine,
  topology: CpuTopology,
  notes: Notes,
): void {
  if (!numaNodes.some(({ id }) => id === node)) {
    notes.fail(undefinedNode(node), at);
    return;
  }
  if (isNowhere(place, topology)) notes.fail('no match found', at);
  for (const [index, before] of nodes.entries()) {
    if (!isIn(index, place, topology)) continue;
    if (before !== NOBODY && before !== node) notes.fail(`CPU is already assigned to node-id: ${before}`, at);
    nodes[index] = node;
  }
}

/** A node is described once. */
function refuseTwins(nodes: readonly NumaNode[], notes: Notes): void {
  const seen = new Set<number>();
  for (const node of nodes) {
    if (seen.has(node.id)) notes.fail(deviceMessage(node, `Duplicate NUMA nodeid: ${node.id}`), node.at);
    seen.add(node.id);
  }
}

/** Node numbers must have no holes. */
function refuseGaps(nodes: readonly NumaNode[], notes: Notes): void {
  const ids = new Set(nodes.map(({ id }) => id));
  const highest = nodes.reduce((max, { id }) => Math.max(max, id), 0);
  // QEMU looks from the top.
  for (let id = highest - 1; id >= 0; id--) {
    if (ids.has(id)) continue;
    notes.fail(`numa: Node ID missing: ${id}`, nodes[0].at);
    return;
  }
}

function restToNodeZero(nodes: Int32Array, topology: CpuTopology, first: NumaNode, notes: Notes): Int32Array {
  const left = [...nodes.keys()].filter((index) => nodes[index] === NOBODY);
  if (left.length === 0) return nodes;
  const names = left.map((index) => `CPU ${index} [${placeText(index, topology)}]`).join(', ');
  notes.warn(`warning: CPU(s) not present in any NUMA nodes: ${names}`, first.at, {
    cause: ['QEMU puts them on node 0'],
    fix: ['give every CPU index up to maxcpus to a node'],
  });
  notes.warn(OBSOLETE, first.at);
  return nodes.map((node) => (node === NOBODY ? 0 : node));
}

/**
 * Nodes with memory that no CPU is on: SRAT names them, so that the kernel deals absent CPUs to them, too. Where no node
 * is said to have memory all are taken to have some.
 */
export function memoryNodes({ numaNodes }: QemuMachine, nodes: Int32Array | null): readonly NumaNode[] {
  if (nodes === null) return [];
  const isSaid = numaNodes.some(({ memory }) => memory);
  const withCpus = new Set(nodes);
  return numaNodes.filter(({ id, memory }) => (memory || !isSaid) && !withCpus.has(id));
}
