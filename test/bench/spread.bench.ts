/** How long one spread takes, warm. The caller prints; see the module's default export. */

import { CpuMask } from '../../src/lib/cpumask.ts';
import { irqCreateAffinityMasks } from '../../src/linux/engine/affinity.ts';
import type { SpreadCpus } from '../../src/linux/engine/spread-cpus.ts';
import { kernelProfile } from '../../src/machine/kernel.ts';

/** `kernelMs`: the kernel's own compiled code on the same kind of machine, where it was measured. */
const CASES: readonly { cpus: number; vectors: number; kernelMs?: number }[] = [
  { cpus: 8_192, vectors: 8_192, kernelMs: 1 },
  { cpus: 4_096, vectors: 4_096, kernelMs: 0.3 },
  { cpus: 32_768, vectors: 4_096 },
];
const WARM_UP = 50;
const RUNS = 101;

/** All CPUs up, 8 nodes of equal size, threads of a core half the machine apart as on real servers. */
function machine(cpuCount: number): SpreadCpus {
  const nodeCount = 8;
  const half = cpuCount / 2;
  const block = half / nodeCount;
  const nodes = Array.from({ length: nodeCount }, (_, node) =>
    CpuMask.range(cpuCount, node * block, (node + 1) * block - 1).setRange(
      half + node * block,
      half + (node + 1) * block - 1,
    ),
  );
  const siblings = Int32Array.from({ length: cpuCount }, (_, cpu) => cpu % half);
  const all = CpuMask.full(cpuCount);
  return {
    nrCpuIds: cpuCount,
    possible: all,
    present: all,
    nodes,
    siblings,
    clusters: siblings,
    defaultAffinity: all,
  };
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** Median milliseconds of each case. */
export default function bench(): { name: string; ms: number; kernelMs?: number | undefined }[] {
  return ['6.12', '7.0'].flatMap((release) =>
    CASES.map(({ cpus, vectors, kernelMs }) => {
      const kernel = kernelProfile(release);
      const input = machine(cpus);
      const times: number[] = [];
      for (let run = 0; run < WARM_UP + RUNS; run++) {
        const start = performance.now();
        irqCreateAffinityMasks(kernel, input, vectors, { pre: 0, post: 0 });
        if (run >= WARM_UP) times.push(performance.now() - start);
      }
      return {
        name: `spread ${cpus} CPUs over ${vectors} vectors (${release})`,
        ms: median(times),
        kernelMs,
      };
    }),
  );
}
