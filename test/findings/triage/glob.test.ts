/** Patterns of file names, one by one, and against a matcher that knows nothing of regular expressions. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatches, globProblem } from '../../../src/findings/triage/glob.ts';
import { runs } from '../../budget.ts';

test.each<[string, string[], string[]]>([
  ['*.xml', ['a.xml', '.xml', 'a b.xml'], ['vms/a.xml', 'a.xmlx', 'axml', '../a.xml']],
  ['vms/*.xml', ['vms/a.xml'], ['a.xml', 'vms/x/a.xml']],
  ['vms/**', ['vms/a', 'vms/x/a'], ['vms', 'vmsa/a', '../vms/a']],
  ['vms/', ['vms/a', 'vms/x/a'], ['vms', 'vmsa/a']],
  ['vms/**/*.xml', ['vms/a.xml', 'vms/x/a.xml', 'vms/x/y/a.xml'], ['a.xml', 'vmsa.xml']],
  ['**/*.xml', ['a.xml', 'x/y/a.xml'], ['a.xmls']],
  ['**', ['a', 'x/y', '-'], ['../a']],
  ['a?c', ['abc', 'a.c'], ['ac', 'a/c', 'abbc']],
  ['*.{xml,yaml}', ['a.xml', 'a.yaml'], ['a.json', 'a.xml,yaml']],
  ['{a,b{c,d}}/x', ['a/x', 'bc/x', 'bd/x'], ['b/x', 'c/x']],
  ['{**/a,b}', ['a', 'x/a', 'b'], ['x/b']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['**/**/a**/**', ['a/b', 'x/y/ab/c'], ['a', 'xa/b']],
  ['a,b', ['a,b'], ['a', 'b']],
  ['a.b+(c)$', ['a.b+(c)$'], ['axb+(c)$', 'a.bb(c)$']],
  ['./a', ['a'], ['./a']],
  ['../x/*', ['../x/a'], ['x/a', '../../x/a']],
  ['-', ['-'], ['a']],
  ['é*', ['éa'], ['e']],
  ['?', ['😀', 'a'], ['ab', '/']],
  ['a**', ['ab', 'a'], ['a/b']],
  ['{a,**}/c', ['a/c', 'x/y/c'], ['c']],
  ['{,x}a', ['a', 'xa'], ['xxa']],
])('%s', (pattern, yes, no) => {
  expect(globProblem(pattern)).toBeUndefined();
  expect(yes.filter((name) => !globMatches(pattern, name))).toEqual([]);
  expect(no.filter((name) => globMatches(pattern, name))).toEqual([]);
});

test.each([[''], ['/abs/*'], ['!a'], ['[ab]'], ['a\\b'], ['{a'], ['a}'], ['}{']])(
  '%s is refused',
  (pattern) => {
    expect(globProblem(pattern)).toBeDefined();
  },
);

/** The meaning of * and ? within one part of a name, letter by letter. */
function partMatches(pattern: string, name: string): boolean {
  if (pattern === '') return name === '';
  if (pattern[0] === '*') {
    return partMatches(pattern.slice(1), name) || (name !== '' && partMatches(pattern, name.slice(1)));
  }
  return (
    name !== '' &&
    (pattern[0] === '?' || pattern[0] === name[0]) &&
    partMatches(pattern.slice(1), name.slice(1))
  );
}

function partsMatch(patterns: readonly string[], names: readonly string[]): boolean {
  const [first, ...rest] = patterns;
  if (first === undefined) return names.length === 0;
  if (first === '**') {
    return rest.length === 0
      ? names.length > 0
      : partsMatch(rest, names) || (names.length > 0 && partsMatch(patterns, names.slice(1)));
  }
  return names.length > 0 && partMatches(first, names[0]) && partsMatch(rest, names.slice(1));
}

const part = (letters: string) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 4 });

test('agrees with the plain meaning', () => {
  const patterns = fc.array(
    fc.oneof(
      part('ab.?'),
      part('ab*').map((text) => text.replace(/\*+/g, '*')),
      fc.constant('**'),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const names = fc.array(part('ab.'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(patterns, names, (pattern, name) => {
      fc.pre(!pattern[0].startsWith('.') && !name[0].startsWith('.'));
      expect(globMatches(pattern.join('/'), name.join('/'))).toBe(partsMatch(pattern, name));
    }),
    { numRuns: runs(2000) },
  );
});

test('no pattern takes long, whatever the name', () => {
  const name = `${'a'.repeat(2000)}/${'a/'.repeat(500)}`;
  expect(globMatches(`${'**/'.repeat(100)}${'*a'.repeat(400)}b`, name)).toBe(false);
  expect(globMatches(`${'{a,a}'.repeat(200)}b`, 'a'.repeat(200))).toBe(false);
  expect(globMatches(`${'*a'.repeat(200)}*`, 'a'.repeat(2000))).toBe(true);
});
