/** What may be written at a place of a description in irqsim's own form: keys, and values where they are known. */
import type { CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import { looseYaml, topKeys } from '../formats/text/yaml-loose.ts';
import { type Typing, typingAt } from '../formats/text/yaml-typing.ts';
import type { Field } from '../machine/fields.ts';
import { inputSchema } from '../machine/schema.ts';
import { type Name, namesAt } from './known-names.ts';
import type { Question } from './protocol.ts';
import { areOurs } from './recognise.ts';
import { bare, fieldAt, fieldTexts } from './schema.ts';
import type { Known } from './text.ts';

/** Property and EnumMember of the protocol. */
const KEY: CompletionItemKind = 10;
const VALUE: CompletionItemKind = 20;
const MARKDOWN: MarkupKind = 'markdown';

/** Keys that name the parts of a mapping, and those that lead to more lines. */
const holdsMore = (field: Field): boolean => ['object', 'list', 'record'].includes(bare(field).kind);

/** The mapping that gets the key: of a list, that of a new entry. */
function mappingAt(field: Field | undefined): { readonly shape: Field; readonly isNew: boolean } | undefined {
  const one = field && bare(field);
  if (!one) return undefined;
  if (one.kind === 'object' || one.kind === 'record') return { shape: one, isNew: false };
  if (one.kind === 'list') {
    const inner = mappingAt(one.of);
    return inner && { ...inner, isNew: true };
  }
  return one.kind === 'either' ? one.of.map(mappingAt).find((found) => found) : undefined;
}

/** Values to choose from. `on` and `off` are what people write for a switch, but for JSON. */
function valuesOf(field: Field, isJson: boolean): readonly string[] {
  const one = bare(field);
  if (one.kind === 'either') return one.of.flatMap((each) => valuesOf(each, isJson));
  if (one.kind === 'list') return valuesOf(one.of, isJson);
  if (one.kind === 'choice') return one.values.map(String);
  if (one.kind !== 'literal') return [];
  const written = one.values.filter((value) =>
    isJson ? typeof value === 'boolean' : value === 'on' || value === 'off',
  );
  return (written.length > 0 ? written : one.values).map(String);
}

/** A text that YAML would take for something else, or JSON does not take, stands in quotes. */
function quoted(text: string, { quote }: Typing, isJson: boolean, isText: boolean): string {
  if (quote !== '') return text + quote;
  return (isJson && isText) || /^[\d.]+$/.test(text) ? `"${text}"` : text;
}

interface Candidate extends Name {
  readonly kind: CompletionItemKind;
  readonly put: string;
}

function keyCandidates(typing: Typing, schema: Field, isJson: boolean): Candidate[] {
  const { path, keys, hasColon, document, quote } = typing;
  const found = mappingAt(fieldAt(schema, path));
  if (!found) return [];
  const { shape, isNew } = found;
  const listed: readonly (Name & { readonly more: boolean })[] =
    shape.kind === 'object'
      ? Object.entries(shape.shape).map(([name, field]) => ({
          name,
          about: fieldTexts(field).join('\n\n'),
          more: holdsMore(field),
        }))
      : namesAt(path, 'key', document).map((one) => ({ ...one, more: false }));
  const lead = isNew && !isJson && quote === '' ? '- ' : '';
  return listed
    .filter(({ name }) => !keys.includes(name))
    .map(({ name, about, more }) => {
      const colon = hasColon ? '' : more && !isJson ? ':' : ': ';
      return { name, about, kind: KEY, put: lead + quoted(name, typing, isJson, true) + colon };
    });
}

function valueCandidates(typing: Typing, field: Field, isJson: boolean): Candidate[] {
  const names = namesAt(typing.path, 'value', typing.document);
  const isSwitch = bare(field).kind === 'literal' || bare(field).kind === 'either';
  const known = valuesOf(field, isJson).map((name) => ({ name, about: '' }));
  const isText = names.length > 0 || !isSwitch;
  return [...names, ...known].map(({ name, about }) => ({
    name,
    about,
    kind: VALUE,
    put: quoted(name, typing, isJson, isText),
  }));
}

function candidates(typing: Typing, schema: Field, isJson: boolean): Candidate[] {
  const { role, path } = typing;
  const field = fieldAt(schema, path);
  if (!field) return [];
  // A word at the beginning of a list's entry is a key where entries are mappings, else a value.
  if (role === 'key' && mappingAt(field)) return keyCandidates(typing, schema, isJson);
  return valueCandidates(typing, field, isJson);
}

/** Whether keys are offered: in a description, and in a text without any yet. */
async function isOpenTo(text: string): Promise<boolean> {
  const [source, ...more] = await looseYaml(text);
  if (more.length > 0) return false;
  if (!source) return text.trim() === '';
  const keys = topKeys(source);
  return keys ? areOurs(keys) : /^\s*[\w-]*\s*$/.test(text);
}

/** What may be written at a place, in the order of the schema. */
export async function completionsAt(
  { open, format, schema, places }: Known,
  { position }: Question<'completions'>,
): Promise<CompletionItem[]> {
  const mark = open.text.startsWith('\ufeff') ? 1 : 0;
  const text = open.text.slice(mark);
  if (!schema && (format !== undefined || !(await isOpenTo(text)))) return [];
  if (!/\.(?:ya?ml|json)$/i.test(open.file)) return [];
  const typing = await typingAt(text, places.document.offsetAt(position) - mark);
  if (!typing) return [];
  // The quote that ends the word is written anew, for a colon comes behind it.
  const end = typing.end + (typing.isClosed ? 1 : 0);
  const range = places.range(typing.start + mark, end + mark);
  const isJson = /^\s*[{[]/.test(text);
  return candidates(typing, schema ?? inputSchema, isJson).map(({ name, about, kind, put }, n) => ({
    label: name,
    kind,
    sortText: String(n).padStart(3, '0'),
    filterText: name,
    textEdit: { range, newText: put },
    ...(about === '' ? {} : { documentation: { kind: MARKDOWN, value: about } }),
  }));
}
