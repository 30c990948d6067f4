/** The last resort: the CPUs that interrupts cannot reach are given up. */

import type { TopologyIntent } from '../../formats/intent.ts';
import { XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import { cpuCount, shapeText } from '../../machine/topology.ts';
import { count } from '../rules/rule.ts';
import { COSTS, lossCost } from './parts/costs.ts';
import { cpuList } from './parts/cpu-list.ts';
import { TOO_MANY_CPUS } from './parts/out-of-reach.ts';
import { productOf } from './parts/products.ts';
import { lastApicId, nodesOf, powerBelow, reachLimit, topologyOf } from './parts/shape.ts';
import { topologyWording } from './parts/topology-wording.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

/** The most CPUs whose IDs end at `limit`, in sockets of powers of two near the old ones. */
function smaller(before: TopologyIntent, limit: number, nodes: number): TopologyIntent | null {
  const threads = powerBelow(before.threads);
  const cores = powerBelow(Math.min(before.cores * before.dies * before.modules, (limit + 1) / threads));
  const room = Math.min(before.present, limit + 1);
  const sockets = Math.floor(room / (cores * threads * nodes)) * nodes;
  if (sockets < 1) return null;
  const shape = { sockets, dies: 1, modules: 1, cores, threads };
  const max = cpuCount(shape);
  return lastApicId(shape, max) <= limit ? { ...shape, max, present: max } : null;
}

function smallerTopology({ analysis: { apic }, description }: Context, before: TopologyIntent): Draft[] {
  const limit = reachLimit(apic.limit);
  const topology = smaller(before, limit, nodesOf(description));
  if (!topology || lastApicId(before, before.max) <= limit || topology.present >= before.present) return [];
  const lost = before.present - topology.present;
  return [
    {
      about: 'CPUs',
      title: `make the guest smaller: ${topology.present} CPUs as ${shapeText(topology)} (sockets x cores x threads) instead of ${before.present} as ${shapeText(before)}`,
      intents: [{ kind: 'topology', topology }],
      cost: lossCost(lost, before.present, `${count(lost, 'CPU')} of ${before.present} given up`),
      wording: topologyWording(topology),
      givesUp: count(lost, 'plugged CPU'),
    },
  ];
}

/** IDs that are out of reach: above the limit, and in xAPIC mode from 255 on. */
function outOfReach({ machine, apic }: Context['analysis']): (index: number) => boolean {
  const limit = apic.mode.startsWith('xapic') || apic.fatal ? XAPIC_MAX_ID : reachLimit(apic.limit);
  return (index) => (machine.cpus[index].apicId ?? 0) > limit;
}

function bootOf({ cpus, bootIndex }: Machine, lost: (index: number) => boolean): number {
  if (!lost(bootIndex)) return bootIndex;
  return [...cpus.keys()].find((index) => cpus[index].state === 'online' && !lost(index)) ?? -1;
}

function shorterList({ analysis }: Context): Draft[] {
  const { machine } = analysis;
  const lost = outOfReach(analysis);
  const boot = bootOf(machine, lost);
  const plugged = machine.cpus.filter(({ state }) => state !== 'absent').length;
  const gone = [...machine.cpus.keys()].filter(
    (index) => machine.cpus[index].state !== 'absent' && lost(index),
  );
  if (gone.length === 0 || boot < 0) return [];
  const bare = machine.platform === 'bare-metal';
  const words = `${count(gone.length, 'CPU')} of ${plugged} given up${bare ? `; ${COSTS.firmware.costs}` : ''}`;
  const where = bare
    ? { firmware: ['switch the cores or sockets with these APIC IDs off'] }
    : { hypervisor: ['give the guest fewer vCPUs'] };
  return [
    {
      about: 'CPUs',
      title: `switch the ${count(gone.length, 'CPU')} off that cannot be used`,
      intents: [{ kind: 'value', path: ['cpus'], value: cpuList(machine, (index) => !lost(index), boot) }],
      cost: lossCost(gone.length, plugged, words),
      wording: where,
      givesUp: count(gone.length, 'plugged CPU'),
    },
  ];
}

export const fewerCpus: Remedy = {
  name: 'fewer-cpus',
  title: 'fewer CPUs',
  cures: TOO_MANY_CPUS,
  changes(context) {
    const { analysis, description, format } = context;
    const before = topologyOf(description, analysis.machine);
    if (!before) return shorterList(context);
    return productOf(format, analysis.machine.platform).topology ? smallerTopology(context, before) : [];
  },
};
