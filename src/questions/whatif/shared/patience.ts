/** Whether remembering results pays: it costs time and memory, and nobody knows beforehand what comes back. */

/** After so many results in a row that were not there, remembering seems not to pay, if nobody knows better. */
export const PATIENCE = 8;
/** From then on only one in so many is remembered, until one is found again. */
const THEN_ONE_IN = 16;

export interface Patience {
  /** A remembered result was of use. */
  readonly found: () => void;
  /** None was there: whether the new one is to be remembered. */
  readonly missed: () => boolean;
}

export function createPatience(patience = PATIENCE): Patience {
  let misses = 0;
  return {
    found() {
      misses = 0;
    },
    missed: () => misses++ < patience || misses % THEN_ONE_IN === 0,
  };
}
