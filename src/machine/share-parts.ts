/** The seam through which the parts of a description may be completed once for many variants of it. */
import type { Problems } from './locate.ts';

/**
 * `make(problems)`, or what it gave for equal inputs; `kind` names what it makes. Inputs are JSON values, or parts
 * that were shared before.
 */
export type ShareParts = <T extends object>(
  kind: string,
  inputs: readonly unknown[],
  problems: Problems,
  make: (problems: Problems) => T,
) => T;

/** Makes every part anew. */
export const shareNothing: ShareParts = (_, __, problems, make) => make(problems);
