/**
 * Kubernetes objects in YAML: documents, and the items of a List as kubectl prints it. Lines decide: "---" at the
 * beginning of a line is never inside a value, and neither is "- " at the indentation of the list.
 */
import { append } from '../../lib/append.ts';
import { LIMITS } from '../../machine/limits.ts';
import { isKept, type Part, type Splitter } from './part.ts';

const NEWLINE = 0x0a;
/** Lines that no object begins with: comments and directives. */
const EMPTY = /^(?:\s*(?:#.*)?|%.*)$/;
const END = /^\.\.\.(?:\s|$)/;
const START = /^---(?:\s|$)/;
/** A comment that may suppress findings. */
const FOR_IRQSIM = /^\s*#\s*irqsim\b/i;
const ITEMS = /^["']?items["']?:\s*(?:#.*)?$/;
/** Characters of a line that are looked at. */
const LOOKED_AT = 512;

/** The lines of one object that has begun. */
interface Begun {
  readonly line: number;
  /** Indentation of its keys; undefined until the first is there. */
  indent: number | undefined;
  kind: string | undefined;
  lines: Buffer[] | null;
  length: number;
}

/** The kind that a line says, if it stands at the indentation of the object's keys or in its flow form. */
function kindIn(text: string, indent: number): string | undefined {
  const block = /^(\s*)["']?kind["']?\s*:\s*["']?(\w+)/.exec(text);
  if (block && block[1].length === indent) return block[2];
  const flow = /^\s*(?:---\s+)?\{.*?["']?\bkind["']?\s*:\s*["']?(\w+)/.exec(text);
  return flow?.[1];
}

/** The objects of a text that comes line by line. */
class YamlLines {
  #number = 0;
  #begun: Begun | undefined;
  /** Indentation of the list of items that the document is in; undefined: in none. */
  #list: number | undefined;
  #isInItems = false;
  #isBehindItems = false;
  /** Comments above what begins next, from the first that is for irqsim. */
  #above: { readonly line: number; readonly lines: Buffer[] } | undefined;

  /** Takes a line with its end; gives the objects that end before it. */
  line(bytes: Buffer, number: number): readonly Part[] {
    const text = bytes.toString('latin1', 0, LOOKED_AT).replace(/\r?\n$/, '');
    if (START.test(text) || END.test(text)) {
      // Comments at the end of a document are above nothing.
      if (this.#begun || this.#isInItems) this.#above = undefined;
      const parts = this.#finish();
      this.#isInItems = false;
      this.#isBehindItems = false;
      if (START.test(text)) this.#begin(bytes, text, number);
      return parts;
    }
    // What is left of a list's document holds no guest of its own.
    if (this.#isBehindItems) return [];
    if (this.#isAbove(text)) {
      this.#above ??= { line: number, lines: [] };
      this.#above.lines.push(bytes);
      return [];
    }
    if (this.#isInItems && !EMPTY.test(text)) {
      const indent = text.search(/\S/);
      this.#list ??= text[indent] === '-' ? indent : undefined;
      if (indent === this.#list && /^\s*-(?:\s|$)/.test(text)) return this.#item(bytes, number, indent);
      if (this.#list === undefined || indent <= this.#list) {
        this.#isInItems = false;
        this.#isBehindItems = true;
        return this.#finish();
      }
    }
    if (!this.#isInItems && ITEMS.test(text)) {
      const parts = this.#headOfList();
      this.#begun = undefined;
      this.#isInItems = true;
      this.#list = undefined;
      return parts;
    }
    if (this.#begun) this.#add(bytes, text);
    else if (!this.#isInItems && !EMPTY.test(text)) this.#begin(bytes, text, number);
    return [];
  }

  end(): readonly Part[] {
    return this.#finish();
  }

  /** Whether a line stands above what begins next: no line inside a value is indented as little as the list. */
  #isAbove(text: string): boolean {
    if (!EMPTY.test(text) || !(this.#above || FOR_IRQSIM.test(text))) return false;
    if (!this.#begun) return true;
    return (
      this.#isInItems &&
      (text.trim() === '' ? this.#above !== undefined : text.search(/\S/) <= (this.#list ?? -1))
    );
  }

  /** Items are read one by one, and nobody knows how many follow: what is said of all of them is refused. */
  #headOfList(): readonly Part[] {
    const lines = this.#begun?.lines ?? [];
    const at = lines.findIndex((line) => FOR_IRQSIM.test(line.toString('latin1', 0, LOOKED_AT)));
    if (at < 0 || !this.#begun) return [];
    const problem =
      'a comment for irqsim at the head of a list that is read item by item: write it above each item';
    return [{ number: this.#number++, line: this.#begun.line + at, column: 1, bytes: null, problem }];
  }

  /** An item: the blank in place of "-" keeps the columns. */
  #item(bytes: Buffer, number: number, indent: number): readonly Part[] {
    const parts = this.#finish();
    const blanked = Buffer.from(bytes);
    blanked[indent] = 0x20;
    this.#begin(blanked, blanked.toString('latin1', 0, LOOKED_AT), number);
    return parts;
  }

  #begin(bytes: Buffer, text: string, line: number): void {
    const above = this.#above;
    this.#above = undefined;
    this.#begun = { line: above?.line ?? line, indent: undefined, kind: undefined, lines: [], length: 0 };
    for (const one of above?.lines ?? []) this.#add(one, '');
    this.#add(bytes, text);
  }

  #add(bytes: Buffer, text: string): void {
    const begun = this.#begun as Begun;
    begun.length += bytes.length;
    if (begun.length > LIMITS.textBytes) begun.lines = null;
    else begun.lines?.push(bytes);
    if (begun.kind !== undefined || EMPTY.test(text)) return;
    if (begun.indent === undefined && !/^---\s*(?:#.*)?$/.test(text)) begun.indent = text.search(/\S/);
    begun.kind = kindIn(text, begun.indent ?? 0);
  }

  #finish(): readonly Part[] {
    const begun = this.#begun;
    this.#begun = undefined;
    if (!begun) return [];
    const { line, indent, kind, lines } = begun;
    if (indent === undefined) return [];
    const number = this.#number++;
    if (kind !== undefined && !isKept(kind)) return [];
    const part = { number, line, column: 1, bytes: lines && Buffer.concat(lines) };
    return [kind === undefined ? { ...part, isUnsure: true } : part];
  }
}

/** Splits documents that come in pieces. */
export function yamlSplitter(): Splitter {
  const lines = new YamlLines();
  let rest: Buffer[] = [];
  let number = 0;
  return {
    push(bytes) {
      const parts: Part[] = [];
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        const line = bytes.subarray(from, to + 1);
        append(parts, lines.line(rest.length === 0 ? line : Buffer.concat([...rest, line]), ++number));
        rest = [];
        from = to + 1;
      }
      // What stays is kept longer than the piece that it came in.
      if (from < bytes.length) rest.push(Buffer.from(bytes.subarray(from)));
      return parts;
    },
    end() {
      const last = Buffer.concat(rest);
      const parts = last.length > 0 ? [...lines.line(last, ++number)] : [];
      return [...parts, ...lines.end()];
    },
  };
}
