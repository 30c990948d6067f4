/** A directory that looks like `/`, wherever its files are: on disk, or in an archive. */

/** Paths are relative, without `..`; symbolic links are followed, but never out of the root. */
export interface Tree {
  /** The bytes of a file; undefined if there is none that may be read. */
  read(path: string): Uint8Array | undefined;
  /** Names in a directory, sorted; empty if there is none. */
  list(path: string): readonly string[];
  /** Where the symbolic link at the path points, as written; undefined for anything else. */
  link(path: string): string | undefined;
  /** Absent: the files are files. */
  readonly sections?: Sections;
}

/** Files of a tree that are sections of other files. */
export interface Sections {
  /** How many sections there are, of any kind. */
  readonly total: number;
  /** Paths of the tree that they show. */
  readonly shown: readonly string[];
  /** The file that holds the section, and the line where its text begins, from 1. */
  origin(path: string): { readonly path: string; readonly line: number } | undefined;
}

const decoder = new TextDecoder();

/** The text of a file without blanks around it; undefined if there is none. */
export function textOf(tree: Tree, path: string): string | undefined {
  const bytes = tree.read(path);
  return bytes && decoder.decode(bytes).replaceAll('\0', ' ').trim();
}

/** A whole number, decimal or with 0x; undefined if the file holds something else or is not there. */
export function numberOf(tree: Tree, path: string): number | undefined {
  const text = textOf(tree, path);
  return text !== undefined && /^(-?\d{1,15}|0x[0-9a-fA-F]{1,12})$/.test(text) ? Number(text) : undefined;
}

/** The part of a tree below a directory. */
export function subtree(tree: Tree, dir: string): Tree {
  if (dir === '') return tree;
  const inside = (path: string) => (path === '' ? dir : `${dir}/${path}`);
  return {
    read: (path) => tree.read(inside(path)),
    list: (path) => tree.list(inside(path)),
    link: (path) => tree.link(inside(path)),
  };
}

/** Last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
