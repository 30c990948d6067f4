/** How many results of the kernels' own compiled code the golden data hold, by kernel. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const SPREAD_KERNELS = ['4.19', '5.0', 'rhel8.5', '5.10', '5.18', '6.1.192', '6.12', '6.17', '7.0'];

interface Case {
  readonly kernel?: string;
  readonly na?: readonly string[];
}

function cases(file: string): Case[] {
  const packed = readFileSync(new URL(`../golden/${file}.ndjson.gz`, import.meta.url));
  return gunzipSync(packed)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}

export interface GoldenRow {
  readonly kernel: string;
  readonly spreads: number;
  readonly matrices: number;
  readonly lives: number;
}

/** Cases of each kernel, in the order of releases. */
export function goldenRows(): GoldenRow[] {
  const spreads = [...cases('spread'), ...cases('spread-large')];
  const [matrices, lives] = [cases('matrix'), cases('irqlife')];
  const of = (list: readonly Case[], kernel: string) => list.filter((line) => line.kernel === kernel).length;
  const named = [...matrices, ...lives].flatMap(({ kernel }) => kernel ?? []);
  return [...new Set([...SPREAD_KERNELS, ...named])].sort(byRelease).map((kernel) => ({
    kernel,
    spreads: SPREAD_KERNELS.includes(kernel) ? spreads.filter(({ na }) => !na?.includes(kernel)).length : 0,
    matrices: of(matrices, kernel),
    lives: of(lives, kernel),
  }));
}

/** "5.10" before "6.1"; names without a release last. */
export function byRelease(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => (/^\d/.test(text) ? text.split('.').map(Number) : [Infinity]));
  for (let part = 0; part < 3; part++) {
    const difference = (x[part] ?? 0) - (y[part] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
