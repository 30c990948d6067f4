/** What golden results show of interrupts: the fields that changed. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { IrqTable } from '../engine/irq-table.ts';

/** In the order in which `fl` lists them. */
const FLAG_LETTERS: readonly (readonly [letter: string, flag: number])[] = [
  ['M', IrqFlag.managed],
  ['c', IrqFlag.canReserve],
  ['r', IrqFlag.hasReserved],
  ['m', IrqFlag.moveInProgress],
  ['q', IrqFlag.cleanupQueued],
  ['A', IrqFlag.activated],
  ['S', IrqFlag.started],
  ['X', IrqFlag.managedShutdown],
  ['p', IrqFlag.affinityPending],
  ['R', IrqFlag.requested],
];

export type IrqFields = Record<string, number | string | null>;

/** Masks are shared and never change, so that each is written once. */
const lists = new WeakMap<CpuMask, string>();

function listOf(mask: CpuMask): string {
  let list = lists.get(mask);
  if (list === undefined) {
    list = mask.toString();
    lists.set(mask, list);
  }
  return list;
}

/** All fields of an interrupt that golden data shows. */
function irqFields(d: IrqDesc): IrqFields {
  const letters = FLAG_LETTERS.filter(([, flag]) => (d.flags & flag) !== 0).map(([letter]) => letter);
  return {
    vec: d.vector,
    cpu: d.cpu,
    cfgVec: d.cfgVector,
    cfgDest: d.cfgDest,
    fl: letters.join(''),
    aff: listOf(d.affinity),
    eff: d.effectiveMask ? listOf(d.effectiveMask) : `${d.effectiveCpu}`,
    ...(d.prevVector !== 0 && { prevVec: d.prevVector, prevCpu: d.prevCpu }),
    ...(d.pendingMask && { pend: listOf(d.pendingMask) }),
  };
}

/** What changed from one set of fields to the next; null: the field is gone. */
function changedFields(before: IrqFields, now: IrqFields): IrqFields {
  const changed: IrqFields = {};
  for (const key in now) if (now[key] !== before[key]) changed[key] = now[key];
  for (const key in before) if (!(key in now)) changed[key] = null;
  return changed;
}

/**
 * Remembers interrupts; each call tells what changed in the named ones since it was last shown, or
 * undefined. One that is gone is forgotten.
 */
export function watchIrqs(
  irqs: Pick<IrqTable, 'get'>,
): (named: Iterable<number>) => Record<string, IrqFields> | undefined {
  const seen = new Map<number, IrqFields>();
  return (named) => {
    const result: Record<string, IrqFields> = {};
    for (const irq of named) {
      const d = irqs.get(irq);
      if (!d) {
        seen.delete(irq);
        continue;
      }
      const now = irqFields(d);
      const changed = changedFields(seen.get(irq) ?? {}, now);
      seen.set(irq, now);
      if (Object.keys(changed).length > 0) result[irq] = changed;
    }
    return Object.keys(result).length > 0 ? result : undefined;
  };
}
