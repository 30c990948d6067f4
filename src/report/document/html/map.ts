/**
 * A map of states as SVG: a path for all cells of a state, whose tone gives colour and pattern, so that nobody needs to
 * tell colours apart. A script finds cells by the layout that the element carries.
 */
import type { Mark, StateMap } from '../block.ts';
import { type CellLayout, layoutCells, NUMBERED } from './cells.ts';
import { element, htmlText } from './text.ts';

/** Blank at the right and below a cell. */
const GAP = 2;

const round = (units: number): string => String(Math.round(units * 100) / 100);

/** Cells beside each other in one state are drawn as one where they are too small to have a gap. */
function pathsOf({ states }: StateMap, { size, columns, groups }: CellLayout): Map<number, string> {
  const paths = new Map<number, string>();
  const gap = size > 2 * GAP ? GAP : 0;
  const side = round(size - gap);
  for (const { things, x, y } of groups) {
    for (let n = 0; n < things.length; n++) {
      const state = states[things[n]];
      const start = n;
      const end = gap > 0 ? start : Math.floor(start / columns) * columns + columns - 1;
      while (gap === 0 && n < end && n + 1 < things.length && states[things[n + 1]] === state) n++;
      const at = `M${round(x + (start % columns) * size)} ${round(y + Math.floor(start / columns) * size)}`;
      const width = n === start ? side : round((n - start + 1) * size);
      paths.set(state, `${paths.get(state) ?? ''}${at}h${width}v${side}h-${width}z`);
    }
  }
  return paths;
}

/** Numbers in their order, runs of consecutive ones as "4-7". */
function orderedRanges(things: readonly number[]): string {
  const parts: string[] = [];
  for (let n = 0; n < things.length; n++) {
    const first = things[n];
    while (things[n + 1] === things[n] + 1) n++;
    parts.push(first === things[n] ? String(first) : `${first}-${things[n]}`);
  }
  return parts.join(',');
}

function labels({ size, columns, groups }: CellLayout): string[] {
  const titles = groups.length > 1 ? groups : [];
  const numbers = size >= NUMBERED ? groups : [];
  return [
    ...titles.map(({ name, x, y }) =>
      element('text', htmlText(name), ` class="title" x="${round(x)}" y="${round(y - 5)}"`),
    ),
    ...numbers.flatMap(({ things, x, y }) =>
      things.map((thing, n) => {
        const left = x + (n % columns) * size + (size - GAP) / 2;
        const top = y + Math.floor(n / columns) * size + (size - GAP) / 2 + 4;
        return element('text', String(thing), ` class="number" x="${round(left)}" y="${round(top)}"`);
      }),
    ),
  ];
}

/** Marks that are used, with how many things there are of each. */
function legend({ marks, states, things }: StateMap): string {
  const counts = marks.map(() => 0);
  for (const state of states) counts[state]++;
  const items = marks.flatMap((mark, n) =>
    counts[n] === 0 ? [] : [element('li', `${swatch(mark)} ${counts[n]} ${htmlText(mark.meaning)}`)],
  );
  return element('ul', items.join(''), ` class="legend" aria-label="${htmlText(things)} by state"`);
}

/** A mark as it is drawn. */
export const swatch = ({ tone }: Pick<Mark, 'tone'>): string =>
  `<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><path class="is-${tone}" d="M0 0h12v12h-12z"/></svg>`;

export function htmlMap(map: StateMap): string[] {
  const layout = layoutCells(map);
  const paths = [...pathsOf(map, layout)].sort(([one], [other]) => one - other);
  const data = JSON.stringify({
    size: layout.size,
    columns: layout.columns,
    groups: layout.groups.map(({ x, y, things }) => ({ x, y, things: orderedRanges(things) })),
  });
  const words = map.marks.flatMap(({ meaning }, n) => {
    const count = map.states.filter((state) => state === n).length;
    return count === 0 ? [] : [`${count} ${meaning}`];
  });
  const attributes =
    ` class="map" width="${round(layout.width)}" viewBox="0 0 ${round(layout.width)} ${round(layout.height)}"` +
    ` role="img" tabindex="0"` +
    ` aria-label="${htmlText(`${map.things}: ${words.join(', ')}`)}" data-things="${htmlText(map.things)}"` +
    ` data-layout="${htmlText(data)}"`;
  const drawn = paths.map(([state, path]) => `<path class="is-${map.marks[state].tone}" d="${path}"/>`);
  return [
    element(
      'figure',
      [element('svg', [...drawn, ...labels(layout)].join('\n'), attributes), legend(map)].join('\n'),
    ),
  ];
}
