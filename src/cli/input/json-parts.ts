/** Kubernetes objects in JSON: the items of lists as kubectl prints them, and objects one behind the other. */
import { append } from '../../lib/append.ts';
import { LIMITS } from '../../machine/limits.ts';
import { isKept, type Part, type Splitter } from './part.ts';

const [QUOTE, BACKSLASH, NEWLINE, LIST] = [0x22, 0x5c, 0x0a, 0x5b];
const OPEN: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSE: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, NEWLINE, 0xef, 0xbb, 0xbf]);
/** The key of a list that holds its objects. */
const ITEMS = 'items';
/** Depth at which the objects of a list open. */
const ITEM_DEPTH = 2;

interface Begun {
  readonly line: number;
  readonly column: number;
  /** Of the brackets around it. */
  readonly depth: number;
  parts: Buffer[];
  length: number;
}

/** The objects of a text that comes byte by byte. */
class JsonBytes {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  #column = 0;
  #number = 0;
  /** The last text at depth 1: a key, or the value of one. */
  #word = '';
  #isInItems = false;
  #isBehindItems = false;
  #begun: Begun | undefined;

  /** The parts that end in this piece. */
  push(bytes: Buffer): readonly Part[] {
    const parts: Part[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      // Columns count as editors and JavaScript count characters.
      if ((byte & 0xc0) !== 0x80) this.#column += byte >= 0xf0 ? 2 : 1;
      if (this.#inString) {
        this.#inText(byte);
        continue;
      }
      const before = this.#begun;
      if (this.#token(byte)) {
        this.#keep(bytes.subarray(from, at + 1));
        append(parts, this.#finish(true));
      } else if (this.#begun !== before) from = at;
    }
    this.#keep(bytes.subarray(from));
    return parts;
  }

  end(): readonly Part[] {
    // A list that is cut off between two objects lacks the rest, too.
    if (this.#depth > 0 && !this.#begun) {
      // Its place is behind the last byte.
      this.#column++;
      this.#begin();
    }
    return this.#finish(this.#depth === 0);
  }

  /** Takes a byte that is in no text; true if what has begun ends with it. */
  #token(byte: number): boolean {
    if (OPEN.has(byte)) this.#open(byte);
    else if (CLOSE.has(byte) && this.#depth > 0) return this.#close();
    else if (byte === QUOTE && this.#depth > 0) {
      this.#inString = true;
      if (this.#depth === 1) this.#word = '';
    } else if (byte === NEWLINE) {
      this.#line++;
      this.#column = 0;
      // What is no object ends with its line.
      return this.#depth === 0 && this.#begun !== undefined;
    } else if (this.#depth === 0 && !this.#begun && !BLANK.has(byte)) this.#begin();
    return false;
  }

  #inText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    if (this.#inString && this.#depth === 1 && this.#word.length <= ITEMS.length)
      this.#word += String.fromCharCode(byte);
  }

  #open(byte: number): void {
    if (byte === LIST && this.#depth === 1 && this.#word === ITEMS && !this.#isBehindItems) {
      // The head of a list is no object of its own.
      this.#begun = undefined;
      this.#isInItems = true;
      this.#number = 0;
    }
    const isObject = this.#depth === 0 || (this.#isInItems && this.#depth === ITEM_DEPTH);
    if (isObject && !this.#begun) this.#begin();
    this.#depth++;
  }

  /** True if what has begun ends here. */
  #close(): boolean {
    this.#depth--;
    if (this.#isInItems && this.#depth === ITEM_DEPTH - 1) {
      this.#isInItems = false;
      this.#isBehindItems = true;
    }
    if (this.#depth === 0) this.#isBehindItems = false;
    return this.#begun !== undefined && this.#depth === this.#begun.depth;
  }

  #begin(): void {
    this.#begun = { line: this.#line, column: this.#column, depth: this.#depth, parts: [], length: 0 };
  }

  #keep(bytes: Buffer): void {
    const begun = this.#begun;
    if (!begun) return;
    begun.length += bytes.length;
    if (begun.length > LIMITS.textBytes) begun.parts = [];
    else begun.parts.push(Buffer.from(bytes));
  }

  #finish(isWhole: boolean): readonly Part[] {
    if (!this.#begun) return [];
    const { line, column, parts, length } = this.#begun;
    this.#begun = undefined;
    const fits = isWhole && length <= LIMITS.textBytes;
    const part = { number: this.#number++, line, column, bytes: fits ? Buffer.concat(parts) : null };
    return isGuest(part) ? [part] : [];
  }
}

/** Splits what comes in pieces. What is neither object nor list is a part of its own, to be refused. */
export function jsonSplitter(): Splitter {
  const bytes = new JsonBytes();
  return { push: (piece) => bytes.push(piece), end: () => bytes.end() };
}

/** The kind of an object whose keys are in order, as kubectl prints them: it need not be parsed for that. */
const KIND_FIRST = /^\{\s*"apiVersion"\s*:\s*"[^"]*"\s*,\s*"kind"\s*:\s*"([^"]*)"/;

/** What is no guest is left out: a cluster holds anything. What is no JSON stays, to be told. */
function isGuest({ bytes }: Part): boolean {
  if (!bytes) return true;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  const first = KIND_FIRST.exec(text)?.[1];
  if (first !== undefined) return isKept(first);
  try {
    const kind = (JSON.parse(Buffer.from(bytes).toString('utf8')) as { kind?: unknown } | null)?.kind;
    return typeof kind === 'string' && isKept(kind);
  } catch {
    return true;
  }
}
