/** Changes of a topology that cannot change the number of CPUs, because the description says it. */
import { EVENT_PREFIX } from '../../machine/locate.ts';

const COUNTS = /^topology\.(sockets|dies|modules|cores|threads)\s*=/;
const MAX = /^topology(\.max)?\s*=/;

function maxOf(description: unknown): unknown {
  const { topology } = description as { topology?: { max?: unknown } | null };
  return topology?.max;
}

/**
 * A sentence for who changes `topology.sockets` and the like where `topology.max` is written and stays: imported
 * machines have it. Null where there is nothing to say. `changes` as `--set` takes them.
 */
export function cappedTopology(description: unknown, changes: readonly string[]): string | null {
  const sets = changes.filter((change) => !change.startsWith(EVENT_PREFIX));
  if (!sets.some((set) => COUNTS.test(set)) || sets.some((set) => MAX.test(set))) return null;
  if (typeof description !== 'object' || description === null) return null;
  const max = maxOf(description);
  if (max === undefined) return null;
  const cpus = `${max} CPU${max === 1 ? '' : 's'}`;
  return `topology.max is written as ${max}: there are ${cpus} however they are arranged, unless it changes too`;
}
