/** Paths inside a tree: symbolic links are followed by hand, so that none leads out of it. */

/** What is at one path, itself not followed. */
export type PathNode =
  | { readonly kind: 'file' | 'directory' }
  | { readonly kind: 'link'; readonly target: string };

/** As in Linux. */
const MAX_LINKS = 40;
/** Longer targets cannot exist (PATH_MAX, ENAMETOOLONG); an archive may claim them. */
const MAX_TARGET = 4096;

/**
 * The path with every link on the way followed; undefined if it leads nowhere or out of the root.
 * Absolute targets start at the root of the tree. `last: false` leaves a link in the last place as it is.
 */
export function followLinks(
  path: string,
  nodeAt: (path: string) => PathNode | undefined,
  last = true,
): string | undefined {
  let todo = path.split('/');
  let done: string[] = [];
  for (let links = 0; todo.length > 0; ) {
    const [step, ...rest] = todo;
    todo = rest;
    if (step === '' || step === '.') continue;
    if (step === '..') {
      if (done.length === 0) return undefined;
      done.pop();
      continue;
    }
    const here = [...done, step];
    const node = nodeAt(here.join('/'));
    if (!node) return undefined;
    if (node.kind !== 'link' || (rest.length === 0 && !last)) done = here;
    else {
      if (++links > MAX_LINKS || node.target.length > MAX_TARGET) return undefined;
      if (node.target.startsWith('/')) done = [];
      todo = [...node.target.split('/'), ...rest];
    }
  }
  return done.join('/');
}
