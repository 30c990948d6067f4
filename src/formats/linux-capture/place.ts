/** Where in a captured machine a value was read. */
import type { Location } from '../../machine/locate.ts';

/** The location of a file of the tree, and of a line in it (from 1; without it the first). */
export type Place = (path: string, line?: number) => Location;

/** Locations below `source`, which names the tree. */
export function placesIn(source: string): Place {
  return (path, line = 1) => ({ file: `${source.replace(/\/$/, '')}/${path}`, line, column: 1 });
}
