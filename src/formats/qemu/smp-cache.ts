/** `-machine smp-cache.N.cache=…,smp-cache.N.topology=…`: which CPUs share a cache (docs/model/importing.md#qemu-topology). */
import { excerpt } from '../../machine/locate.ts';
import { LEVELS, type Level } from '../../machine/topology.ts';
import type { UnreadPart } from '../notes.ts';
import type { Fact, Props } from './facts.ts';

/** Only this one decides about interrupts. */
const L2 = 'l2';
/** QEMU's word for what the CPU model says. */
const BY_MODEL = 'default';

export interface SmpCache {
  /** What shares an L2 cache, where the machine says it. */
  readonly l2: Fact<Level> | undefined;
  readonly unread: readonly UnreadPart[];
}

/** Reads the properties of `-machine`; the last entry for the L2 cache counts. A level that x86 has not is unread. */
export function readSmpCache(props: Props): SmpCache {
  let l2: Fact<Level> | undefined;
  const unread: UnreadPart[] = [];
  for (const [key, cache] of props) {
    const [, entry] = /^(smp-cache\.\d+)\.cache$/.exec(key) ?? [];
    if (entry === undefined || cache.value !== L2) continue;
    const written = props.get(`${entry}.topology`);
    const level = LEVELS.find((one) => one === written?.value);
    if (written && level) l2 = { value: level, at: written.at };
    else if (written?.value !== BY_MODEL) {
      const part = excerpt(written ? `${entry}.topology=${written.value}` : `${entry}.cache=${L2}`);
      unread.push({ part, mayHold: ['CPUs'], remedy: `a topology of ${LEVELS.join(', ')}`, at: cache.at });
    }
  }
  return { l2, unread };
}
