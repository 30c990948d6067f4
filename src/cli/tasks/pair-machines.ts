/** Which machine of one input is compared with which of another. */
import type { MachinePair, SideMachine } from './differences.ts';

/** Takes the first that fits out of the list. */
function take(list: SideMachine[], fits: (one: SideMachine) => boolean): SideMachine | undefined {
  const at = list.findIndex(fits);
  return at < 0 ? undefined : list.splice(at, 1)[0];
}

/**
 * Two single machines are a pair. Of several, those of the same name are, then in order those of which one at
 * least has no name; the rest have no partner. In the order of `before`, then what only `after` has.
 */
export function pairMachines(before: readonly SideMachine[], after: readonly SideMachine[]): MachinePair[] {
  if (before.length === 1 && after.length === 1) return [{ before: before[0], after: after[0] }];
  const open = [...after];
  const partners = new Map<SideMachine, SideMachine | undefined>();
  for (const one of before) {
    const { name } = one.machine;
    if (name !== '')
      partners.set(
        one,
        take(open, ({ machine }) => machine.name === name),
      );
  }
  for (const one of before) {
    const partner =
      partners.get(one) ?? take(open, ({ machine }) => one.machine.name === '' || machine.name === '');
    partners.set(one, partner);
  }
  return [
    ...before.map((one) => ({ before: one, after: partners.get(one) })),
    ...open.map((one) => ({ before: undefined, after: one })),
  ];
}
