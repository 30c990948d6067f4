/** Where CPUs stand together: NUMA nodes, and packages where the machine says how wide they are. */
import type { Analysis } from '../../findings/analyze.ts';
import { groupBy } from '../../lib/group-by.ts';
import type { StateMap } from '../document/block.ts';

type Groups = NonNullable<StateMap['groups']>;

/** More groups than this are drawn as one: titles would take more room than CPUs. */
const GROUPS_MAX = 256;

/** CPUs of one place together, places in the order of their lowest CPU. */
export function cpuGroups({ machine, enumeration, run }: Analysis): Groups | undefined {
  const { packageShift } = machine;
  const { cpus, nrCpuIds } = enumeration;
  const several = (keyOf: (n: number) => string): Groups | undefined => {
    const groups = groupBy(Array(nrCpuIds).keys(), keyOf);
    if (groups.size < 2 || groups.size > GROUPS_MAX) return undefined;
    return [...groups].map(([name, things]) => ({ name, things }));
  };
  const node = (cpu: number): string => {
    const at = cpus[cpu]?.node ?? -1;
    return at < 0 ? 'no node' : `node ${at}`;
  };
  const socket = (cpu: number): string => {
    const apicId = cpus[cpu]?.apicId ?? cpus[cpu]?.predictedApicId ?? null;
    return apicId === null || packageShift === null
      ? 'package unknown'
      : `package ${Math.floor(apicId / 2 ** packageShift)}`;
  };
  // A package of one CPU is no place where CPUs stand together.
  const packages = several(socket);
  const crowded = packages !== undefined && packages.length < run.present.weight();
  return several(node) ?? (crowded ? packages : undefined);
}
