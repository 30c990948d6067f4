/** NUMA nodes as sysfs shows them, for machines without a readable SRAT. */
import { cpuList, cpuMap } from './cpu-set.ts';
import type { CpuInfo } from './cpuinfo.ts';
import type { Tree } from './tree.ts';

const NODE_DIR = 'sys/devices/system/node';

/** A node, and the file that lists its CPUs. */
export interface ShownNode {
  readonly node: number;
  readonly path: string;
}

/** By CPU number: CPUs of nodes whose list, or map, can be read. */
export function shownNodes(tree: Tree): Map<number, ShownNode> {
  const nodes = new Map<number, ShownNode>();
  for (const name of tree.list(NODE_DIR)) {
    const match = /^node(\d{1,4})$/.exec(name);
    if (!match) continue;
    const [list, map] = [`${NODE_DIR}/${name}/cpulist`, `${NODE_DIR}/${name}/cpumap`];
    const listed = cpuList(tree, list);
    const shown = { node: Number(match[1]), path: listed ? list : map };
    (listed ?? cpuMap(tree, map))?.forEach((cpu) => void nodes.set(cpu, shown));
  }
  return nodes;
}

/** The same by APIC ID, of CPUs that run. */
export function nodesByApicId(tree: Tree, { apicIds }: CpuInfo): Map<number, number> {
  const nodes = shownNodes(tree);
  return new Map([...apicIds].map(([cpu, apicId]) => [apicId, nodes.get(cpu)?.node ?? 0]));
}
