/** Comments of shell scripts: what looks like one inside quotes, expansions or here-documents is none. */
import { beginsLine, type Comment, type Draft, draftOf, lineAt, MAX_COMMENTS, type Span } from './comment.ts';

/** What is passed over whole: escapes (a line that goes on among them), quotes, expansions with braces. */
const WHOLE =
  /\\(?:[ \t]*\r?\n|[\s\S])|\$'(?:[^'\\]|\\[\s\S])*'|'[^']*'|\$\{(?:[^{}'"]|"[^"]*"|'[^']*')*\}|\$#/y;
const DOCUMENT = /<<(-?)[ \t]*(["']?)([A-Za-z_]\w*)\2/y;
const NOT_BEFORE = /[^\s;|&()]/;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Offset behind a text in double quotes, commands inside it included; undefined if it has no end. */
function behindQuote(text: string, open: number): number | undefined {
  const around = ['"'];
  for (let at = open + 1; at < text.length; at++) {
    const sign = text[at];
    if (sign === '\\') at++;
    else if (sign === '$' && text[at + 1] === '(') around.push(text[++at]);
    else if (sign === ')' && around.at(-1) === '(') around.pop();
    else if (sign === '"' && around.at(-1) !== '"') around.push(sign);
    else if (sign === '"') around.pop();
    if (around.length === 0) return at + 1;
  }
  return undefined;
}

/** Offset behind the bodies of here-documents that begin at a line. */
function behindDocuments(text: string, from: number, delimiters: readonly string[]): number {
  let at = from;
  for (const delimiter of delimiters) {
    while (at < text.length) {
      const { start, end } = lineAt(text, at);
      at = end + 1;
      if (text.slice(start, end).trim() === delimiter) break;
    }
  }
  return at;
}

/** A comment, the end of a line outside of quotes, or a sign that is neither; `depth`: open parentheses. */
interface Mark extends Span {
  readonly kind: 'comment' | 'newline' | 'content';
  readonly depth: number;
}

function* marksOf(text: string): Generator<Mark> {
  let depth = 0;
  let documents: string[] = [];
  /** A quote without an end was met: from there on quotes are plain signs. */
  let isOpen = false;
  const behindContent = (at: number): number => {
    if (text[at] === '"' && !isOpen) {
      const behind = behindQuote(text, at);
      isOpen = behind === undefined;
      return behind ?? at + 1;
    }
    const whole = matchAt(WHOLE, text, at);
    if (whole) return at + whole[0].length;
    const document = text[at] === '<' && text[at - 1] !== '<' ? matchAt(DOCUMENT, text, at) : null;
    if (document) documents.push(document[3]);
    return at + (document?.[0].length ?? 1);
  };
  for (let at = 0; at < text.length; ) {
    const sign = text[at];
    if (sign === '\n') {
      const end = behindDocuments(text, at + 1, documents);
      yield { kind: 'newline', depth, start: at, end };
      documents = [];
      at = end;
    } else if (sign === '#' && !NOT_BEFORE.test(text[at - 1] ?? ' ')) {
      const { end } = lineAt(text, at);
      yield { kind: 'comment', depth, start: at, end };
      at = end;
    } else if (/\s/.test(sign)) at++;
    else {
      const before = depth;
      if (sign === '(') depth++;
      if (sign === ')') depth = Math.max(0, depth - 1);
      const end = behindContent(at);
      yield { kind: 'content', depth: before, start: at, end };
      at = end;
    }
  }
}

/** A command is a line with all that continues it: backslashes, quotes, parentheses. */
export async function shellComments(text: string): Promise<readonly Comment[]> {
  const found: Draft[] = [];
  /** Those that wait for what begins next, and those for its end; `depth`: parentheses around them. */
  let waiting: { readonly comment: Draft; readonly depth: number }[] = [];
  const begun: { readonly comment: Draft; readonly depth: number; readonly start: number }[] = [];
  let hasContent = false;
  const finish = (end: number, outside: number): void => {
    for (let last = begun.at(-1); last && last.depth >= outside; last = begun.at(-1)) {
      last.comment.about = { start: last.start, end };
      begun.pop();
    }
  };
  for (const { kind, depth, start, end } of marksOf(text)) {
    if (kind === 'comment') {
      const comment = draftOf(text, start + 1, end);
      if (!comment) continue;
      found.push(comment);
      if (found.length > MAX_COMMENTS) break;
      if (!hasContent) comment.head = { start: 0, end: text.length };
      if (beginsLine(text, start) && depth === 0) comment.isCommand = true;
      if (beginsLine(text, start)) waiting.push({ comment, depth });
      else comment.about = lineAt(text, start);
    } else if (kind === 'newline') finish(start, depth);
    else {
      hasContent = true;
      for (const one of waiting) begun.push({ ...one, start });
      waiting = [];
    }
  }
  finish(text.length, 0);
  return found;
}
