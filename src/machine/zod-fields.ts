/**
 * zod's schemas of fields: they say what is wrong with a value, and become JSON Schema. The build loads this module, and
 * zod with it, when something of it is used.
 */
import * as z from 'zod';
import type { Field, Note, Shape } from './fields.ts';

// Compiling the checks costs a small machine more than they save, and a large one gains nothing.
z.config({ jitless: true });

/** Editor help, kept beside the schemas: attaching it to them would clone every one. */
const notes = z.registry<Note>();
const made = new Map<Field, z.ZodType>();

/** The schema of a field; the same for the same field. */
export function zodSchema(field: Field): z.ZodType {
  const known = made.get(field);
  if (known) return known;
  const schema = schemaOf(field);
  if (field.note) notes.add(schema, field.note);
  made.set(field, schema);
  return schema;
}

function schemaOf(field: Field): z.ZodType {
  const error = { error: field.expected };
  switch (field.kind) {
    case 'int':
      return bounded(z.int(error).gte(field.min), field.max, (schema, max) => schema.lte(max));
    case 'text':
      return textOf(field, z.string(error));
    case 'choice':
      return z.enum(field.values as readonly string[], error);
    case 'literal':
      return z.literal([...field.values], error);
    case 'object':
      return objectOf(field.shape, field.open, field.expected);
    case 'list': {
      const { min, max } = field;
      const all = z.array(zodSchema(field.of), error);
      const some = bounded(all, min, (schema, least) => schema.min(least));
      return bounded(some, max, (schema, most) => schema.max(most));
    }
    case 'record':
      return z.record(z.string(), zodSchema(field.of), error);
    case 'either':
      return z.union(field.of.map(zodSchema), error);
    case 'optional':
      return zodSchema(field.of).optional();
  }
}

function bounded<S>(schema: S, bound: number | undefined, apply: (schema: S, bound: number) => S): S {
  return bound === undefined ? schema : apply(schema, bound);
}

function textOf({ min, max, pattern }: Field & { kind: 'text' }, text: z.ZodString): z.ZodType {
  const formed = pattern === undefined ? text : text.regex(pattern);
  const short = bounded(formed, max, (schema, most) => schema.max(most));
  return bounded(short, min, (schema, least) => schema.min(least));
}

function objectOf(fields: Shape, open: boolean, expected: string): z.ZodType {
  const shape = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, zodSchema(field)]));
  if (open) return z.object(shape, { error: expected });
  const known = Object.keys(shape).join(',');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected),
  });
}

/** A field as JSON Schema (draft 2020-12), for editors and other programs. */
export function jsonSchema(field: Field): object {
  return z.toJSONSchema(zodSchema(field), {
    io: 'input',
    metadata: notes,
    override({ jsonSchema }) {
      // zod writes the largest safe integer where no maximum is meant.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}
