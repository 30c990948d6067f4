/**
 * Kinds of fields that the schemas are made of, as plain data: `holds.ts` checks values by them at every start, and
 * `zod-fields.ts` makes zod's schemas of them where one is needed, to say what is wrong and for JSON Schema. House
 * convention: the text of a field says what is *expected* ("a whole number from 1 to 8"), and validate.ts makes the
 * sentence around it; that of an unknown key lists the known keys.
 */

/** Editor help for one field. */
export interface Note {
  readonly description: string;
  readonly default?: unknown;
}

export type Shape = Readonly<Record<string, Field>>;

type Form =
  | { readonly kind: 'int'; readonly min: number; readonly max?: number }
  | { readonly kind: 'text'; readonly min?: number; readonly max?: number; readonly pattern?: RegExp }
  | { readonly kind: 'choice' | 'literal'; readonly values: readonly (string | number | boolean)[] }
  /** `open`: keys beside those of the shape are left out, not refused. */
  | { readonly kind: 'object'; readonly shape: Shape; readonly open: boolean }
  | { readonly kind: 'list'; readonly of: Field; readonly min?: number; readonly max?: number }
  /** Names of any kind, each with such a value. */
  | { readonly kind: 'record'; readonly of: Field }
  | { readonly kind: 'either'; readonly of: readonly Field[] }
  | { readonly kind: 'optional'; readonly of: Field };

/** A field that holds a `T`. */
export type Field<T = unknown> = Form & {
  readonly expected: string;
  readonly note?: Note;
  /** Never there: by it a type says what its fields hold. */
  readonly holds?: T;
};

/** A field that may be left out. */
export type Optional<T = unknown> = Field<T | undefined> & { readonly kind: 'optional' };

/** What a field holds. */
export type Holds<F> = F extends { readonly holds?: infer T } ? T : never;

type OptionalKeys<S> = { [K in keyof S]: S[K] extends Optional ? K : never }[keyof S];
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOf<S> = Flat<
  { [K in Exclude<keyof S, OptionalKeys<S>>]: Holds<S[K]> } & { [K in OptionalKeys<S>]?: Holds<S[K]> }
>;

/** An optional field; `fallback` is the default as the JSON Schema shows it. */
export function optional<T>(of: Field<T>, description: string, fallback?: unknown): Optional<T> {
  const note = fallback === undefined ? { description } : { description, default: fallback };
  return { kind: 'optional', of, expected: of.expected, note };
}

export function required<T>(field: Field<T>, description: string): Field<T> {
  return { ...field, note: { description } };
}

export function int(min: number, max: number): Field<number> {
  return { kind: 'int', min, max, expected: `a whole number from ${min} to ${max}` };
}

/** A count whose upper limit is one on the total, checked where the total is known. */
export function count(): Field<number> {
  return { kind: 'int', min: 1, expected: 'a whole number, 1 or more' };
}

export function text(expected: string, max = 4096): Field<string> {
  return { kind: 'text', max, expected };
}

export function anyText(expected: string): Field<string> {
  return { kind: 'text', expected };
}

/** A text that is not empty. */
export function someText(expected: string, max: number): Field<string> {
  return { kind: 'text', min: 1, max, expected };
}

/** A text of this form. */
export function matching(pattern: RegExp, expected: string): Field<string> {
  return { kind: 'text', pattern, expected };
}

export function choice<const V extends readonly string[]>(values: V): Field<V[number]> {
  return { kind: 'choice', values, expected: `one of ${values.join(', ')}` };
}

export function literal<const V extends readonly (string | number | boolean)[]>(
  values: V,
  expected: string,
): Field<V[number]> {
  return { kind: 'literal', values, expected };
}

/** A switch: `on`, `off`, `true` and `false`, quoted or not. */
export function toggle() {
  return literal([true, false, 'on', 'off', 'true', 'false'], 'on or off');
}

/** An event without arguments: only `on` and `true` mean that it happens. */
export function happens() {
  return literal([true, 'on', 'true'], 'true');
}

/** No control characters, no blank at either end. */
export const PRINTABLE = /^[!-~\u00a1-\uffff]([ -~\u00a1-\uffff]{0,198}[!-~\u00a1-\uffff])?$/;

/** A mapping with these keys and no others. */
export function object<S extends Shape>(
  shape: S,
  expected: string,
): Field<ObjectOf<S>> & { readonly shape: S } {
  return { kind: 'object', shape, open: false, expected };
}

/** A mapping with these keys; others are left out. */
export function openObject<S extends Shape>(shape: S, expected: string): Field<ObjectOf<S>> {
  return { kind: 'object', shape, open: true, expected };
}

export function list<T>(
  of: Field<T>,
  expected: string,
  size: { readonly min?: number; readonly max?: number } = {},
): Field<T[]> {
  return { kind: 'list', of, ...size, expected };
}

export function record<T>(of: Field<T>, expected: string): Field<Record<string, T>> {
  return { kind: 'record', of, expected };
}

/** The first of these that fits. */
export function either<F extends readonly Field[]>(of: F, expected: string): Field<Holds<F[number]>> {
  return { kind: 'either', of, expected };
}

/** Numbers as one number, as a list such as "0-3,8", or as a YAML/JSON list of either. */
export function numberList(expected: string) {
  const range = text(expected, 1_048_576);
  const number: Field<number> = { kind: 'int', min: 0, expected };
  return either([number, range, list(either([number, range], expected), expected)], expected);
}

export function cpuList() {
  return numberList('a CPU or a list such as "0-3,8"');
}

export function apicId() {
  const expected = 'an APIC ID such as 256 or "0x100"';
  const number: Field<number> = { kind: 'int', min: 0, expected };
  return either([number, text(expected, 40)], expected);
}
