/** The CPU map: one cell a CPU, or a range of CPUs when there are many, readable without colour. */
import type { Analysis } from '../../findings/analyze.ts';
import type { TextStyle } from './style.ts';

/** What a cell can say, the worst first: a cell of several CPUs shows the worst among them. */
const CELLS = [
  { sign: '!', meaning: 'online but unreachable', ink: 'redBright' },
  { sign: 'X', meaning: 'plugged, unreachable', ink: 'red' },
  { sign: 'x', meaning: 'not plugged, unreachable', ink: 'magenta' },
  { sign: '?', meaning: 'unknown', ink: 'yellow' },
  { sign: 'o', meaning: 'plugged, offline', ink: 'blue' },
  { sign: '.', meaning: 'not plugged, reachable', ink: 'gray' },
  { sign: 'O', meaning: 'online', ink: 'green' },
] as const;
type Cell = (typeof CELLS)[number];

const [ONLINE_UNREACHABLE, PLUGGED_UNREACHABLE, SLOT_UNREACHABLE, UNKNOWN, OFFLINE, SLOT, ONLINE] = CELLS;

/** At most this many rows, whatever the machine. */
const ROWS_MAX = 8;
const GROUP = 8;

function cellOf(analysis: Analysis, cpu: number): Cell {
  const { run, domains } = analysis;
  const [{ unreachable, unknown }] = domains;
  const online = run.online.test(cpu);
  const present = run.present.test(cpu);
  if (unreachable.test(cpu))
    return online ? ONLINE_UNREACHABLE : present ? PLUGGED_UNREACHABLE : SLOT_UNREACHABLE;
  if (unknown.test(cpu)) return UNKNOWN;
  return online ? ONLINE : present ? OFFLINE : SLOT;
}

/** Cells a row: a multiple of 8 (so that rows align with APIC clusters) that fits the width. */
function cellsPerRow(width: number): number {
  const room = Math.floor((width + 1) / (GROUP + 1)) * GROUP;
  return [64, 32, 16].find((cells) => cells <= room) ?? GROUP;
}

/** Lines of the map, without the label column. */
export function cpuMap(analysis: Analysis, style: TextStyle, width: number): string[] {
  const { nrCpuIds } = analysis.enumeration;
  const digits = String(nrCpuIds - 1).length;
  const perRow = cellsPerRow(width - digits - 2);
  let perCell = 1;
  while (nrCpuIds > perRow * ROWS_MAX * perCell) perCell *= 2;

  const used = new Set<Cell>();
  const lines: string[] = [];
  for (let first = 0; first < nrCpuIds; first += perRow * perCell) {
    let line = `${String(first).padStart(digits)}  `;
    for (let n = 0; n < perRow && first + n * perCell < nrCpuIds; n++) {
      const from = first + n * perCell;
      const to = Math.min(from + perCell, nrCpuIds);
      let worst: Cell = ONLINE;
      for (let cpu = from; cpu < to; cpu++) {
        const cell = cellOf(analysis, cpu);
        if (CELLS.indexOf(cell) < CELLS.indexOf(worst)) worst = cell;
      }
      used.add(worst);
      line += (n > 0 && n % GROUP === 0 ? ' ' : '') + style.chalk[worst.ink](worst.sign);
    }
    lines.push(line);
  }
  const legend = CELLS.filter((cell) => used.has(cell))
    .reverse()
    .map((cell) => `${cell.sign} ${cell.meaning}`);
  const scale = perCell > 1 ? [`one sign for ${perCell} CPUs, the worst of them`] : [];
  return [...lines, style.chalk.dim([...legend, ...scale].join('   '))];
}
