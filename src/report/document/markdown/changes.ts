/** Changes as Markdown: a table a group, and below it what more there is to say. */
import type { Change, Changes } from '../block.ts';
import { markdownCode, markdownTable, markdownText } from './text.ts';

const cells = ({ sign, name, before, after }: Change): string[] => [
  markdownCode(sign),
  markdownText(name),
  markdownText(before),
  markdownText(after),
];

function groupParts({ title, rows, remark }: Changes['groups'][number]): string[][] {
  const head = ['', title, 'before', 'after'].map((text) => [text, 'left'] as const);
  const details = rows.flatMap(({ name, details }) =>
    details.map((detail) => `- **${markdownText(name)}** ${markdownText(detail)}`),
  );
  return [
    rows.length > 0 ? markdownTable(head, rows.map(cells)) : [],
    remark === undefined ? [] : [`${markdownText(remark)}.`],
    details,
  ];
}

export function changeTables({ groups }: Changes): string[] {
  return groups
    .flatMap(groupParts)
    .filter((lines) => lines.length > 0)
    .flatMap((lines, n) => (n === 0 ? lines : ['', ...lines]));
}
