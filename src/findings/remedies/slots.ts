/** Fewer hot-plug slots: the most that interrupts can reach, down to none. */

import type { TopologyIntent } from '../../formats/intent.ts';
import { MAX_WITHOUT_EIM } from '../../formats/libvirt/rules.ts';
import { cpuCount } from '../../machine/topology.ts';
import { count } from '../rules/rule.ts';
import { COSTS } from './parts/costs.ts';
import { cpuList } from './parts/cpu-list.ts';
import { TOO_MANY_CPUS } from './parts/out-of-reach.ts';
import { productOf } from './parts/products.ts';
import { lastApicId, nodesOf, reachLimit, socketSize, topologyOf } from './parts/shape.ts';
import { topologyWording } from './parts/topology-wording.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

const title = (max: number, gone: number): string =>
  `lower the CPU maximum to ${max}: ${count(gone, 'hot-plug slot')} fewer`;

/** Sockets that are possible: the most whose last APIC ID is in reach, the most for libvirt, those plugged. */
function socketCounts(before: TopologyIntent, limit: number, nodes: number): readonly number[] {
  const size = socketSize(before);
  const least = Math.ceil(before.present / size);
  const counts: number[] = [];
  const take = (fits: (sockets: number) => boolean) => {
    let sockets = before.sockets;
    while (sockets > least && !fits(sockets)) sockets--;
    if (fits(sockets)) counts.push(sockets);
  };
  const even = (sockets: number) => sockets % nodes === 0;
  take((sockets) => even(sockets) && lastApicId({ ...before, sockets }) <= limit);
  take((sockets) => even(sockets) && sockets * size <= MAX_WITHOUT_EIM);
  take((sockets) => even(sockets) && sockets === least);
  return [...new Set(counts)].filter((sockets) => sockets < before.sockets);
}

/** The plugged CPUs alone, where slots are in the sockets that they fill: smaller sockets without a slot. */
function pluggedOnly(before: TopologyIntent, nodes: number): readonly TopologyIntent[] {
  const sockets = Math.ceil(before.present / socketSize(before));
  const cores = before.present / (sockets * before.threads);
  if (sockets % nodes !== 0 || !Number.isInteger(cores) || sockets * socketSize(before) === before.present) {
    return [];
  }
  return [{ ...before, sockets, dies: 1, modules: 1, cores, max: before.present }];
}

function fewerSockets(
  { analysis: { machine, apic }, description }: Context,
  before: TopologyIntent,
): Draft[] {
  const byDefault = machine.imported?.assumptions.some(({ path }) => path?.join('.') === 'topology.max');
  const nodes = nodesOf(description);
  const fewer = socketCounts(before, reachLimit(apic.limit), nodes).map((sockets) => {
    const shape = { ...before, sockets };
    return { ...shape, max: Math.min(before.max, cpuCount(shape)) };
  });
  return [...fewer, ...pluggedOnly(before, nodes)].map((topology): Draft => {
    const gone = before.max - topology.max;
    return {
      about: 'CPUs',
      degree: true,
      title: title(topology.max, gone),
      intents: [{ kind: 'topology', topology }],
      cost: byDefault ? COSTS.defaultSlots : COSTS.slots,
      wording: topologyWording(topology),
      givesUp: count(gone, 'hot-plug slot'),
    };
  });
}

/** Slots of a list: those out of reach or of unknown ID go first, then all. */
function shorterList({ analysis: { machine, apic } }: Context): Draft[] {
  const { cpus, bootIndex } = machine;
  const slots = cpus.filter(({ state }) => state === 'absent').length;
  const limit = reachLimit(apic.limit);
  const stays: readonly ((apicId: number | null) => boolean)[] = [
    (apicId) => apicId !== null && apicId <= limit,
    () => false,
  ];
  const gone = stays.map(
    (stay) => cpus.filter(({ state, apicId }) => state === 'absent' && !stay(apicId)).length,
  );
  return stays.flatMap((stay, n): Draft[] => {
    if (gone[n] === 0 || (n > 0 && gone[n] === gone[0])) return [];
    const keep = (index: number) => cpus[index].state !== 'absent' || stay(cpus[index].apicId);
    const max = cpus.length - gone[n];
    return [
      {
        about: 'CPUs',
        degree: true,
        title: title(max, gone[n]),
        intents: [{ kind: 'value', path: ['cpus'], value: cpuList(machine, keep, bootIndex) }],
        cost: COSTS.slots,
        wording: { hypervisor: [`lower the CPU maximum by ${gone[n]}, to ${max}`] },
        givesUp: `${gone[n]} of ${count(slots, 'hot-plug slot')}`,
      },
    ];
  });
}

export const slots: Remedy = {
  name: 'hot-plug-slots',
  title: 'fewer hot-plug slots',
  cures: [...TOO_MANY_CPUS, 'queue-waits-for-cpus', 'hotplug-cpus-share-queues', 'kubevirt-times-four'],
  changes(context) {
    const { analysis, description, format } = context;
    if (analysis.machine.cpus.every(({ state }) => state !== 'absent')) return [];
    if (!productOf(format, analysis.machine.platform).topology) return [];
    const before = topologyOf(description, analysis.machine);
    return before ? fewerSockets(context, before) : shorterList(context);
  },
};
