/** On every node with an online CPU each device has a queue of its own (docs/model/proofs.md#queues-of-nodes). */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { Stage } from '../../sim/events/stage.ts';
import { type Arrival, effectiveCpu } from '../../sim/loss.ts';
import { arrivalOf, type ProbedDevice } from '../../sim/system.ts';
import { leavesNoneBehind } from '../lossless.ts';
import type { Property } from '../property.ts';
import { descOf, firstOfDevices, works } from '../queues.ts';
import { holders, smallestWithin } from '../usable-cpus.ts';

export const everyNodeHasAQueue: Property = {
  name: 'every-node-has-a-queue',
  fault: (state, _, touched) =>
    firstOfDevices(state, touched, (device, arrival) => {
      if (device.queueVectors.length === 0) return null;
      const node = nodesInUse(state.stage).find((one) => !isServed(state.stage, device, arrival, one));
      return node === undefined
        ? null
        : `no queue of ${device.spec.name} that works has its interrupt on node ${node}`;
    }),
  bound({ stage }, { candidates, plugs }) {
    if (plugs.length > 0 || stage.devices.hinted.length > 0 || !leavesNoneBehind(stage, plugs)) return null;
    const smallest = smallestWithin(candidates);
    const nodes = onlineByNode(stage);
    for (const device of stage.system.devices) {
      if (device.queueVectors.length === 0) continue;
      const leaving = mustLeave(stage, device, nodes);
      for (const [node, cpus] of nodes) {
        const must = leaving.get(node) ?? new CpuMask(cpus.nbits);
        // If all CPUs of the node are gone it needs no queue.
        if (!cpus.isSubsetOf(must)) smallest.add(must);
      }
    }
    return {
      fewest: smallest.size(),
      tries: smallest.tries(),
      because: [
        'an interrupt leaves its CPU only when that goes, and a managed one whose mask is within a node leaves that with the last CPU of the mask',
      ],
    };
  },
};

/** The online CPUs of each node that has one. */
function onlineByNode({ system: { online, nodeOf } }: Stage): ReadonlyMap<number, CpuMask> {
  const nodes = new Map<number, CpuMask>();
  online.forEach((cpu) => {
    const cpus = nodes.get(nodeOf[cpu]) ?? new CpuMask(online.nbits);
    nodes.set(nodeOf[cpu], cpus.set(cpu));
  });
  return nodes;
}

/** For each node the CPUs that must all go before the queues of the device that interrupt it there may be gone. */
function mustLeave(
  stage: Stage,
  device: ProbedDevice,
  nodes: ReadonlyMap<number, CpuMask>,
): ReadonlyMap<number, CpuMask> {
  const { nodeOf, online } = stage.system;
  const arrival = arrivalOf(stage.system, device.domain);
  const leaving = new Map<number, CpuMask>();
  for (let queue = 0; queue < device.queueVectors.length; queue++) {
    const d = descOf(stage, device, queue);
    if (!works(d, arrival)) continue;
    const cpu = effectiveCpu(d);
    const node = nodeOf[cpu];
    const cpus = holders(stage, d);
    const must = leaving.get(node) ?? new CpuMask(online.nbits);
    leaving.set(node, cpus?.isSubsetOf(nodes.get(node) ?? cpus) ? must.orWith(cpus) : must.set(cpu));
  }
  return leaving;
}

/** Nodes with an online CPU, ascending. */
function nodesInUse({ system: { online, nodeOf } }: Stage): number[] {
  const nodes = new Set<number>();
  online.forEach((cpu) => {
    nodes.add(nodeOf[cpu]);
  });
  return [...nodes].sort((a, b) => a - b);
}

function isServed(stage: Stage, device: ProbedDevice, arrival: Arrival, node: number): boolean {
  for (let queue = 0; queue < device.queueVectors.length; queue++) {
    const d = descOf(stage, device, queue);
    if (works(d, arrival) && stage.system.nodeOf[effectiveCpu(d)] === node) return true;
  }
  return false;
}
