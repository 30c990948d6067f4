/** Symbolic links inside a tree never lead out of it. */
import { expect, test } from 'vitest';
import { followLinks, type PathNode } from '../../src/cli/input/paths.ts';

const NODES: Readonly<Record<string, PathNode>> = {
  a: { kind: 'directory' },
  'a/file': { kind: 'file' },
  'a/up': { kind: 'link', target: '../../etc/passwd' },
  'a/loop': { kind: 'link', target: 'loop' },
  'a/top': { kind: 'link', target: '/a/file' },
  link: { kind: 'link', target: 'a' },
};
const nodeAt = (path: string) => NODES[path];

test.each([
  ['a/file', 'a/file'],
  ['link/file', 'a/file'],
  ['a/top', 'a/file'],
  ['a/up', undefined],
  ['a/loop', undefined],
  ['../a/file', undefined],
  ['a/../a/file', 'a/file'],
])('%s', (path, found) => {
  expect(followLinks(path, nodeAt)).toBe(found);
});
