/** Shared by the tests of editors: one edit of a text, and the lines that it changed. */
import { editorOf } from '../../../src/formats/index.ts';
import type { Intent } from '../../../src/formats/intent.ts';
import type { Stack } from '../../../src/formats/stack.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';

export interface How {
  readonly stack?: Stack;
  /** Which machine of the text. */
  readonly index?: number;
  readonly file?: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** The text with an intent written in, as `advise --fix` does it. */
export async function edit(text: string, intent: Intent, how: How = {}): Promise<string | null> {
  const { stack = {}, index = 0, file = 'test' } = how;
  const source = (await readSources({ bytes: bytes(text), file, stack }))[index];
  const request = { text, raw: source.result.raw, index, intent, stack };
  return (await editorOf(source.format)?.edit(request)) ?? null;
}

/** The machine of a text. */
export async function machineIn(text: string, how: How = {}): Promise<Machine> {
  const { stack = {}, index = 0, file = 'test' } = how;
  return machineOf((await readSources({ bytes: bytes(text), file, stack }))[index]);
}

/** Lines that went, with "-", and that came, with "+"; for texts with few of them. */
export function changedLines(before: string, after: string | null): readonly string[] {
  if (after === null) return ['null'];
  const [old, now] = [before.split('\n'), after.split('\n')];
  let first = 0;
  while (first < old.length && first < now.length && old[first] === now[first]) first++;
  let last = 0;
  while (last < Math.min(old.length, now.length) - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  return [
    ...old.slice(first, old.length - last).map((line) => `-${line}`),
    ...now.slice(first, now.length - last).map((line) => `+${line}`),
  ];
}
