/** Maps and timelines on a terminal: a sign a state, and what the signs mean. */
import { visible } from '../../../lib/visible.ts';
import type { Mark, StateMap, Timeline } from '../block.ts';
import { foldHistory, foldMap, GAP, GROUP, ruler, stepsPerColumn } from '../fold.ts';
import { factLines } from './facts.ts';
import { coloured, type TerminalStyle } from './style.ts';
import { wrap, wrapPieces } from './wrap.ts';

const meaning = ({ sign, meaning: words }: Mark): string => `${sign} ${words}`;

/** Rows of signs behind the column of names, and a legend. */
export function mapLines(map: StateMap, { width, names, chalk }: TerminalStyle): string[] {
  const { marks, things } = map;
  const { rows, each, used } = foldMap(map, width - names);
  const signs = marks.map(({ sign, tone }) => coloured(sign, tone, chalk));
  const lines = rows.map(({ first, states }) => {
    const cells = states.map((state, n) => (n > 0 && n % GROUP === 0 ? ' ' : '') + signs[state]);
    return first + ' '.repeat(GAP) + cells.join('');
  });
  const legend = [
    ...marks.filter((_, state) => used.has(state)).map(meaning),
    ...(each > 1 ? [`one sign for ${each} ${things}, the worst of them`] : []),
  ].map((plain) => ({ plain, shown: plain }));
  const explained = wrapPieces(legend, '   ', width - names).map((line) => chalk.dim(line));
  return [...lines, ...explained].map((line) => ' '.repeat(names) + line);
}

/** Width of the column of rows' names in a timeline. */
const ROW_NAMES = 14;

function rowName(name: string): string {
  const most = ROW_NAMES - GAP;
  const shown = visible(name);
  return (shown.length <= most ? shown : `${shown.slice(0, most - 1)}…`).padEnd(ROW_NAMES);
}

/** A ruler of step numbers, a block of rows for each group; what the signs mean stands first, as a fact. */
export function timelineLines(timeline: Timeline, style: TerminalStyle): string[] {
  const { marks, count, groups, name, rows: rowsName, steps, start } = timeline;
  const { chalk } = style;
  const perColumn = stepsPerColumn(timeline, Math.max(2, style.width - style.names - ROW_NAMES));
  const folded = groups.map((group) => ({
    ...group,
    rows: group.rows.map((row) => ({ ...row, states: foldHistory(row, count, perColumn) })),
  }));
  const used = new Set(folded.flatMap(({ rows }) => rows.flatMap(({ states }) => states)));
  const legend = [
    `${timeline.first} ${start}`,
    ...marks.filter((_, state) => used.has(state)).map(meaning),
    ...(perColumn > 1 ? [`a column is the worst of ${perColumn} ${steps}`] : []),
  ].join(', ');
  const margin = ' '.repeat(style.names);
  const signs = marks.map(({ sign, tone }) => coloured(sign, tone, chalk));
  return [
    ...factLines({ kind: 'facts', facts: [{ name, texts: [legend] }] }, style),
    ...ruler(timeline, perColumn).map((line, n, all) =>
      chalk.dim(`${margin}${(n === all.length - 1 ? rowsName : '').padEnd(ROW_NAMES)}${line}`),
    ),
    ...folded.flatMap(({ title, rows, more }) => [
      ...wrap(title, style.width).map((line) => chalk.bold(line)),
      ...rows.map((row) => margin + rowName(row.name) + row.states.map((state) => signs[state]).join('')),
      ...(more === undefined ? [] : [chalk.dim(margin + more)]),
    ]),
  ];
}
