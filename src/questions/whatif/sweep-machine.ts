/** A sweep for other programs: content and axes in, one analysis a point out. */

import type { JudgeSettings } from '../../findings/triage/judge.ts';
import { contentSources, type ImportOptions, sourceAt } from '../import-machine.ts';
import { parseAxis } from './axis.ts';
import { createGrid } from './grid.ts';
import { type SweptPoint, sweep } from './sweep.ts';

/** What is varied, and how the content is to be read. */
export interface SweepRequest extends ImportOptions {
  /** `KEY=VALUE,VALUE...` or `KEY=FROM..TO`, as those of `--vary`; the first varies slowest. */
  readonly vary: readonly string[];
  /** Which machine of the content, from 0. Default 0. */
  readonly index?: number;
  readonly settings?: JudgeSettings;
}

/**
 * Analyses a machine at every point of a grid, at most 100,000. The points are worked out one by one as they are
 * asked for; one that is no valid machine holds its InputError in `invalid`. Throws InputError for content that is
 * wrong; RangeError for axes that cannot be read or have too many points, and for an `index` that is not there.
 */
export async function sweepMachine(
  content: string | Uint8Array,
  request: SweepRequest,
): Promise<Iterable<SweptPoint>> {
  const grid = createGrid(request.vary.map(parseAxis));
  const source = sourceAt(await contentSources(content, request), request.index ?? 0);
  return sweep(source, grid, request.set, request.settings);
}
