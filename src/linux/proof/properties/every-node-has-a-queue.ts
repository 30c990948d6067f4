/** On every node with an online CPU each device has a queue of its own (docs/model/proofs.md#queues-of-nodes). */
import { CpuMask } from '../../../lib/cpumask.ts';
import { hasFlags, IrqFlag } from '../../engine/irq-desc.ts';
import { usableMask } from '../../engine/irq-life.ts';
import type { Stage } from '../../sim/events/stage.ts';
import { type Arrival, effectiveCpu } from '../../sim/loss.ts';
import type { ProbedDevice } from '../../sim/system.ts';
import { leavesNoneBehind } from '../lossless.ts';
import { type Property, unbroken } from '../property.ts';
import { descOf, firstOfDevices, works } from '../queues.ts';

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
  bound({ stage }, { plugs }) {
    if (plugs.length > 0 || !leavesNoneBehind(stage, plugs)) return null;
    const everywhere = stage.system.devices.every(
      (device) => device.queueVectors.length === 0 || coversItsNodes(stage, device),
    );
    return everywhere
      ? unbroken('each online CPU is in the mask of a managed queue that does not leave its node')
      : null;
  },
};

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

/** As long as a CPU of a node runs, so does a queue that only CPUs of the node can have. */
function coversItsNodes(stage: Stage, device: ProbedDevice): boolean {
  const { online, life, nodeOf } = stage.system;
  const covered = new CpuMask(online.nbits);
  for (let queue = 0; queue < device.queueVectors.length; queue++) {
    const d = descOf(stage, device, queue);
    if (d === null || !hasFlags(d, IrqFlag.managed)) continue;
    const cpus = CpuMask.and(d.affinity, usableMask(life, d));
    const node = nodeOf[cpus.first()];
    if (cpus.toArray().every((cpu) => nodeOf[cpu] === node)) covered.orWith(cpus);
  }
  return online.isSubsetOf(covered);
}
