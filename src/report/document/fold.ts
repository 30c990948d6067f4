/** Maps and timelines folded to a width: rows of states, each the worst of what it stands for. Pure. */
import type { History, StateMap, Timeline } from './block.ts';

/** Rows of a map at most, whatever it shows. */
const ROWS_MAX = 8;
/** Signs that stand together: rows align with APIC clusters. */
export const GROUP = 8;

/** Blanks between the numbers of a map, or the names of a timeline, and the signs. */
export const GAP = 2;

export interface FoldedMap {
  /** The number of the first thing of a row, padded, and the states. */
  readonly rows: readonly { readonly first: string; readonly states: readonly number[] }[];
  /** Things that one state stands for. */
  readonly each: number;
  /** States that are shown. */
  readonly used: ReadonlySet<number>;
}

/** States a row: a multiple of 8 that fits the width. */
function statesPerRow(width: number): number {
  const room = Math.floor((width + 1) / (GROUP + 1)) * GROUP;
  return [64, 32, 16].find((states) => states <= room) ?? GROUP;
}

export function foldMap({ states }: StateMap, width: number): FoldedMap {
  const digits = String(states.length - 1).length;
  const perRow = statesPerRow(width - digits - GAP);
  let each = 1;
  while (states.length > perRow * ROWS_MAX * each) each *= 2;
  const worst = Array.from({ length: Math.ceil(states.length / each) }, (_, n) =>
    states.slice(n * each, (n + 1) * each).reduce((one, other) => Math.max(one, other)),
  );
  const rows = Array.from({ length: Math.ceil(worst.length / perRow) }, (_, row) => ({
    first: String(row * perRow * each).padStart(digits),
    states: worst.slice(row * perRow, (row + 1) * perRow),
  }));
  return { rows, each, used: new Set(worst) };
}

/** Steps that a column stands for, so that there are at most `columns` (the start among them; at least 2). */
export function stepsPerColumn({ count }: Timeline, columns: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, columns - 1)));
}

/** The states in each column: at the start, then the worst among the steps of a column. */
export function foldHistory({ start, changes }: History, count: number, perColumn: number): number[] {
  const states = [start];
  let now = start;
  let next = 0;
  for (let first = 1; first <= count; first += perColumn) {
    const end = Math.min(first + perColumn, count + 1);
    // The state that the first step finds counts unless that step changes it.
    let worst = changes[next] === first ? -1 : now;
    while (next < changes.length && changes[next] < end) {
      now = changes[next + 1];
      worst = Math.max(worst, now);
      next += 2;
    }
    states.push(worst);
  }
  return states;
}

/** The sign of the start, then step numbers: tens above, units below, or every tenth column's first step. */
export function ruler({ count, first }: Timeline, perColumn: number): string[] {
  const columns = Math.ceil(count / perColumn);
  if (perColumn > 1) {
    let line = first;
    for (let column = 0; column < columns; column += 10) {
      line = line.padEnd(column + 1) + String(column * perColumn + 1);
    }
    return [line];
  }
  const numbers = Array.from({ length: columns }, (_, n) => n + 1);
  const units = `${first}${numbers.map((n) => n % 10).join('')}`;
  const tens = ` ${numbers.map((n) => (n % 10 === 0 ? String(Math.floor(n / 10) % 10) : ' ')).join('')}`;
  return columns < 10 ? [units] : [tens.trimEnd(), units];
}
