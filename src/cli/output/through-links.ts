/** The file that a name leads to, also where the last link of the way leads to nothing yet. */
import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** As in Linux. */
const MAX_LINKS = 40;

/** Follows symbolic links in the last place of `path`; a name that is no link is given back as it is. */
export function throughLinks(path: string): string {
  let at = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      at = resolve(dirname(at), readlinkSync(at));
    } catch {
      return at;
    }
  }
  return at;
}
