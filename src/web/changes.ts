/** What the reader has changed: values of controls, and CPUs that were taken offline. */
import { shellWord } from '../lib/shell-word.ts';
import type { Control } from './protocol.ts';

export interface Changed {
  /** By path of the control; only what differs from the machine as it was given. */
  readonly values: ReadonlyMap<string, string>;
  /** CPUs to take offline, in order. */
  readonly offline: readonly number[];
}

/** Paths that have an option of their own. */
const OPTIONS: readonly string[] = ['kernel', 'policy'];

/** The changes as the engine takes them: controls in their order, then events. */
export function changesOf(controls: readonly Control[], { values, offline }: Changed): string[] {
  const sets = controls.flatMap(({ path, value }) => {
    const wanted = values.get(path);
    if (wanted === undefined || wanted === value) return [];
    return [OPTIONS.includes(path) ? `--${path} ${wanted}` : `${path}=${wanted}`];
  });
  return [...sets, ...(offline.length === 0 ? [] : [`--event offline=${offline.join(',')}`])];
}

/** The changes as options of a command line. */
export const asOptions = (changes: readonly string[]): string =>
  changes
    .map((change) => {
      const option = /^(--[a-z]+) (.*)$/s.exec(change);
      return option ? `${option[1]} ${shellWord(option[2])}` : `--set ${shellWord(change)}`;
    })
    .join(' ');
