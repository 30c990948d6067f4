/** Chance that is the same for the same seed: every input of a fuzz run can be made again from its number. */

export interface Random {
  /** From 0 to n - 1. */
  readonly below: (n: number) => number;
  /** True in one of n cases. */
  readonly oneIn: (n: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
}

/** The generator of input number `index` of a run (sfc32 over a hash of both). */
export function randomOf(seed: number, index: number): Random {
  let [a, b, c, d] = [seed | 0, index | 0, (index / 2 ** 32) | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (n: number) => Math.floor((next() / 2 ** 32) * n);
  return { below, oneIn: (n) => below(n) === 0, pick: (from) => from[below(from.length)] };
}
