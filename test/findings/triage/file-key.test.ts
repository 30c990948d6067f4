/** Names of inputs, relative to another folder. */
import { relative, resolve } from 'node:path/posix';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileKey } from '../../../src/findings/triage/file-key.ts';
import { runs } from '../../budget.ts';

test.each([
  ['a.yaml', '/p', '/p', 'a.yaml'],
  ['./a.yaml', '/p/sub', '/p', 'sub/a.yaml'],
  ['../a.yaml', '/p/sub', '/p', 'a.yaml'],
  ['a.yaml', '/p', '/p/known', '../a.yaml'],
  ['/q/a.yaml', '/p', '/p', '../q/a.yaml'],
  ['host/', '/p', '/p', 'host'],
  ['.', '/p', '/p', '.'],
  ['-', '/p', '/q', '-'],
  ['a', '/', '/', 'a'],
])('%s in %s, seen from %s', (file, cwd, folder, key) => {
  expect(fileKey(file, cwd, folder)).toBe(key);
});

test('is what node:path says', () => {
  const part = fc.constantFrom('a', 'b', 'c', '..', '.');
  const path = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, path, (file, cwd, folder) => {
      fc.pre(file !== '');
      const expected = relative(resolve('/', folder), resolve(`/${cwd}`, file)) || '.';
      expect(fileKey(file, `/${cwd}`, `/${folder}`)).toBe(expected);
    }),
    { numRuns: runs(1000) },
  );
});
