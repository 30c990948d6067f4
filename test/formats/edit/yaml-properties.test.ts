/** Random documents in blocks, braces and JSON, with comments: one value is set, and only its line changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameValue, valueAt, withValue } from '../../../src/formats/text/values.ts';
import { setInYaml, yamlValues } from '../../../src/formats/text/yaml-text.ts';
import { runs } from '../../budget.ts';
import { changedLines } from './editing.ts';

type Path = (string | number)[];

const scalar = fc.oneof(
  fc.integer({ min: -5, max: 300 }),
  fc.boolean(),
  fc.constantFrom(
    'on',
    '6.12',
    '6.10',
    '0-3,8',
    'quiet ro',
    "it's",
    'a: b',
    '# no comment',
    '"',
    '\\',
    '',
    'x y ',
  ),
);
const key = fc.constantFrom('a', 'b', 'kernel', 'x-y', '$ref', 'two words', '7');
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(
    key,
    fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, tie('tree'), tie('list')),
    {
      minKeys: 1,
      maxKeys: 4,
    },
  ),
  list: fc.array(fc.oneof(scalar, tie('tree')), { minLength: 1, maxLength: 3 }),
}));

/** Numbers to decide by, one after the other. */
type Dice = (sides: number) => number;

const quoted = (value: unknown) => JSON.stringify(value);

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return quoted(value);
  return `{ ${Object.entries(value)
    .map(([name, part]) => `${quoted(name)}: ${inline(part)}`)
    .join(', ')} }`;
}

/** Lines of a value in blocks; some parts in braces, some lines with comments. */
function block(value: object, indent: string, roll: Dice): string[] {
  const entries = Array.isArray(value)
    ? value.map((part) => ['-', part] as const)
    : Object.entries(value).map(([name, part]) => [`${quoted(name)}:`, part] as const);
  return entries.flatMap(([lead, part]) => {
    const above = roll(4) === 0 ? [`${indent}# above ${lead}`, ''] : [];
    const note = roll(3) === 0 ? ' # note' : '';
    const nested = typeof part === 'object' && roll(3) > 0;
    if (!nested) return [...above, `${indent}${lead} ${inline(part)}${note}`];
    return [...above, `${indent}${lead}${note}`, ...block(part as object, `${indent}  `, roll)];
  });
}

function render(value: object, style: number, seeds: readonly number[]): string {
  let at = 0;
  const roll: Dice = (sides) => seeds[at++ % seeds.length] % sides;
  if (style === 1) return `${JSON.stringify(value, null, 2)}\n`;
  if (style === 2) return JSON.stringify(value);
  if (style === 3) return `${JSON.stringify(value, null, '\t')}\n`;
  const text = ['# head', ...block(value, '', roll), '# tail', ''].join('\n');
  return style === 4 ? text.replaceAll('\n', '\r\n') : text;
}

/** Paths of all scalars (`leaves`), or of all mappings. */
function paths(value: unknown, leaves: boolean, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return leaves ? [path] : [];
  const below = Object.keys(value).flatMap((name) => {
    const step = Array.isArray(value) ? Number(name) : name;
    return paths(valueAt(value, [step]), leaves, [...path, step]);
  });
  return leaves || Array.isArray(value) ? below : [path, ...below];
}

const document = fc.record({
  value: tree as fc.Arbitrary<object>,
  style: fc.integer({ min: 0, max: 4 }),
  seeds: fc.array(fc.nat(11), { minLength: 5, maxLength: 20 }),
  pick: fc.nat(1000),
  put: scalar,
});

const pickOf = (all: readonly Path[], pick: number): Path => all[pick % all.length];

/** Lines that went and came. */
function counts(before: string, after: string | null): { went: number; came: number } {
  const changed = changedLines(before, after);
  return {
    went: changed.filter((line) => line.startsWith('-')).length,
    came: changed.filter((line) => line.startsWith('+')).length,
  };
}

describe('setInYaml in random documents', () => {
  test('replaces a value on its line', async () => {
    await fc.assert(
      fc.asyncProperty(document, async ({ value, style, seeds, pick, put }) => {
        const text = render(value, style, seeds);
        const path = pickOf(paths(value, true), pick);
        const after = await setInYaml(text, path, put);
        expect(await yamlValues(after ?? '')).toEqual([withValue(value, path, put)]);
        const { went, came } = counts(text, after);
        expect([0, 1]).toContain(went);
        expect(came).toBe(went);
      }),
      { numRuns: runs(150) },
    );
  });

  test('adds a key with one line, or on the line of its braces', async () => {
    await fc.assert(
      fc.asyncProperty(document, async ({ value, style, seeds, pick, put }) => {
        const text = render(value, style, seeds);
        const path = [...pickOf(paths(value, false), pick), 'added', 'inside'];
        const after = await setInYaml(text, path, put);
        expect(await yamlValues(after ?? '')).toEqual([withValue(value, path, put)]);
        const { went, came } = counts(text, after);
        // JSON puts a comma behind the line before.
        expect([0, 1]).toContain(went);
        expect(came - went).toBe(style === 2 ? 0 : came - went === 0 ? 0 : 1);
      }),
      { numRuns: runs(150) },
    );
  });

  test('takes a key out, and leaves comments of other lines', async () => {
    await fc.assert(
      fc.asyncProperty(document, async ({ value, style, seeds, pick }) => {
        const text = render(value, style, seeds);
        const path = pickOf(
          paths(value, true).filter((one) => typeof one.at(-1) === 'string'),
          pick,
        );
        if (path === undefined) return;
        const after = await setInYaml(text, path, undefined);
        expect(await yamlValues(after ?? '')).toEqual([withValue(value, path, undefined)]);
        const comments = (one: string) => one.split('\n').filter((line) => line.trim().startsWith('# above'));
        expect(comments(after ?? '')).toEqual(comments(text));
      }),
      { numRuns: runs(150) },
    );
  });

  test('what it writes back it leaves as it is', async () => {
    await fc.assert(
      fc.asyncProperty(document, async ({ value, style, seeds, pick, put }) => {
        const text = render(value, style, seeds);
        const path = pickOf(paths(value, true), pick);
        const old = valueAt(value, path);
        const there = await setInYaml(text, path, put);
        const back = there === null ? null : await setInYaml(there, path, old);
        expect(sameValue(await yamlValues(back ?? ''), [value])).toBe(true);
      }),
      { numRuns: runs(60) },
    );
  });
});
