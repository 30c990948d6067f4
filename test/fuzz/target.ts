/** One kind of input: how it is made, and what is done with it. */
import type { Random } from './random.ts';

export interface Target {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  /** The input as text: of trees the edits, a line each. */
  readonly make: (random: Random) => string;
  /** True if it was accepted and analysed, false if it was refused as it should be. Throws for a fault. */
  readonly run: (input: string, random: Random) => Promise<boolean>;
}
