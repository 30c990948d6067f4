/** Comments of XML: what looks like one inside CDATA is none. */
import { beginsLine, type Comment, type Draft, draftOf, lineAt, MAX_COMMENTS } from './comment.ts';

const OPEN = '<!--';
const CLOSE = '-->';

/** What is passed over whole, by its beginning and its end; the first are comments. */
const WHOLE: readonly (readonly [begin: string, end: string])[] = [
  [OPEN, CLOSE],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];
const TAG = /<(\/?)([A-Za-z_][\w:.-]*)(?:\s(?:"[^"]*"|'[^']*'|[^<>"'])*)?>/y;

interface Token {
  readonly start: number;
  readonly end: number;
  /** Of a tag; undefined: a comment. */
  readonly name?: string;
  readonly closes?: boolean;
}

/** The comments and tags of a text, in order. */
function* tokensOf(text: string): Generator<Token> {
  /** Beginnings whose end is not in the text: each is looked for once. */
  const endless = new Set<string>();
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', start)) {
    const whole = WHOLE.find(([begin]) => !endless.has(begin) && text.startsWith(begin, start));
    const close = whole ? text.indexOf(whole[1], start + whole[0].length) : -1;
    if (whole && close < 0) endless.add(whole[0]);
    TAG.lastIndex = start;
    const tag = close < 0 ? TAG.exec(text) : null;
    const end = whole && close >= 0 ? close + whole[1].length : start + (tag?.[0].length ?? 1);
    if (tag) yield { start, end, name: tag[2], closes: tag[1] === '/' };
    else if (close >= 0 && whole?.[0] === OPEN) yield { start, end };
    start = end;
  }
}

interface OpenElement {
  readonly name: string;
  readonly start: number;
  /** Comments that are about it. */
  readonly comments: readonly Draft[];
}

/** Ends an element, and those inside it that nobody ended. */
function close(stack: OpenElement[], name: string, end: number): void {
  const from = stack.findLastIndex((one) => one.name === name);
  if (from < 0) return;
  for (const { start, comments } of stack.splice(from))
    for (const comment of comments) comment.about = { start, end };
}

/** Nothing but the root element is about all of the document, so that no comment needs to be at its head. */
export async function xmlComments(text: string): Promise<readonly Comment[]> {
  const found: Draft[] = [];
  const stack: OpenElement[] = [];
  let waiting: Draft[] = [];
  for (const { start, end, name, closes } of tokensOf(text)) {
    if (name === undefined) {
      const comment = draftOf(text, start + OPEN.length, end - CLOSE.length);
      if (!comment) continue;
      found.push(comment);
      if (found.length > MAX_COMMENTS) break;
      if (beginsLine(text, start)) waiting.push(comment);
      else comment.about = lineAt(text, start);
      continue;
    }
    if (closes) close(stack, name, end);
    else {
      stack.push({ name, start, comments: waiting });
      if (text.startsWith('/>', end - 2)) close(stack, name, end);
    }
    waiting = [];
  }
  for (const { start, comments } of stack)
    for (const comment of comments) comment.about = { start, end: text.length };
  return found;
}
