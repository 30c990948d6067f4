/** Headers of tar archives: ustar, with GNU's and POSIX's ways to say what does not fit in them. */

import { lookup } from '../../lib/lookup.ts';

export const BLOCK = 512;

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'link' | 'symlink' | 'directory' | 'special';
  /** Bytes of its body. */
  readonly size: number;
  readonly linkname: string;
}

/** What is said of an entry before its header. */
export type Said = Partial<Pick<TarEntry, 'name' | 'linkname' | 'size'>>;

/** Headers that say something of the next one: GNU's long names, and POSIX's attributes of one entry or of all. */
export type Meta = 'longName' | 'longLink' | 'attributes' | 'attributesOfAll';

/** By the flag in the header; all others are files. */
const TYPES = {
  1: 'link',
  2: 'symlink',
  3: 'special',
  4: 'special',
  5: 'directory',
  6: 'special',
} as const satisfies Readonly<Record<string, TarEntry['type']>>;
const METAS = {
  L: 'longName',
  K: 'longLink',
  x: 'attributes',
  g: 'attributesOfAll',
} as const satisfies Readonly<Record<string, Meta>>;

const NAME = { at: 0, bytes: 100 };
const SIZE = { at: 124, bytes: 12 };
const SUM = { at: 148, bytes: 8 };
const TYPE = 156;
const LINK = { at: 157, bytes: 100 };
const MAGIC = { at: 257, bytes: 6 };
const PREFIX = { at: 345, bytes: 155 };

type Place = typeof NAME;

/** A text up to its first zero. */
function textAt(bytes: Buffer, { at, bytes: size }: Place): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? at + size : Math.min(end, at + size));
}

/** Octal digits among blanks, or, marked by the first bit, bytes. */
function numberAt(block: Buffer, { at, bytes: size }: Place): number {
  let value = 0;
  if (block[at] & 0x80) {
    value = block[at] & 0x7f;
    for (let i = at + 1; i < at + size; i++) value = value * 256 + block[i];
    if (!Number.isSafeInteger(value)) throw new Error('TAR number too large');
    return value;
  }
  for (let i = at; i < at + size && block[i] !== 0; i++) {
    if (block[i] === 0x20) continue;
    if (block[i] < 0x30 || block[i] > 0x37) throw new Error('Invalid tar number.');
    value = value * 8 + (block[i] - 0x30);
  }
  return value;
}

/** The sum counts its own place as blanks. */
export function checkSum(block: Buffer): void {
  let sum = SUM.bytes * 0x20;
  for (let i = 0; i < SUM.at; i++) sum += block[i];
  for (let i = SUM.at + SUM.bytes; i < BLOCK; i++) sum += block[i];
  if (sum !== numberAt(block, SUM)) throw new Error('Invalid tar header checksum.');
}

const flagOf = (block: Buffer): string => String.fromCharCode(block[TYPE]);

/** What a header is about, if that is the next one; with the bytes that say it. */
export function metaOf(block: Buffer): { readonly meta: Meta; readonly size: number } | undefined {
  const meta = lookup(METAS, flagOf(block));
  return meta && { meta, size: numberAt(block, SIZE) };
}

/** Records "LENGTH KEY=VALUE\n", of which three keys matter here. */
function attributes(bytes: Buffer): Said {
  const said: { -readonly [K in keyof Said]: Said[K] } = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, blank), 10);
    if (!(length > 0)) break;
    const record = bytes.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    const key = record.slice(0, Math.max(equals, 0));
    const value = record.slice(equals + 1);
    if (key === 'path') said.name = value;
    else if (key === 'linkpath') said.linkname = value;
    else if (key === 'size' && /^\d+$/.test(value) && Number.isSafeInteger(+value)) said.size = +value;
    at += length;
  }
  return said;
}

/** What the body of such a header says. */
export function saidBy(meta: Meta, bytes: Buffer): Said {
  if (meta === 'attributes' || meta === 'attributesOfAll') return attributes(bytes);
  const name = textAt(bytes, { at: 0, bytes: bytes.length });
  return meta === 'longName' ? { name } : { linkname: name };
}

/** The entry of a header, and the bytes of its body in the archive, whatever is made of them. */
export function entryOf(block: Buffer, said: Said): { readonly entry: TarEntry; readonly stored: number } {
  const prefix = textAt(block, MAGIC) === 'ustar' ? textAt(block, PREFIX) : '';
  const ownName = textAt(block, NAME);
  const name = said.name ?? (prefix === '' ? ownName : `${prefix}/${ownName}`);
  const linkname = said.linkname ?? textAt(block, LINK);
  const type = lookup(TYPES, flagOf(block)) ?? 'file';
  const size = said.size ?? numberAt(block, SIZE);
  if (type !== 'file') return { entry: { name, linkname, type, size: 0 }, stored: 0 };
  // Old archives know a directory by its name alone.
  if (name.endsWith('/')) return { entry: { name, linkname, type: 'directory', size: 0 }, stored: size };
  return { entry: { name, linkname, type, size }, stored: size };
}
