/** NUMA nodes as sysfs shows them, for machines without a readable SRAT. */
import { formatList } from '../../lib/cpumask.ts';
import { MAX_NODE } from '../../machine/limits.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { cpuList, cpuMap } from './cpu-set.ts';
import type { CpuInfo } from './cpuinfo.ts';
import type { Evidence } from './platform.ts';
import { type Tree, textOf } from './tree.ts';

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

/** Online nodes whose list, or map, says that no CPU is on them; ascending. */
function nodesWithoutCpus(tree: Tree): number[] {
  const nodes = tree.list(NODE_DIR).flatMap((name) => /^node(\d{1,4})$/.exec(name)?.[1] ?? []);
  return nodes
    .map(Number)
    .filter((node) => {
      const dir = `${NODE_DIR}/node${node}`;
      return (
        textOf(tree, `${dir}/cpulist`)?.trim() === '' || cpuMap(tree, `${dir}/cpumap`)?.isEmpty() === true
      );
    })
    .filter((node) => node <= MAX_NODE)
    .sort((a, b) => a - b);
}

/** Nodes that no CPU of the description is on have memory alone: the kernel deals absent CPUs to them, too. */
export function describeMemoryNodes(sheet: DescriptionBuilder, { tree, place }: Evidence): void {
  const { cpus, topology } = sheet.result().raw.value as {
    cpus?: readonly { node?: number }[];
    topology?: unknown;
  };
  if (cpus === undefined || topology !== undefined) return;
  const withCpus = new Set(cpus.map(({ node = 0 }) => node));
  const alone = nodesWithoutCpus(tree).filter((node) => !withCpus.has(node));
  if (alone.length > 0) sheet.set(['memoryNodes'], formatList(alone), place(`${NODE_DIR}/node${alone[0]}`));
}
