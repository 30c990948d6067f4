/** Timelines, spans and bars as SVG. Words beside each row say the same, for those who do not see it. */
import type { Bars, Mark, Spans, Timeline } from '../block.ts';
import { foldHistory, stepsPerColumn } from '../fold.ts';
import { WIDTH } from './cells.ts';
import { swatch } from './map.ts';
import { element, htmlInline, htmlText } from './text.ts';

/** Room for names left of a drawing, and heights of a row with and without room for its name. */
const NAMES = 150;
const ROW = 16;
const LOW_ROW = 12.5;
const LOWEST_ROW = 5;
/** More rows than this are lower, or get no names. */
const HIGH_ROWS = 24;
const NAMED_ROWS = 80;
/** Names that fit the room. */
const NAME_LETTERS = 20;

const round = (units: number): string => String(Math.round(units * 100) / 100);

const cut = (name: string): string =>
  name.length <= NAME_LETTERS ? name : `${name.slice(0, NAME_LETTERS - 1)}…`;

const svg = (height: number, label: string, content: readonly string[], more = ''): string =>
  element(
    'svg',
    content.join('\n'),
    ` viewBox="0 0 ${WIDTH} ${round(Math.max(1, height))}" role="img" aria-label="${htmlText(label)}"${more}`,
  );

const legendOf = (marks: readonly Mark[], used: ReadonlySet<number>): string =>
  element(
    'ul',
    marks
      .flatMap((mark, n) => (used.has(n) ? [element('li', `${swatch(mark)} ${htmlText(mark.meaning)}`)] : []))
      .join(''),
    ' class="legend"',
  );

const figure = (caption: string, parts: readonly string[]): string =>
  element('figure', [element('figcaption', caption), ...parts].join('\n'));

/** A name left of a row. */
const rowName = (name: string, y: number, height = ROW): string =>
  element('text', htmlText(cut(name)), ` class="name" x="0" y="${round(y + height / 2 + 4)}"`);

/** A row a thing, a column a step or several: where a state lasts, one bar. */
export function htmlTimeline(timeline: Timeline): string[] {
  const { marks, count, groups, name, rows: rowsName, steps, start } = timeline;
  const perColumn = stepsPerColumn(timeline, WIDTH - NAMES);
  const width = (WIDTH - NAMES) / (Math.ceil(count / perColumn) + 1);
  const used = new Set<number>();
  return groups
    .map(({ title, rows, more }) => {
      const lines = rows.map((row, n) => {
        const states = foldHistory(row, count, perColumn);
        const bars: string[] = [];
        for (let at = 0; at < states.length; at++) {
          const from = at;
          while (states[at + 1] === states[from]) at++;
          used.add(states[from]);
          bars.push(
            `<path class="is-${marks[states[from]].tone}" d="M${round(NAMES + from * width)} ${n * ROW + 2}h${round((at - from + 1) * width)}v${ROW - 4}h-${round((at - from + 1) * width)}z"/>`,
          );
        }
        return rowName(row.name, n * ROW) + bars.join('');
      });
      const label = `${name}: ${rowsName} by ${steps}, ${start} at the left`;
      return figure(htmlText(title), [
        svg(rows.length * ROW, label, lines, ' class="timeline"'),
        ...(more === undefined ? [] : [element('p', htmlText(more), ' class="aside"')]),
      ]);
    })
    .concat(legendOf(marks, used));
}

/** Ranges in a row of things; a tick stands where the one is that counts. */
export function htmlSpans({ caption, things, count, marks, rows }: Spans): string[] {
  if (rows.length === 0) return [];
  const unit = (WIDTH - NAMES) / Math.max(1, count);
  const named = rows.length <= NAMED_ROWS;
  const height = rows.length <= HIGH_ROWS ? ROW : named ? LOW_ROW : LOWEST_ROW;
  const inner = height - (named ? 3 : 1);
  const used = new Set(rows.map(({ mark }) => mark));
  const lines = rows.map(({ name, text, mark, ranges, at, subject }, n) => {
    const y = n * height;
    const top = round(y + (height - inner) / 2);
    const path = ranges
      .map(([from, to]) => {
        const width = round(Math.max(0.5, (to - from + 1) * unit));
        return `M${round(NAMES + from * unit)} ${top}h${width}v${inner}h-${width}z`;
      })
      .join('');
    const tick =
      at === null ? '' : `<path class="tick" d="M${round(NAMES + (at + 0.5) * unit)} ${y}v${height}"/>`;
    const asked = subject === undefined ? '' : ` tabindex="0" data-why="${htmlText(subject)}"`;
    return element(
      'g',
      `<title>${htmlText(`${name}: ${text}`)}</title>${named ? rowName(name, y, height) : ''}` +
        `<path class="ground" d="M${NAMES} ${top}h${WIDTH - NAMES}v${inner}h-${WIDTH - NAMES}z"/>` +
        `<path class="is-${marks[mark].tone}" d="${path}"/>${tick}`,
      `${asked}`,
    );
  });
  return [
    figure(htmlInline(caption), [
      svg(rows.length * height, `${rows.length} rows over ${count} ${things}`, lines, ' class="spans"'),
      legendOf(marks, used),
    ]),
  ];
}

/** A bar a row, its parts side by side; the numbers stand behind it. */
export function htmlBars({ caption, parts, rows }: Bars): string[] {
  if (rows.length === 0) return [];
  const room = WIDTH - 2 * NAMES;
  const most = rows.reduce(
    (sum, { values }) =>
      Math.max(
        sum,
        values.reduce((a, b) => a + b, 0),
      ),
    1,
  );
  const lines = rows.map(({ name, values }, n) => {
    let x = NAMES;
    const bars = values.map((value, part) => {
      const width = (value / most) * room;
      const bar = `<path class="${parts[part].tone === 'absent' ? 'ground' : `is-${parts[part].tone}`}" d="M${round(x)} ${n * ROW + 2}h${round(width)}v${ROW - 4}h-${round(width)}z"/>`;
      x += width;
      return value === 0 ? '' : bar;
    });
    const said = values.flatMap((value, part) => (value === 0 ? [] : [`${value} ${parts[part].name}`]));
    return element(
      'g',
      `<title>${htmlText(`${name}: ${said.join(', ')}`)}</title>${rowName(name, n * ROW)}${bars.join('')}` +
        `<text class="name" x="${WIDTH - NAMES + 8}" y="${n * ROW + ROW / 2 + 4}">${values.join(' + ')}</text>`,
    );
  });
  const legend = parts.map(({ name, tone }) => ({ sign: '', meaning: name, tone }));
  return [
    figure(htmlInline(caption), [
      svg(rows.length * ROW, `${rows.length} bars`, lines, ' class="bars"'),
      legendOf(legend, new Set(parts.keys())),
    ]),
  ];
}
