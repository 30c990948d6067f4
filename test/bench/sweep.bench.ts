/** What a point of a sweep costs, with what points share and without: where little differs, and where everything does. */
import { performance } from 'node:perf_hooks';
import { judge } from '../../src/findings/triage/judge.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { parseAxis } from '../../src/questions/whatif/axis.ts';
import { createGrid, type Grid, pointAt } from '../../src/questions/whatif/grid.ts';
import { sweep } from '../../src/questions/whatif/sweep.ts';

const RUNS = 5;

const description = (sockets: number, cores: number, devices: number) => `
kernel: "6.12"
platform: kvm
topology: { sockets: ${sockets}, cores: ${cores}, threads: 2, nodes: ${sockets} }
devices:
  - { name: nvme, driver: nvme, count: ${devices}, queues: 64, vectors: 65 }
`;

const MACHINES = [
  { name: '512 CPUs, 64 devices', text: description(4, 64, 64) },
  { name: '4,096 CPUs, 4 devices', text: description(8, 256, 4) },
  { name: '4,096 CPUs, 64 devices', text: description(8, 256, 64) },
];

const GRIDS = [
  ['', ['remapping=off,on', 'extDestId=off,on', 'devices.nvme.queues=1..64..3']],
  ['delivery only, ', ['remapping=off,on', 'extDestId=off,on', 'hpet=off,on', 'policy=mainline,no-hpet']],
  ['other CPUs, ', ['topology.cores=24..64..2', 'topology.threads=1,2']],
] as const;

/** The best of a few runs, for one point. */
function best(run: () => void, { size }: Grid): number {
  let ms = Number.POSITIVE_INFINITY;
  for (let n = 0; n < RUNS; n++) {
    const from = performance.now();
    run();
    ms = Math.min(ms, performance.now() - from);
  }
  return ms / size;
}

export default async function bench(): Promise<{ name: string; ms: number }[]> {
  const rows: { name: string; ms: number }[] = [];
  for (const { name, text } of MACHINES) {
    const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'bench.yaml' });
    for (const [label, axes] of GRIDS) {
      const grid = createGrid(axes.map(parseAxis));
      const alone = () => {
        for (let n = 0; n < grid.size; n++) {
          judge(
            machineOf(
              source!,
              pointAt(grid, n).flatMap(({ change }) => change ?? []),
            ),
          );
        }
      };
      const swept = () => {
        for (const { invalid } of sweep(source!, grid)) if (invalid) throw invalid;
      };
      rows.push({ name: `sweep: a point alone, ${label}${name}`, ms: best(alone, grid) });
      rows.push({ name: `sweep: a point of the grid, ${label}${name}`, ms: best(swept, grid) });
    }
  }
  return rows;
}
