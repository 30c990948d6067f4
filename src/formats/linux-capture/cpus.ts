/** CPUs of a machine whose MADT could not be read: those that are known to run, and slots for the rest. */
import { inputError } from '../../machine/locate.ts';
import type { Draft } from '../draft.ts';
import { cpuList, cpuSet } from './cpu-set.ts';
import { CPUINFO } from './cpuinfo.ts';
import type { TopologyEvidence } from './topology.ts';
import { type Tree, textOf } from './tree.ts';

/** One file for each CPU, in kernels from 6.9. */
const TOPO_DIR = 'sys/kernel/debug/x86/topo/cpus';
const CPU_DIR = 'sys/devices/system/cpu';

/** Node by CPU number, of CPUs that run. */
function nodesOf(tree: Tree): Map<number, number> {
  const nodes = new Map<number, number>();
  for (const name of tree.list('sys/devices/system/node')) {
    const match = /^node(\d{1,4})$/.exec(name);
    // A list that cannot be read leaves its CPUs on node 0.
    const cpus = match && cpuList(tree, `sys/devices/system/node/${name}/cpulist`);
    cpus?.forEach((cpu) => void nodes.set(cpu, Number(match?.[1])));
  }
  return nodes;
}

/** APIC IDs by debugfs (kernels from 6.9), which lists absent CPUs too. */
function debugfsIds(tree: Tree): Map<number, number> {
  const ids = new Map<number, number>();
  for (const name of tree.list(TOPO_DIR)) {
    const match = /^apicid:\s+([0-9a-f]+)$/m.exec(textOf(tree, `${TOPO_DIR}/${name}`) ?? '');
    if (match && /^\d+$/.test(name)) ids.set(Number(name), Number.parseInt(match[1], 16));
  }
  return ids;
}

/** Sets cpus, in the order of CPU numbers. Throws InputError if no CPU is known. */
export function describeRunningCpus(
  draft: Draft,
  { tree, info, place }: TopologyEvidence,
  l2Of: (apicId: number) => number | undefined,
): void {
  const ids = new Map([...debugfsIds(tree), ...info.apicIds]);
  const possible = cpuSet(tree, 'possible');
  const online = [...info.apicIds.keys()].sort((a, b) => a - b);
  if (online.length === 0) {
    const { file } = place(CPUINFO);
    throw inputError(
      file,
      'neither sys/firmware/acpi/tables/APIC nor proc/cpuinfo tells the APIC IDs of the CPUs',
    );
  }
  const nodes = nodesOf(tree);
  const known = [...ids.keys()].sort((a, b) => a - b);
  known.forEach((cpu, index) => {
    const path = ['cpus', index];
    const runs = info.apicIds.has(cpu);
    draft.set(
      [...path, 'apicId'],
      ids.get(cpu),
      runs ? place(CPUINFO, info.lineOf(cpu)) : place(`${TOPO_DIR}/${cpu}`),
    );
    const node = nodes.get(cpu);
    if (node) draft.set([...path, 'node'], node, place(`sys/devices/system/node/node${node}/cpulist`));
    const l2 = l2Of(ids.get(cpu) ?? 0);
    if (l2 !== undefined) draft.set([...path, 'l2'], l2, place(CPU_DIR));
    if (!runs) draft.set([...path, 'state'], 'absent', place(CPUINFO));
  });
  const others = (possible?.weight() ?? known.length) - known.length;
  if (others > 0) {
    const path = ['cpus', known.length];
    draft.set([...path, 'count'], others, place(`${CPU_DIR}/possible`));
    draft.set([...path, 'state'], 'absent', place(`${CPU_DIR}/present`));
  }
  draft.assume(
    `there is no MADT in the input: the ${known.length} CPUs whose APIC ID is known are taken as firmware's list` +
      (others > 0 ? `, the other ${others} possible CPUs as slots with unknown ID` : ''),
    ['cpus'],
  );
}
