/** docs/exactness.md, from what the captures and the golden data come to. */
import { KINDS } from '../../src/questions/verify/tally.ts';
import type { CaptureRow } from './captures.ts';
import { byRelease, type GoldenRow } from './golden.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const comparedIn = ({ compared }: CaptureRow): number => sum(Object.values(compared));
const skippedIn = ({ notCompared }: CaptureRow): number => sum(Object.values(notCompared));
const lineOf = ({ kernel }: CaptureRow): string => kernel.split('.').slice(0, 2).join('.');
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort(byRelease);
const spaced = (count: number): string => count.toLocaleString('en-US');

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const text = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? spaced(cell) : cell)));
  const alignment = head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? '---:' : '---'));
  return [head, alignment, ...text].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** One row a kernel line: boots, values compared, differences. */
function linesTable(rows: readonly CaptureRow[]): string {
  const body = unique(rows.map(lineOf)).map((line) => {
    const own = rows.filter((row) => lineOf(row) === line);
    return [
      line,
      unique(own.map(({ kernel }) => kernel)).join(', '),
      own.length,
      sum(own.map(comparedIn)),
      sum(own.map(({ differences }) => differences)),
    ];
  });
  const all = [rows.length, sum(rows.map(comparedIn)), sum(rows.map(({ differences }) => differences))];
  return table(
    ['kernel line', 'releases', 'boots', 'values compared', 'differences'],
    [...body, ['all', '', ...all]],
  );
}

/** Values compared, by kind and kernel line. */
function kindsTable(rows: readonly CaptureRow[]): string {
  const lines = unique(rows.map(lineOf));
  const count = (own: readonly CaptureRow[], kind: string) =>
    sum(own.map(({ compared }) => compared[kind] ?? 0));
  const body = KINDS.map((kind) => [
    kind,
    ...lines.map((line) =>
      count(
        rows.filter((row) => lineOf(row) === line),
        kind,
      ),
    ),
    count(rows, kind),
  ]);
  return table(['values of', ...lines, 'all'], body);
}

/** Names of devices and CPUs are left out of the reasons, so that like ones are one row. */
const general = (reason: string): string =>
  reason
    .replace(/: \S+ was plugged in after/, ': a device was plugged in after')
    .replace(/: CPU \d+ was/, ': a CPU was');

function reasonsTable(rows: readonly CaptureRow[]): string {
  const counts = new Map<string, number>();
  for (const { notCompared } of rows) {
    for (const [reason, count] of Object.entries(notCompared)) {
      const key = general(reason);
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  const body = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([reason, count]) => [
      count,
      reason.slice(0, reason.indexOf(': ')),
      reason.slice(reason.indexOf(': ') + 2),
    ]);
  return table(['values', 'of', 'why'], body);
}

function capturesTable(rows: readonly CaptureRow[]): string {
  const body = rows.map((row) => [
    row.name,
    row.kernel,
    row.platform,
    comparedIn(row),
    row.differences,
    skippedIn(row),
  ]);
  return table(['capture', 'kernel', 'platform', 'compared', 'differences', 'not compared'], body);
}

/** The whole page. */
export function exactnessPage(rows: readonly CaptureRow[], golden: readonly GoldenRow[]): string {
  const cases = golden.map(({ kernel, spreads, matrices, lives }) => [kernel, spreads, matrices, lives]);
  return `# How exact irqsim is

Written by \`npm run exactness\` from the data in \`test/\`; the test suite checks that it is current. Nothing here is
typed by hand.

## Booted kernels

Each capture in \`test/captures\` is one boot of a real kernel in QEMU, with CPUs, devices and events of all kinds. From
firmware tables, kernel release, command line and devices irqsim predicts what \`/proc\`, \`/sys\`, the kernel log and the
MSI-X tables show, at the end of the boot and after each event. \`irqsim verify test/captures/NAME.tar.xz\` says it of one.

${linesTable(rows)}

## Values compared, by kind

${kindsTable(rows)}

## What is not compared, and why

A value that the capture or the model leaves open is not compared; nothing else is left out.

${reasonsTable(rows)}

## Compiled kernel code

The golden data in \`test/golden\` are inputs and results of the kernels' own functions, compiled and run: spreading
(\`irq_create_affinity_masks\`), sequences on the vector matrix, and lives of interrupts through \`vector.c\`. The test
suite compares every one of them and allows no difference.

${table(['kernel', 'spreading', 'vector matrix', 'interrupt lives'], cases)}

## Captures

${capturesTable(rows)}
`;
}
