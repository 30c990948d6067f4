/** The machine that a search starts from: the description may become one only by the numbers that are tried. */
import { EVENT_PREFIX, InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { type MachineSource, machineOf } from '../source.ts';
import { OFFLINE, type Target } from './target.ts';

/** Numbers that are looked at for one that makes a machine, of one target and of each of two. */
const LOOKED_AT = [64, 16] as const;
const UNASKED = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** Values of a target, evenly spread over those that are asked for. */
function assignments({ path, numbers }: Target, most: number): string[] {
  if (path === OFFLINE) return [];
  const all = numbers ?? UNASKED;
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, n) => n % step === 0 || n === all.length - 1).map((n) => `${path}=${n}`);
}

function* variants(targets: readonly Target[]): Generator<readonly string[]> {
  yield [];
  const most = LOOKED_AT[targets.length - 1];
  const [first = [], second = []] = targets.map((target) => assignments(target, most));
  for (const one of first) {
    if (second.length === 0) yield [one];
    for (const other of second) yield [one, other];
  }
}

/** The description with `changes`, if need be with numbers of the targets. Throws InputError of the description as it is. */
export function baseOf(
  source: MachineSource,
  changes: readonly string[],
  targets: readonly Target[],
): Machine {
  const isEvent = (change: string): boolean => change.startsWith(EVENT_PREFIX);
  const sets = changes.filter((change) => !isEvent(change));
  let first: InputError | null = null;
  for (const variant of variants(targets)) {
    try {
      return machineOf(source, [...sets, ...variant, ...changes.filter(isEvent)]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
    }
  }
  throw first ?? new RangeError('a description is looked at as it is');
}
