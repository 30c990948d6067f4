/** Tables, grids and what explains them, as HTML. */
import type { Cell, Grid, Ground, Inline, Legend, Scale, Table } from '../block.ts';
import { element, htmlInline, htmlText } from './text.ts';

/** Steps of a scale of heat: a class each. */
const HEATS = 10;

const groundClass = (ground: Ground): string =>
  typeof ground === 'number' ? `heat${Math.round(Math.min(1, Math.max(0, ground)) * HEATS)}` : `on-${ground}`;

const classes = (...names: readonly (string | undefined)[]): string => {
  const used = names.filter((name) => name !== undefined);
  return used.length === 0 ? '' : ` class="${used.join(' ')}"`;
};

const dataCell = ({ text, marked = text, tone, ground }: Cell, ...more: (string | undefined)[]): string =>
  element(
    'td',
    htmlInline(marked),
    classes(tone, ground === undefined ? undefined : groundClass(ground), ...more),
  );

const captionOf = (caption: Inline | undefined): string =>
  caption === undefined ? '' : element('caption', htmlInline(caption));

/** A wide table scrolls by itself. */
function scrollingTable(
  caption: Inline | undefined,
  head: readonly string[],
  body: readonly string[],
  attributes = '',
): string {
  const parts = [
    captionOf(caption),
    element('thead', element('tr', head.join(''))),
    element('tbody', body.join('\n')),
  ];
  return element('div', element('table', parts.join('\n'), attributes), ' class="scroll" tabindex="0"');
}

export function htmlTable({ caption, columns, rows }: Table): string[] {
  if (rows.length === 0) return [];
  const kinds = columns.map(({ numbers, centred }) => (numbers ? 'number' : centred ? 'centre' : undefined));
  const head = columns.map(({ title }, n) =>
    element('th', htmlText(title), ` scope="col"${classes(kinds[n])}`),
  );
  const body = rows.map((row) => element('tr', row.map((cell, n) => dataCell(cell, kinds[n])).join('')));
  return [scrollingTable(caption, head, body)];
}

export function htmlGrid({ caption, down, across, rows, columns, cells, numbers }: Grid): string[] {
  const kind = numbers ? 'number' : 'centre';
  const head = [`${down} ↓ ${across} →`, ...columns].map((title) =>
    element('th', htmlText(title), ' scope="col"'),
  );
  const body = rows.map((title, row) =>
    element(
      'tr',
      element('th', htmlText(title), ' scope="row"') +
        cells[row].map((cell) => dataCell(cell, kind)).join(''),
    ),
  );
  return [scrollingTable(caption, head, body, ' class="grid"')];
}

export function htmlLegend({ used }: Legend): string[] {
  const items = used.map(({ word, meaning, remark, ground }) =>
    element(
      'li',
      `${element('span', htmlText(word), classes('key', groundClass(ground)))} ${htmlText(meaning)}` +
        (remark === undefined ? '' : `: ${htmlText(remark)}`),
    ),
  );
  return items.length === 0 ? [] : [element('ul', items.join('\n'), ' class="legend"')];
}

export const htmlScale = ({ name, lowest, highest }: Scale): string[] => [
  element(
    'p',
    `${htmlText(name)}: ${
      lowest === highest
        ? `${lowest} everywhere`
        : `<span class="key heat0">${lowest}</span> lowest, <span class="key heat${HEATS}">${highest}</span> highest`
    }`,
    ' class="legend"',
  ),
];
