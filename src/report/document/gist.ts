/** The shortest answer that a document holds: what `--quiet` leaves of a text. */
import type { Document } from './block.ts';

/** The first headline, or what the document begins with where it has none. */
export function gist(document: Document): Document {
  const blocks = document.flat();
  const block = blocks.find(({ kind }) => kind === 'headline') ?? blocks[0];
  return block === undefined ? [] : [[block]];
}

/** Its line is never broken, so that it can be searched and counted. */
export const GIST_WIDTH = Number.POSITIVE_INFINITY;
