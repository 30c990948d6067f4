/** Two ways to check a value by the same fields, one against the other: `held`, and zod's schemas. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  apicId,
  choice,
  count,
  cpuList,
  either,
  type Field,
  happens,
  int,
  list,
  literal,
  matching,
  object,
  openObject,
  optional,
  PRINTABLE,
  record,
  required,
  someText,
  text,
  toggle,
} from '../../src/machine/fields.ts';
import { held, UNFIT } from '../../src/machine/held.ts';
import { inputSchema } from '../../src/machine/schema.ts';
import { zodSchema } from '../../src/machine/zod-fields.ts';
import { readSources } from '../../src/questions/source.ts';
import { anyText } from '../any-text.ts';
import { runs } from '../budget.ts';
import { ROOT } from '../built.ts';

/** As JSON, with keys that hold nothing. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (inner === undefined ? 'undefined' : inner)) ?? 'undefined';

/** What both say of a value; keys of mappings in the same order. Gives whether it fits. */
function agree(field: Field, value: unknown): boolean {
  const mine = held(field, value);
  const { success, data } = zodSchema(field).safeParse(value);
  expect(mine !== UNFIT, JSON.stringify(value)).toBe(success);
  if (success) {
    expect(mine).toEqual(data);
    expect(written(mine)).toBe(written(data));
  }
  return success;
}

const FOLDERS = ['scenarios', 'scenarios/rules', 'scenarios/imported'];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(ROOT, folder, name)),
);

/** The descriptions of all scenarios, as they are before they are checked. */
const described = Promise.all(
  files.map(async (file) => {
    const sources = await readSources({ bytes: readFileSync(file), file });
    return sources.map(({ result }) => result.raw.value);
  }),
).then((values) => values.flat());

test('of every scenario', async () => {
  const values = await described;
  expect(values.length).toBeGreaterThan(150);
  expect(values.filter((value) => agree(inputSchema, value)).length).toBeGreaterThan(150);
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 'on', 'off', 'true', '0-3', '0x10', '', ' ', 'mainline', [], {}),
  fc.constantFrom<Json>(0, -0, 1, -1, 255, 256, 65_535, 65_536, 1.5, 2 ** 53, -(2 ** 53), 1e300),
  fc.constantFrom<Json>('a'.repeat(41), 'a'.repeat(201), 'a'.repeat(4097), 'a\u0000', 'ä', '\u200b'),
  anyText({ maxLength: 5 }),
  fc.integer(),
  fc.double(),
);
const KEYS = ['name', 'apicId', 'note', '__proto__', 'constructor', 'toString', 'node', 'online', 'x'];

/** All places in a value, as paths. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** A copy with another value at a place, or with one more key there, or without the place. */
function changed(value: Json, [key, ...rest]: readonly string[], how: (old: Json) => Json | undefined): Json {
  if (key === undefined) return how(value) ?? null;
  const copy: Json = Array.isArray(value) ? [...value] : { ...(value as Record<string, Json>) };
  const inner = copy as Record<string, Json>;
  const next = rest.length === 0 ? how(inner[key]) : changed(inner[key], rest, how);
  if (next === undefined) delete inner[key];
  else inner[key] = next;
  return Array.isArray(copy) ? copy.filter(() => true) : copy;
}

const changes = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom('replace', 'add', 'remove'),
    leaf,
    key: fc.constantFrom(...KEYS),
  }),
  { minLength: 1, maxLength: 3 },
);

test('of scenarios that something is changed in', async () => {
  const values = (await described) as Json[];
  let fit = 0;
  let unfit = 0;
  fc.assert(
    fc.property(fc.nat({ max: values.length - 1 }), changes, (index, list) => {
      const value = list.reduce((so: Json, { at, what, leaf, key }) => {
        const places = placesIn(so);
        return changed(so, places[at % places.length], (old) => {
          if (what === 'remove') return undefined;
          if (what === 'replace' || typeof old !== 'object' || old === null) return leaf;
          if (Array.isArray(old)) return [...old, leaf];
          return Object.defineProperty({ ...old }, key, { value: leaf, enumerable: true });
        });
      }, values[index]);
      if (agree(inputSchema, value)) fit++;
      else unfit++;
    }),
    { numRuns: runs(600) },
  );
  expect(Math.min(fit, unfit)).toBeGreaterThan(15);
});

/** A field of any kind, within a field of any kind. */
const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom<Field>(
      int(0, 256),
      int(-1, 1),
      count(),
      text('a text'),
      text('a short text', 3),
      someText('some text', 4),
      matching(PRINTABLE, 'a name'),
      choice(['on', 'off', 'a']),
      literal([1, true, 'a'], 'one of them'),
      toggle(),
      happens(),
      cpuList(),
      apicId(),
    ),
    fc
      .tuple(tie('field'), fc.record({ min: fc.nat(2), max: fc.nat(3) }, { requiredKeys: [] }))
      .map(([of, size]) => list(of, 'a list', size)),
    tie('field').map((of) => record(of, 'a mapping of any names')),
    tie('field').map((of) => optional(of, 'what it is')),
    fc.array(tie('field'), { minLength: 1, maxLength: 3 }).map((of) => either(of, 'one of these')),
    fc
      .tuple(fc.dictionary(fc.constantFrom('name', 'apicId', 'node', 'x'), tie('field')), fc.boolean())
      .map(([shape, open]) => (open ? openObject(shape, 'a mapping') : object(shape, 'these keys'))),
    tie('field').map((of) => required(of, 'what it is')),
  ),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { noNullPrototype: false }),
  ),
}));

test('of any value, by any field', () => {
  let fit = 0;
  fc.assert(
    fc.property(field, fc.array(value, { minLength: 1, maxLength: 8 }), (field, values) => {
      for (const one of values) if (agree(field, one)) fit++;
    }),
    { numRuns: runs(600) },
  );
  expect(fit).toBeGreaterThan(120);
});
