/** Files in memory as a tree, without links. */
import type { Tree } from '../../src/formats/linux-capture/tree.ts';

/** By path; texts are UTF-8. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  return {
    read(path) {
      const content = files[path];
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
    list(path) {
      const prefix = path === '' ? '' : `${path}/`;
      const below = Object.keys(files).filter((name) => name.startsWith(prefix));
      return [...new Set(below.map((name) => name.slice(prefix.length).split('/')[0]))].sort();
    },
    link: () => undefined,
  };
}
