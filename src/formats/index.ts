/** Readers and editors, by the name of a format or by what a text looks like. */
import { isKeyOf } from '../lib/lookup.ts';
import type { Editor } from './editor.ts';
import { FORMAT_NAMES, INPUT_FORMATS, type InputFormat } from './formats.ts';
import { native } from './native/reader.ts';
import { PRODUCTS, READERS } from './products.ts';
import { provenEditor } from './proof.ts';
import type { Reader } from './reader.ts';
import { headText } from './text/head.ts';

export { READERS };

/** Bytes that tell what a text is. */
const HEAD = 256 * 1024;

/** A description's key before all but comments, and one that no other format has: whatever its comments and names look like. */
const BEGINS =
  /^(?:\s|#[^\n]*\n|---[ \t]*\n)*(?:\$schema|name|kernel|platform|cmdline|topology|cpus|hpet|extDestId):(?:\s|$)/;
const DESCRIBES = /^(?:platform|topology|cpus|extDestId):(?:\s|$)/m;

function isDescription(bytes: Uint8Array): boolean {
  const head = headText(bytes, HEAD);
  return BEGINS.test(head) && DESCRIBES.test(head);
}

/** The reader for this content. */
export function recognise(bytes: Uint8Array, file: string): Reader {
  if (isDescription(bytes)) return native;
  return READERS.find((reader) => reader.recognises(bytes, file)) ?? native;
}

/** The reader of this name. Throws RangeError, with the names there are, for any other. */
export function readerNamed(name: string): Reader {
  if (isFormat(name)) return PRODUCTS[name].reader;
  throw new RangeError(`no such kind; one of ${FORMAT_NAMES.join(', ')}`);
}

const isFormat = (name: string): name is InputFormat => isKeyOf(INPUT_FORMATS, name);

/** The editor of a format; undefined for those that are only read, and for other names. */
export function editorOf(name: string): Editor | undefined {
  if (!isFormat(name)) return undefined;
  const { reader, editor } = PRODUCTS[name];
  return typeof editor === 'function' ? provenEditor(reader, editor) : undefined;
}

/** Why nothing is written into texts of a format, as a clause; undefined where something is, and for other names. */
export function whyNotEdited(name: string): string | undefined {
  const editor = isFormat(name) ? PRODUCTS[name].editor : undefined;
  return typeof editor === 'object' ? editor.none : undefined;
}
