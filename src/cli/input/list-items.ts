/**
 * The guests of a Kubernetes List in JSON, as kubectl prints it, one by one while it is read: memory is that of the
 * largest item, whatever the list holds.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { SPECS } from '../../formats/kubevirt/guest.ts';
import { isKeyOf } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';

/** One object of the list. */
export interface ListItem {
  /** From 0, objects that are no guests included. */
  readonly number: number;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly column: number;
  /** Null: longer than the limit, or cut off by the end of the text. */
  readonly bytes: Uint8Array | null;
}

/** What is looked at to see that a text is a list. */
export const LIST_HEAD = 4096;

/** The keys that kubectl prints before the items: `{"apiVersion": "v1", "items": [`. */
const HEAD =
  /^\ufeff?\s*\{\s*(?:"(?:apiVersion|kind)"\s*:\s*"[^"]*"\s*,\s*|"metadata"\s*:\s*\{[^{}]*\}\s*,\s*)*"items"\s*:\s*\[/;

/** True if a text that begins so is a list. */
export const beginsList = (head: Uint8Array): boolean => HEAD.test(Buffer.from(head).toString('utf8'));

const [QUOTE, BACKSLASH, NEWLINE, LIST] = [0x22, 0x5c, 0x0a, 0x5b];
const OPEN: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSE: ReadonlySet<number> = new Set([0x7d, 0x5d]);
/** Depth at which the objects of the list open. */
const ITEM_DEPTH = 2;

export interface ListSplitter {
  /** The items that end in this piece. */
  readonly push: (bytes: Buffer) => readonly ListItem[];
  /** The item that is not ended, if there is one. */
  readonly end: () => ListItem | undefined;
}

/** Splits a list that comes in pieces. */
export function listSplitter(): ListSplitter {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let column = 0;
  let number = 0;
  /** The first list at depth 1 is that of the items: the head of the text says so. */
  let where: 'before' | 'inside' | 'behind' = 'before';
  let begun: { line: number; column: number; parts: Buffer[]; length: number } | undefined;

  const keep = (bytes: Buffer) => {
    if (!begun) return;
    begun.length += bytes.length;
    if (begun.length > LIMITS.textBytes) begun.parts = [];
    else begun.parts.push(Buffer.from(bytes));
  };
  const finish = (isWhole: boolean): ListItem | undefined => {
    if (!begun) return undefined;
    const { line: at, column: from, parts, length } = begun;
    begun = undefined;
    const fits = isWhole && length <= LIMITS.textBytes;
    return { number: number++, line: at, column: from, bytes: fits ? Buffer.concat(parts) : null };
  };

  return {
    push(bytes) {
      const items: ListItem[] = [];
      let from = 0;
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at];
        // Columns count as editors and JavaScript count characters.
        if ((byte & 0xc0) !== 0x80) column += byte >= 0xf0 ? 2 : 1;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) inString = true;
        else if (byte === NEWLINE) {
          line++;
          column = 0;
        } else if (OPEN.has(byte)) {
          if (depth === 1 && byte === LIST && where === 'before') where = 'inside';
          if (depth++ === ITEM_DEPTH && where === 'inside') {
            begun = { line, column, parts: [], length: 0 };
            from = at;
          }
        } else if (CLOSE.has(byte)) {
          depth--;
          if (depth === 1 && where === 'inside') where = 'behind';
          if (depth !== ITEM_DEPTH) continue;
          keep(bytes.subarray(from, at + 1));
          const item = finish(true);
          if (item && isGuest(item)) items.push(item);
        }
      }
      keep(bytes.subarray(from));
      return items;
    },
    end: () => finish(false),
  };
}

/** The kind of an object whose keys are in order, as kubectl prints them: it need not be parsed for that. */
const KIND_FIRST = /^\{\s*"apiVersion"\s*:\s*"[^"]*"\s*,\s*"kind"\s*:\s*"([^"]*)"/;

/** What is no guest is left out: a list may hold anything. What is no JSON stays, to be told. */
function isGuest({ bytes }: ListItem): boolean {
  if (!bytes) return true;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  const first = KIND_FIRST.exec(text)?.[1];
  if (first !== undefined) return isKeyOf(SPECS, first);
  try {
    const kind = (JSON.parse(Buffer.from(bytes).toString('utf8')) as { kind?: unknown } | null)?.kind;
    return typeof kind === 'string' && isKeyOf(SPECS, kind);
  } catch {
    return true;
  }
}

/** Pieces of a file that is known to be there. */
function* piecesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const read = readSync(file, chunk);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

/** True if a file begins as a list. Throws the system's errors. */
export function isListFile(path: string): boolean {
  for (const piece of piecesOf(path)) return beginsList(piece.subarray(0, LIST_HEAD));
  return false;
}

/** The guests of a file with a list; the last may be one that the end of the file cuts off. */
export function* listItems(path: string): Generator<ListItem> {
  const splitter = listSplitter();
  for (const piece of piecesOf(path)) yield* splitter.push(piece);
  const rest = splitter.end();
  if (rest) yield rest;
}
