/**
 * A shell script → its commands. Lenient, for what is read may be a pasted terminal or notes: a construct that does
 * not end, ends with the text. Only a quote without an end is an error.
 */
import { append } from '../../lib/append.ts';
import { type Cursor, closingParenthesis, match, skipBlanks, takeWord } from './shell-parts.ts';
import type { Assignment, Command, SimpleCommand, WrittenWord } from './shell-syntax.ts';
import type { Source } from './shell-words.ts';
import { TextError } from './text.ts';

const MAX_NESTING = 60;

interface Parser extends Cursor {
  nesting: number;
  /** Delimiters of here-documents whose bodies follow the line. */
  documents: string[];
}

/** The commands of a script. Throws TextError. */
export function parseScript(source: Source): readonly Command[] {
  const parser: Parser = {
    text: source.text,
    at: 0,
    end: source.text.length,
    depth: 0,
    place: source.at,
    nesting: 0,
    documents: [],
  };
  const commands: Command[] = [];
  while (parser.at < parser.end) {
    append(commands, takeList(parser, []));
    // A word that closes nothing, such as a stray "fi".
    if (parser.at < parser.end && !takeKeyword(parser, /[A-Za-z]+|[)}]|;;/y)) parser.at++;
  }
  return commands;
}

const STOPS = /(?:then|elif|else|fi|do|done|esac)(?=[\s;)]|$)|\}(?=[\s;)]|$)|;;&?|\)/y;

/** Commands up to a word that belongs to an outer construct, or to one of `own`; it is not taken. */
function takeList(parser: Parser, own: readonly string[]): Command[] {
  if (++parser.nesting > MAX_NESTING)
    throw new TextError(parser.place(parser.at), 'commands are nested too deep');
  const commands: Command[] = [];
  for (;;) {
    skipSeparators(parser, commands);
    if (parser.at >= parser.end) break;
    const stop = match(STOPS, parser.text, parser.at);
    if (stop && (own.includes(stop[0]) || parser.nesting > 1 || /^[)};]/.test(stop[0]))) break;
    const before = parser.at;
    commands.push(takeChain(parser));
    if (parser.at === before) parser.at++;
  }
  parser.nesting--;
  return commands;
}

/** Blanks, line ends, comments and ";". */
function skipSeparators(parser: Parser, commands: Command[]): void {
  for (;;) {
    skipBlanks(parser);
    const found = match(/\n|#[^\n]*|;(?!;)|&(?!&)|\|(?!\|)/y, parser.text, parser.at);
    if (!found || parser.at >= parser.end) return;
    parser.at += found[0].length;
    if (found[0] === '\n') takeDocuments(parser, commands);
  }
}

function takeDocuments(parser: Parser, commands: Command[]): void {
  for (const delimiter of parser.documents.splice(0)) {
    const start = parser.at;
    while (parser.at < parser.end) {
      const newline = parser.text.indexOf('\n', parser.at);
      const end = newline < 0 ? parser.end : newline;
      const line = parser.text.slice(parser.at, end);
      if (line.trim() === delimiter) {
        commands.push({ kind: 'document', body: { start, end: parser.at } });
        parser.at = end;
        break;
      }
      parser.at = Math.min(parser.end, end + 1);
    }
  }
}

function takeKeyword(parser: Parser, keyword: RegExp): boolean {
  const found = match(keyword, parser.text, parser.at);
  if (!found || parser.at + found[0].length > parser.end) return false;
  parser.at += found[0].length;
  return true;
}

function takeChain(parser: Parser): Command {
  const first = takeCommand(parser);
  const rest: { on: '&&' | '||'; command: Command }[] = [];
  for (;;) {
    skipBlanks(parser);
    const connector = match(/&&|\|\|/y, parser.text, parser.at);
    if (!connector || parser.at >= parser.end) break;
    parser.at += 2;
    const documents: Command[] = [];
    skipSeparators(parser, documents);
    if (parser.at >= parser.end) break;
    rest.push({ on: connector[0] as '&&' | '||', command: takeCommand(parser) });
  }
  return rest.length === 0 ? first : { kind: 'chain', first, rest };
}

const FUNCTION =
  /(?:function[ \t]+)?([A-Za-z_][\w-]*)[ \t]*\(\)\s*(?=[{(])|function[ \t]+([A-Za-z_][\w-]*)\s*(?=[{(])/y;

function takeCommand(parser: Parser): Command {
  const { text, at } = parser;
  const definition = match(FUNCTION, text, at);
  if (definition) {
    parser.at += definition[0].length;
    return { kind: 'function', name: definition[1] ?? definition[2], body: takeGroup(parser) };
  }
  if (text.startsWith('((', at)) return takeArithmetic(parser);
  if (text[at] === '(' || /^\{\s/.test(text.slice(at, at + 2)))
    return { kind: 'group', body: takeGroup(parser) };
  const keyword = match(/(?:if|while|until|for|case|select)(?=[ \t\n;])/y, text, at)?.[0];
  if (keyword === undefined) return takeSimple(parser);
  parser.at += keyword.length;
  if (keyword === 'if') return takeIf(parser);
  if (keyword === 'case') return takeCase(parser);
  if (keyword === 'for' || keyword === 'select') return takeFor(parser);
  const test = takeList(parser, ['do']);
  return { kind: 'while', test, body: takeBody(parser) };
}

function takeGroup(parser: Parser): Command[] {
  const isRound = parser.text[parser.at] === '(';
  parser.at++;
  if (isRound) parser.depth++;
  const body = takeList(parser, isRound ? [')'] : ['}']);
  if (isRound) parser.depth--;
  takeKeyword(parser, /[)}]/y);
  return body;
}

function takeArithmetic(parser: Parser): Command {
  const close = closingParenthesis(parser.text, parser.at, parser.end);
  const end = close < 0 ? parser.end : close;
  const body = { start: parser.at + 2, end: Math.max(parser.at + 2, end - 1) };
  parser.at = Math.min(parser.end, end + 1);
  return { kind: 'let', body };
}

function textWord(start: number, end: number): WrittenWord {
  return { start, end, parts: [{ kind: 'text', quoted: true, start, end }] };
}

function takeIf(parser: Parser): Command {
  const clauses = [];
  do {
    const test = takeList(parser, ['then']);
    takeKeyword(parser, /then/y);
    clauses.push({ test, body: takeList(parser, ['elif', 'else', 'fi']) });
  } while (takeKeyword(parser, /elif/y));
  const otherwise = takeKeyword(parser, /else/y) ? takeList(parser, ['fi']) : [];
  takeKeyword(parser, /fi/y);
  return { kind: 'if', clauses, otherwise };
}

function takeBody(parser: Parser): Command[] {
  takeKeyword(parser, /do/y);
  const body = takeList(parser, ['done']);
  takeKeyword(parser, /done/y);
  return body;
}

/** `for ((…))` has no list: nobody counts its rounds. */
function takeFor(parser: Parser): Command {
  skipBlanks(parser);
  if (parser.text.startsWith('((', parser.at)) {
    const close = closingParenthesis(parser.text, parser.at, parser.end);
    parser.at = close < 0 ? parser.end : close + 1;
    skipSeparators(parser, []);
    return { kind: 'for', name: '', words: undefined, body: takeBody(parser) };
  }
  const name = match(/[A-Za-z_]\w*/y, parser.text, parser.at)?.[0] ?? '';
  parser.at += name.length;
  skipSeparators(parser, []);
  const words = takeKeyword(parser, /in(?=[\s;])/y) ? takeWords(parser) : undefined;
  skipSeparators(parser, []);
  return { kind: 'for', name, words, body: takeBody(parser) };
}

function takeWords(parser: Parser): WrittenWord[] {
  const words: WrittenWord[] = [];
  for (;;) {
    skipBlanks(parser);
    const word = parser.at < parser.end && parser.text[parser.at] !== '#' ? takeWord(parser) : undefined;
    if (!word) return words;
    words.push(word);
  }
}

function takeCase(parser: Parser): Command {
  skipBlanks(parser);
  const word = takeWord(parser) ?? textWord(parser.at, parser.at);
  skipSeparators(parser, []);
  takeKeyword(parser, /in(?=\s)/y);
  const items = [];
  for (;;) {
    skipSeparators(parser, []);
    if (parser.at >= parser.end || takeKeyword(parser, /esac(?=[\s;)&|]|$)/y)) break;
    const before = parser.at;
    takeKeyword(parser, /\(/y);
    parser.depth++;
    const patterns: WrittenWord[] = [];
    do append(patterns, takeWords(parser));
    while (takeKeyword(parser, /\|/y));
    parser.depth--;
    takeKeyword(parser, /\)/y);
    items.push({ patterns, body: takeList(parser, [';;', 'esac']) });
    takeKeyword(parser, /;;&?/y);
    if (parser.at === before) parser.at++;
  }
  return { kind: 'case', word, items };
}

const ASSIGNED = /([A-Za-z_]\w*)(\+?=)/y;
const REDIRECTION = /\d*(?:<<<|<<-?|>>|[<>]&?|&>>?)-?(?=[^()]|$)/y;

function takeSimple(parser: Parser): SimpleCommand {
  const assignments: Assignment[] = [];
  const words: WrittenWord[] = [];
  for (;;) {
    skipBlanks(parser);
    if (parser.at >= parser.end) break;
    if (takeRedirection(parser)) continue;
    if (parser.text[parser.at] === '#') break;
    const isFirst = words.length === 0 || isDeclaration(parser, words);
    const assignment = isFirst ? match(ASSIGNED, parser.text, parser.at) : null;
    if (assignment) assignments.push(takeAssignment(parser, assignment));
    else {
      const word = takeWord(parser);
      if (!word) break;
      words.push(word);
      if (words.length === 1 && parser.text.slice(word.start, word.end) === '[[')
        takeCondition(parser, words);
    }
  }
  return { kind: 'simple', assignments, words, endsLine: /^[\n#]?$/.test(parser.text.charAt(parser.at)) };
}

/** Behind these, NAME=VALUE is an assignment too. */
function isDeclaration(parser: Parser, words: readonly WrittenWord[]): boolean {
  return /^(?:export|local|declare|readonly|typeset)$/.test(parser.text.slice(words[0].start, words[0].end));
}

function takeAssignment(parser: Parser, found: RegExpExecArray): Assignment {
  const [whole, name, operator] = found;
  const appends = operator === '+=';
  parser.at += whole.length;
  if (parser.text[parser.at] !== '(') return { name, appends, value: takeWord(parser), list: undefined };
  parser.at++;
  parser.depth++;
  const list: WrittenWord[] = [];
  for (;;) {
    append(list, takeWords(parser));
    const found = match(/\n|#[^\n]*/y, parser.text, parser.at);
    if (!found || parser.at >= parser.end) break;
    parser.at += found[0].length;
  }
  parser.depth--;
  takeKeyword(parser, /\)/y);
  return { name, appends, value: undefined, list };
}

/** A redirection with its file; the bodies of here-documents follow the line. */
function takeRedirection(parser: Parser): boolean {
  const found = match(REDIRECTION, parser.text, parser.at);
  if (!found) return false;
  parser.at += found[0].length;
  skipBlanks(parser);
  const word = parser.at < parser.end ? takeWord(parser) : undefined;
  if (word && /^\d*<<-?$/.test(found[0])) {
    parser.documents.push(parser.text.slice(word.start, word.end).replace(/["'\\]/g, ''));
  }
  return true;
}

/** `[[ … ]]`: operators are words there. */
function takeCondition(parser: Parser, words: WrittenWord[]): void {
  for (;;) {
    skipBlanks(parser);
    if (parser.at >= parser.end || parser.text[parser.at] === '\n') return;
    const operator = match(/[&|<>()]+/y, parser.text, parser.at);
    const word = operator ? textWord(parser.at, parser.at + operator[0].length) : takeWord(parser);
    if (!word) return;
    parser.at = word.end;
    words.push(word);
    if (parser.text.slice(word.start, word.end) === ']]') return;
  }
}
