/** Where the things of a map are drawn: squares in groups, groups in rows. Pure geometry in user units of the SVG. */
import type { StateMap } from '../block.ts';

/** Width that is filled, in units. */
export const WIDTH = 960;
/** Room for the title of a group above it, and between groups. */
const TITLE = 18;
const BETWEEN = 14;
/** Room for the end of a title that is longer than the cells below it. */
const TITLE_WIDTH = 60;

export interface Group {
  readonly name: string;
  readonly things: readonly number[];
  readonly x: number;
  readonly y: number;
}

export interface CellLayout {
  /** From one cell to the next. */
  readonly size: number;
  /** Cells in a row of a group. */
  readonly columns: number;
  readonly groups: readonly Group[];
  /** Of what is drawn: few cells are not made small on a narrow page. */
  readonly width: number;
  readonly height: number;
}

/** Sizes of a cell by how many there are: numbers fit into the largest, the smallest can still be told apart. */
const SIZES: readonly (readonly [atMost: number, size: number])[] = [
  [64, 30],
  [512, 20],
  [2048, 12],
  [8192, 7.5],
  [Number.POSITIVE_INFINITY, 3.75],
];

/** Numbers are written into cells of this size and larger. */
export const NUMBERED = 30;

const sizeFor = (count: number): number => SIZES.find(([atMost]) => count <= atMost)?.[1] ?? 3.75;

/** A power of two, so that numbers below each other differ by it. */
const powerBelow = (n: number): number => 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, n))));

/** Cells in a row of a group: full rows where the largest group has a divisor that is near, else a power of two. */
function columnsOf(largest: number): number {
  const near = Math.max(4, powerBelow(Math.sqrt(2 * largest)));
  for (let columns = near; columns < 2 * near; columns++) if (largest % columns === 0) return columns;
  return near;
}

/** The cells of a map. */
export function layoutCells({ states, groups }: StateMap): CellLayout {
  const size = sizeFor(states.length);
  const all = groups ?? [{ name: '', things: Array.from(states.keys()) }];
  const largest = all.reduce((most, { things }) => Math.max(most, things.length), 1);
  const fits = powerBelow(WIDTH / size);
  const columns = all.length === 1 ? fits : Math.min(fits, columnsOf(largest));
  const perRow = Math.max(1, Math.floor((WIDTH + BETWEEN) / (columns * size + BETWEEN)));
  const titled = all.length > 1;
  let y = 0;
  const placed: Group[] = [];
  for (let first = 0; first < all.length; first += perRow) {
    const row = all.slice(first, first + perRow);
    const top = y + (titled ? TITLE : 0);
    row.forEach(({ name, things }, n) => {
      placed.push({ name, things, x: n * (columns * size + BETWEEN), y: top });
    });
    const rows = row.reduce((most, { things }) => Math.max(most, Math.ceil(things.length / columns)), 0);
    y = top + rows * size + BETWEEN;
  }
  const right = placed.reduce(
    (most, { x, things }) => Math.max(most, x + Math.min(columns, things.length) * size),
    0,
  );
  const width = Math.min(WIDTH, Math.max(right, titled ? columns * size + TITLE_WIDTH : size));
  return { size, columns, groups: placed, width, height: Math.max(size, y - BETWEEN) };
}
