/** Members on a terminal: their names below each other, their numbers, and what is said of them. */
import type { Member, Members } from '../block.ts';
import { factLines } from './facts.ts';
import type { TerminalStyle } from './style.ts';

/** Blanks between a name and what follows it. */
const GAP = 2;
/** Columns of a set's numbers, and of how many they are; more of them push on what follows. */
const LIST = 22;
const COUNT = 7;

function said({ set, text }: Member): string {
  if (set === undefined) return text;
  const { list, count } = set;
  return count === 0 ? `none ${text}` : `${list.padEnd(LIST)} ${`(${count})`.padEnd(COUNT)}${text}`;
}

export function memberLines({ name, members }: Members, style: TerminalStyle): string[] {
  const names = members.reduce((widest, one) => Math.max(widest, one.name.length + GAP), 0);
  const texts = members.map((one) => (one.name.padEnd(names) + said(one)).trimEnd());
  return factLines({ kind: 'facts', facts: [{ name, texts }] }, style);
}
