/** Grids as Markdown: a table of words, and what is to say of them. */
import type { Grid, Legend, Scale } from '../block.ts';
import { markdownInline } from './inline.ts';
import { markdownTable, markdownText } from './text.ts';

export function gridTable({ caption, down, across, rows, columns, cells, numbers }: Grid): string[] {
  const align = numbers ? 'right' : 'centre';
  return [
    ...(caption === undefined ? [] : [`**${markdownInline(caption)}**`, '']),
    ...markdownTable(
      [
        [markdownText(`${down} ↓ ${across} →`), 'left'],
        ...columns.map((title) => [markdownText(title), align] as const),
      ],
      rows.map((title, row) => [markdownText(title), ...cells[row].map(({ text }) => markdownText(text))]),
    ),
  ];
}

export const legendItems = ({ used }: Legend): string[] =>
  used.flatMap(({ word, remark }) =>
    remark === undefined ? [] : [`- ${markdownText(word)}: ${markdownText(remark)}`],
  );

export const scaleItem = ({ name, lowest, highest }: Scale): string[] => [
  `- ${markdownText(name)}: ${lowest === highest ? `${lowest} everywhere` : `lowest ${lowest}, highest ${highest}`}`,
];
