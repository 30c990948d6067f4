/** The same CPUs in sockets of powers of two: APIC IDs without holes. */
import type { TopologyIntent } from '../../formats/intent.ts';
import { cpuCount, shapeText } from '../../machine/topology.ts';
import { COSTS } from './parts/costs.ts';
import { TOO_MANY_CPUS } from './parts/out-of-reach.ts';
import { productOf } from './parts/products.ts';
import { lastApicId, nodesOf, reachLimit, topologyOf, withoutHoles } from './parts/shape.ts';
import { topologyWording } from './parts/topology-wording.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

/** Shapes that are tried: the nearest. */
const VARIANTS = 3;

function arrange(topology: TopologyIntent, before: TopologyIntent): Draft {
  return {
    about: 'CPUs',
    title: `arrange the ${cpuCount(topology)} CPUs as ${shapeText(topology)} (sockets x cores x threads) instead of ${shapeText(before)}: APIC IDs then end at ${lastApicId(topology, topology.max)}`,
    intents: [{ kind: 'topology', topology }],
    cost: COSTS.topology,
    wording: topologyWording(topology),
  };
}

function shapes({ analysis: { machine, apic }, description, format }: Context): readonly Draft[] {
  const before = topologyOf(description, machine);
  if (!before || !productOf(format, machine.platform).topology) return [];
  const limit = reachLimit(apic.limit);
  if (lastApicId(before, before.max) <= limit) return [];
  const { max, present } = before;
  return withoutHoles(before, max, nodesOf(description))
    .filter((shape) => lastApicId(shape, max) <= limit)
    .slice(0, VARIANTS)
    .map((shape) => arrange({ ...shape, max, present }, before));
}

export const topology: Remedy = {
  name: 'topology',
  title: 'other sockets and cores for the same CPUs',
  cures: TOO_MANY_CPUS,
  changes: shapes,
};
