/**
 * Checks values by fields, as zod's schemas of the same fields do (`zod-fields.ts`), and gives the same values; a test holds
 * one against the other. It is quicker to load and to run, and says no more of a value than that it does not fit.
 */
import type { Field, Shape } from './fields.ts';

/** Stands for no value. */
export const UNFIT: unique symbol = Symbol('unfit');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Counts have 0 as their least. */
const within = (
  size: number,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number },
): boolean => size >= min && size <= max;

/** Characters of a text: one beyond the first 65,536 is two units of the string. */
function lengthOf(text: string): number {
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g);
  return text.length - (pairs?.length ?? 0);
}

/** The value as the field holds it: in mappings the keys stand as in the schema. UNFIT for a value that does not fit. */
export function held(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'int':
      return Number.isSafeInteger(value) && within(value as number, field) ? value : UNFIT;
    case 'text':
      if (typeof value !== 'string' || !within(lengthOf(value), field)) return UNFIT;
      return field.pattern === undefined || field.pattern.test(value) ? value : UNFIT;
    case 'choice':
    case 'literal':
      return (field.values as readonly unknown[]).includes(value) ? value : UNFIT;
    case 'object':
      return isObject(value) ? heldObject(field, value) : UNFIT;
    case 'list':
      return Array.isArray(value) && within(value.length, field) ? heldList(field.of, value) : UNFIT;
    case 'record':
      return isObject(value) ? heldRecord(field.of, value) : UNFIT;
    case 'either':
      return heldByFirst(field.of, value);
    case 'optional':
      return value === undefined ? undefined : held(field.of, value);
  }
}

const fieldLists = new WeakMap<Shape, readonly (readonly [key: string, field: Field])[]>();

/** The fields of a shape, in its order: listed once, for most keys of a shape are left out in each description. */
function fieldsOf(shape: Shape): readonly (readonly [key: string, field: Field])[] {
  let fields = fieldLists.get(shape);
  if (!fields) {
    fields = Object.entries(shape);
    fieldLists.set(shape, fields);
  }
  return fields;
}

function heldObject(
  { shape, open }: { shape: Shape; open: boolean },
  value: Record<string, unknown>,
): unknown {
  if (!open) for (const key of Object.keys(value)) if (!Object.hasOwn(shape, key)) return UNFIT;
  const result: Record<string, unknown> = {};
  for (const [key, field] of fieldsOf(shape)) {
    const own = Object.hasOwn(value, key);
    if (!own && field.kind === 'optional') continue;
    const inner = held(field, own ? value[key] : undefined);
    if (inner === UNFIT) return UNFIT;
    if (own) result[key] = inner;
  }
  return result;
}

function heldList(of: Field, values: readonly unknown[]): unknown {
  const result = new Array<unknown>(values.length);
  for (let i = 0; i < values.length; i++) {
    const inner = held(of, values[i]);
    if (inner === UNFIT) return UNFIT;
    result[i] = inner;
  }
  return result;
}

function heldRecord(of: Field, value: Record<string, unknown>): unknown {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') continue;
    const inner = held(of, value[key]);
    if (inner === UNFIT) return UNFIT;
    result[key] = inner;
  }
  return result;
}

function heldByFirst(fields: readonly Field[], value: unknown): unknown {
  for (const field of fields) {
    const inner = held(field, value);
    if (inner !== UNFIT) return inner;
  }
  return UNFIT;
}
