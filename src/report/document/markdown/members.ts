/** Members as Markdown: a list under what they are. */
import type { Member, Members } from '../block.ts';
import { markdownText } from './text.ts';

function said({ set, text }: Member): string {
  const numbers = set === undefined ? [] : [set.count === 0 ? 'none' : `${set.list} (${set.count})`];
  return [...numbers, ...(text === '' ? [] : [text])].map(markdownText).join(', ');
}

export const memberItems = ({ name, members }: Members): string[] => [
  `- ${markdownText(name)}:`,
  ...members.map((one) => `  - ${markdownText(one.name)}: ${said(one)}`),
];
