/** Comments of files with a setting a line: "#" at the beginning of a line, or behind a blank outside of quotes. */
import { beginsLine, type Comment, type Draft, draftOf, lineAt, MAX_COMMENTS, type Span } from './comment.ts';

/** Quoted texts, those of several lines included, and comments. */
const TOKENS = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?<=^|\s)#[^\n]*/gm;
const SECTION = /^\s*\[[^\]=,"']*\]\s*(?:#.*)?$/;
const BRACKETS = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[({]|[\])}]/g;

/** Lines of one setting that are looked at. */
const MAX_LINES = 2000;

/** Brackets that a line opens and does not close. */
function opened(line: string): number {
  let depth = 0;
  for (const [token] of line.matchAll(BRACKETS)) {
    if (/^[[({]$/.test(token)) depth++;
    else if (/^[\])}]$/.test(token)) depth--;
  }
  return depth;
}

/** The setting that begins on the line of an offset: a list to its end, a section to the next. */
function settingAt(text: string, offset: number): Span {
  const { start, end: firstEnd } = lineAt(text, offset);
  const first = text.slice(start, firstEnd);
  const isSection = SECTION.test(first);
  let depth = isSection ? 0 : opened(first);
  let end = firstEnd;
  for (let lines = 1; lines < MAX_LINES && (isSection || depth > 0) && end + 1 < text.length; lines++) {
    const next = lineAt(text, end + 1);
    const line = text.slice(next.start, next.end);
    if (isSection && SECTION.test(line)) break;
    depth += opened(line);
    end = next.end;
  }
  return { start, end };
}

/** The setting below a comment; null: nothing but comments follows. */
function settingBelow(text: string, offset: number): Span | null {
  for (let at = lineAt(text, offset).end + 1; at < text.length; ) {
    const { start, end } = lineAt(text, at);
    if (!/^\s*(?:#.*)?$/.test(text.slice(start, end))) return settingAt(text, start);
    at = end + 1;
  }
  return null;
}

/** Comments that have a line for themselves, and with `behind` those that stand behind a setting. */
function commentsIn(text: string, behind: boolean): readonly Comment[] {
  const firstContent = text.search(/^[ \t]*[^#\s]/m);
  const found: Draft[] = [];
  let below: Span | null | undefined;
  for (const { 0: token, index: start } of text.matchAll(TOKENS)) {
    const isAlone = beginsLine(text, start);
    if (!token.startsWith('#') || (!isAlone && !behind)) continue;
    const comment = draftOf(text, start + 1, start + token.length);
    if (!comment) continue;
    // Comments above each other are about the same setting.
    const isBelow = below !== undefined && start < (below?.start ?? text.length);
    if (isAlone && !isBelow) below = settingBelow(text, start);
    comment.about = isAlone ? (below ?? null) : lineAt(text, start);
    if (firstContent < 0 || start < firstContent) comment.head = { start: 0, end: text.length };
    found.push(comment);
    if (found.length > MAX_COMMENTS) break;
  }
  return found;
}

export const lineComments = async (text: string): Promise<readonly Comment[]> => commentsIn(text, true);

/** Where a sign behind a setting is part of its value. */
export const wholeLineComments = async (text: string): Promise<readonly Comment[]> => commentsIn(text, false);
