/** Outcomes in a row: how many items they are of, and fewer objects for a message to hold. */
import type { Outcome } from './process.ts';
import { addTallies, EMPTY_TALLY } from './tally.ts';

/** Items that these are the outcomes of. */
export const itemsOf = (outcomes: readonly Outcome[]): number =>
  outcomes.reduce((sum, { items = 1 }) => sum + items, 0);

export const isError = ({ tally }: Outcome): boolean => tally.errors.input + tally.errors.internal > 0;

function joined(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 1) return outcomes[0];
  const traces = outcomes.flatMap((one) => one.traces ?? []);
  return {
    items: itemsOf(outcomes),
    text: outcomes.map(({ text }) => text).join(''),
    tally: outcomes.reduce((sum, { tally }) => addTallies(sum, tally), EMPTY_TALLY),
    ...(traces.length > 0 && { traces }),
  };
}

/** Takes outcomes one after the other; those without an error become one. */
export function outcomeJoiner(): {
  readonly add: (outcome: Outcome) => void;
  readonly end: () => readonly Outcome[];
} {
  const all: Outcome[] = [];
  let sound: Outcome[] = [];
  const end = () => {
    if (sound.length > 0) all.push(joined(sound));
    sound = [];
    return all;
  };
  return {
    add(outcome) {
      if (!isError(outcome)) sound.push(outcome);
      else end().push(outcome);
    },
    end,
  };
}
