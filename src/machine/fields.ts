/**
 * Kinds of fields that the schema is made of. House convention: the error text of a field says what is
 * *expected* ("a whole number from 1 to 8"), and validate.ts makes the sentence around it; the error
 * text of an unknown key lists the known keys.
 */
import * as z from 'zod';

// Compiling the checks costs a small machine more than they save, and a large one gains nothing.
z.config({ jitless: true });

/** Editor help for one field, kept beside the schemas: attaching it to them would clone every one. */
export const notes = z.registry<{ description: string; default?: unknown }>();

/** An optional field; `fallback` is the default as the JSON Schema shows it. */
export function optional<S extends z.ZodType>(schema: S, description: string, fallback?: unknown) {
  const field = schema.optional();
  notes.add(field, fallback === undefined ? { description } : { description, default: fallback });
  return field;
}

export function required<S extends z.ZodType>(schema: S, description: string): S {
  notes.add(schema, { description });
  return schema;
}

export function int(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).gte(min).lte(max);
}

/** A count whose upper limit is one on the total, checked where the total is known. */
export function count() {
  return z.int({ error: 'a whole number, 1 or more' }).gte(1);
}

export function text(expected: string, maxLength = 4096) {
  return z.string({ error: expected }).max(maxLength);
}

export function choice<const V extends readonly string[]>(values: V) {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}

/** A switch: `on`, `off`, `true` and `false`, quoted or not. */
export function toggle() {
  return z.literal([true, false, 'on', 'off', 'true', 'false'], { error: 'on or off' });
}

/** An event without arguments: only `on` and `true` mean that it happens. */
export function happens() {
  return z.literal([true, 'on', 'true'], { error: 'true' });
}

/** No control characters, no blank at either end. */
export const PRINTABLE = /^[!-~\u00a1-\uffff]([ -~\u00a1-\uffff]{0,198}[!-~\u00a1-\uffff])?$/;

/** Keys that exist, or what is expected instead of a non-mapping. */
export function object<S extends z.ZodRawShape>(shape: S, expected: string) {
  const known = Object.keys(shape).join(',');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected),
  });
}

/** Numbers as one number, as a list such as "0-3,8", or as a YAML/JSON list of either. */
export function numberList(expected: string) {
  const error = { error: expected };
  const range = z.string(error).max(1_048_576);
  const number = z.int(error).gte(0);
  return z.union([number, range, z.array(z.union([number, range], error), error)], error);
}

export function cpuList() {
  return numberList('a CPU or a list such as "0-3,8"');
}

export function apicId() {
  const error = { error: 'an APIC ID such as 256 or "0x100"' };
  return z.union([z.int(error).gte(0), z.string(error).max(40)], error);
}
