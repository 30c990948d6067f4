/** What the schema of a description says of a place in it. */
import type { Field } from '../machine/fields.ts';
import type { Path } from '../machine/locate.ts';
import type { Document } from '../report/document/block.ts';

/** The field itself, whether or not it may be left out. */
export function bare(field: Field): Field {
  return field.kind === 'optional' ? bare(field.of) : field;
}

function inside(field: Field, step: string | number): Field | undefined {
  const one = bare(field);
  if (one.kind === 'either') return one.of.map((each) => inside(each, step)).find((found) => found);
  if (typeof step === 'number') return one.kind === 'list' ? one.of : undefined;
  if (one.kind === 'record') return one.of;
  return one.kind === 'object' && Object.hasOwn(one.shape, step) ? one.shape[step] : undefined;
}

/** The field of the value at a path; undefined where the schema has none. */
export function fieldAt(schema: Field, path: Path): Field | undefined {
  return path.reduce<Field | undefined>((field, step) => field && inside(field, step), schema);
}

/** "off", "the newest": a default as it is written. */
function defaultText(value: unknown): string {
  if (value === true) return 'on';
  if (value === false) return 'off';
  return value === '' ? 'none' : String(value);
}

/** What a key means, what it may hold, and what counts where it is not written. */
export function fieldTexts({ note, expected, ...field }: Field): readonly string[] {
  return [
    ...(note ? [note.description] : []),
    ...(bare({ expected, ...field } as Field).kind === 'record' ? [] : [`Expected: ${expected}.`]),
    ...(note && 'default' in note ? [`Default: ${defaultText(note.default)}.`] : []),
  ];
}

/** The same for people; `key` is the last step of the path. Nothing for a value without a note. */
export function fieldDocument(key: string, field: Field): Document {
  if (!field.note) return [];
  return [
    [
      { kind: 'heading', level: 3, text: { code: key } },
      ...fieldTexts(field).map((text) => ({ kind: 'paragraph', text: { prose: text } }) as const),
    ],
  ];
}
