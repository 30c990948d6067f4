/** Where in a captured machine a value was read. */
import type { Location } from '../../machine/locate.ts';
import type { Sections } from './tree.ts';

/** The location of a file of the tree, and of a line in it (from 1; without it the first). */
export type Place = (path: string, line?: number) => Location;

/** Locations below `source`, which names the tree; of sections in the file that holds them. */
export function placesIn(source: string, sections?: Sections): Place {
  const folder = source.replace(/\/$/, '');
  return (path, line = 1) => {
    const origin = sections?.origin(path);
    return {
      file: `${folder}/${origin?.path ?? path}`,
      line: line + (origin === undefined ? 0 : origin.line - 1),
      column: 1,
    };
  };
}
