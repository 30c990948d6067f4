/** NUMA nodes that no CPU names. */
import { MAX_NODE } from './limits.ts';
import { parseRanges } from './lists.ts';
import { type Problems, pathText } from './locate.ts';
import type { FirmwareCpu } from './machine.ts';
import type { MachineInput } from './schema.ts';

/** `memoryNodes:` as ascending numbers; notes problems. */
export function normaliseMemoryNodes(
  input: MachineInput['memoryNodes'],
  cpus: readonly FirmwareCpu[],
  problems: Problems,
): readonly number[] {
  if (input === undefined) return [];
  const path = ['memoryNodes'];
  const ranges = parseRanges(input, path, problems) ?? [];
  const beyond = ranges.find(([, last]) => last > MAX_NODE);
  if (beyond) {
    problems.add(path, `${pathText(path)}: node ${beyond[1]} is too high, the last one is ${MAX_NODE}`);
    return [];
  }
  const nodes = new Set(
    ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
  );
  const withCpus = cpus.find(({ node }) => nodes.has(node));
  if (withCpus) problems.add(path, `${pathText(path)}: node ${withCpus.node} has CPUs`);
  return [...nodes].sort((a, b) => a - b);
}
