/**
 * Command lines as people keep them: shell scripts with quotes and continued lines, the lines of a log with
 * VAR=value before the program, or the NUL-separated words of /proc/PID/cmdline.
 */
import { headText } from './head.ts';
import { closingQuote } from './json.ts';
import { namesOnly } from './naming-commands.ts';
import { type Piece, type Word, wordOf } from './shell-words.ts';
import { TextError } from './text.ts';

export type { Word } from './shell-words.ts';

// In this order: line break, comment, blanks or continued line, operator, escaped character, plain characters.
const TOKEN = /(\r?\n)|((?<=^|\s)#[^\n]*)|([ \t\r\f\v]+|\\\r?\n)|([;|&<>]+)|\\([\s\S])|([^\s'"\\;|&<>]+)/y;

/** The commands of a text, each a list of words. Throws `TextError` for a quote that is not closed. */
export function splitCommands(text: string): readonly (readonly Word[])[] {
  if (text.includes('\0')) return [nulSeparated(text)];
  const commands: Word[][] = [[]];
  let word: Piece[] = [];
  const endWord = () => {
    if (word.length > 0) commands[commands.length - 1].push(wordOf(word));
    word = [];
  };
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"' || text[at] === "'") {
      const close = text[at] === '"' ? closingQuote(text, at) : text.indexOf("'", at + 1);
      if (close < 0) throw new TextError(at, 'the quote has no end');
      const inside = text.slice(at + 1, close);
      if (text[at] === '"') addDoubleQuoted(inside, at + 1, word);
      else word.push({ text: inside, offset: at + 1 });
      at = close + 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (!token) throw new TextError(at, 'nothing follows the backslash');
    const [whole, line, , , operator, escaped, plain] = token;
    if (plain !== undefined) word.push({ text: plain, offset: at });
    else if (escaped !== undefined) word.push({ text: escaped, offset: at + 1 });
    else endWord();
    if ((line ?? operator) !== undefined && commands[commands.length - 1].length > 0) commands.push([]);
    at += whole.length;
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

/** Inside double quotes a backslash escapes only what would be special there. */
function addDoubleQuoted(text: string, offset: number, word: Piece[]): void {
  let at = 0;
  for (const match of text.matchAll(/\\(\r?\n|["\\$`])/g)) {
    word.push({ text: text.slice(at, match.index), offset: offset + at });
    if (!match[1].endsWith('\n')) word.push({ text: match[1], offset: offset + match.index + 1 });
    at = match.index + match[0].length;
  }
  word.push({ text: text.slice(at), offset: offset + at });
}

/** The words of /proc/PID/cmdline. */
export function nulSeparated(text: string): Word[] {
  const words: Word[] = [];
  let offset = 0;
  for (const part of text.replace(/\0+$/, '').split('\0')) {
    const start = offset;
    words.push({ text: part, at: (index) => start + index });
    offset += part.length + 1;
  }
  return words;
}

/** The words inside a text that is a part of another: `at` gives the place there of an offset in it. */
export const wordsIn = (text: string, at: Word['at']): Word[] =>
  splitCommands(text)
    .flat()
    .map((word) => ({ text: word.text, at: (index) => at(word.at(index)) }));

/**
 * The arguments of each command that runs a program with this name, whatever stands before it: variables, a prompt, sudo.
 * What only asks for its version or help is none.
 */
export function runsOf(
  commands: readonly (readonly Word[])[],
  isProgram: (name: string) => boolean,
): readonly (readonly Word[])[] {
  return commands.flatMap((words) => {
    const index = words.findIndex(({ text }) => isProgram(text.slice(text.lastIndexOf('/') + 1)));
    if (index < 0 || namesOnly(words.slice(0, index))) return [];
    const args = words.slice(index + 1);
    const asks = args.length > 0 && args.every(({ text }) => /^(?:-V|-h|--version|--help)$/.test(text));
    return asks ? [] : [args];
  });
}

/** Start of the text in which a command line is looked for when its format is recognised. */
const HEAD = 64 * 1024;

/** True if a command among the first lines runs such a program; for `Reader.recognises`, so it never throws. */
export function runsProgram(bytes: Uint8Array, isProgram: (name: string) => boolean): boolean {
  const head = headText(bytes, HEAD);
  if (/^\s*[<{[]/.test(head)) return false;
  for (const line of head.split('\n')) {
    // Words that may stand before the program.
    const words = line.trim().split(/[\s\0]+/);
    const first = words.findIndex((word) => !/^(\$|#|sudo|exec|nohup|\w+=.*)$/.test(word));
    if (first < 0 || words[0].startsWith('#!')) continue;
    const word = words[first].replace(/^["']|["']$/g, '');
    if (words[0] !== '#' && isProgram(word.slice(word.lastIndexOf('/') + 1))) return true;
  }
  return false;
}
