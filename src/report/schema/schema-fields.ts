/** Kinds of fields of a JSON Schema, each with its description. */

export type Schema = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, Schema>>;

export const object = (description: string, required: Fields, optional: Fields = {}): Schema => ({
  type: 'object',
  description,
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
/** The schema of a whole document with these fields; fields are only ever added, so that it stays open. */
export const rootSchema = (title: string, required: Fields, optional: Fields = {}): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: `irqsim: ${title}`,
  ...object('', required, optional),
});
export const list = (description: string, items: Schema): Schema => ({ type: 'array', description, items });
export const text = (description: string): Schema => ({ type: 'string', description });
export const number = (description: string, minimum = 0): Schema => ({
  type: 'integer',
  description,
  minimum,
});
export const flag = (description: string): Schema => ({ type: 'boolean', description });
export const choice = (description: string, values: readonly string[]): Schema => ({
  type: 'string',
  description,
  enum: values,
});
export const orNull = (schema: Schema): Schema => {
  const { description, ...rest } = schema;
  return { description, anyOf: [rest, { type: 'null' }] };
};
export const cpus = (description: string): Schema => ({
  type: 'string',
  description: `${description}, in the kernel's list form`,
  pattern: '^(\\d+(-\\d+)?(,\\d+(-\\d+)?)*)?$',
});
export const counts = (description: string, names: readonly string[]): Schema =>
  object(description, Object.fromEntries(names.map((name) => [name, number(`How many are ${name}`)])));
