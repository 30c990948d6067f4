/** What stands around command lines that were pasted: prompts of a terminal, and the columns of ps. */
import type { Word } from './shell-words.ts';

/** "admin@host:~# ", "[root@host ~]# ", "(env) me@host$ "; with "$", "%" or ">" alone too. */
const PROMPT =
  /^[ \t]*(?:\([^()\n]{1,40}\)[ \t]*)?(?:\[?[A-Za-z_][\w.-]*@[\w.-]+[^\n#$%>'"]{0,200}\]?[ \t]?[#$%>]|[\w.~/-]{0,60}[$❯➜]|%|PS [^\n>]{0,200}>|[A-Za-z]:\\[^\n>]{0,200}>)[ \t]+(?=\S)/;

/** "# qemu …": a prompt of root, or a comment; a prompt where the command is one. */
const ROOT_PROMPT = /^[ \t]*(?:[\w.:~/@-]{1,60}[ \t]?)?#[ \t]+(?=\S)/;

/**
 * The text with blanks where prompts stand, so that places stay; ">" in front of a continued line is one too.
 * `isCommand` decides for "# …", which is a comment otherwise.
 */
export function withoutPrompts(text: string, isCommand?: (line: string) => boolean): string {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    const isContinued = index > 0 && /\\[ \t]*\r?$/.test(lines[index - 1]);
    const root = isCommand ? ROOT_PROMPT.exec(line) : null;
    const prompt =
      root && isCommand?.(line.slice(root[0].length))
        ? root
        : isContinued
          ? /^[ \t]*>[ \t]+/.exec(line)
          : PROMPT.exec(line);
    if (prompt) lines[index] = ' '.repeat(prompt[0].length) + line.slice(prompt[0].length);
  }
  return lines.join('\n');
}

/** User, process numbers, then columns of numbers, times and states, then a program with its path. */
const PS_LINE =
  /^[ \t]*(?:[A-Za-z_][\w.+$-]{0,40}[ \t]+)?\d{1,10}[ \t]+(?:[^\s/\\"'=]{1,24}[ \t]+){0,12}?(?:\\_[ \t]+)?(?=\/\S|\[?[a-z][\w.-]*[ \t]+-)/;

/** The command of a line of ps; undefined if it is none. Its words lost their quotes, so blanks alone split them. */
export function psCommand(line: string, offset: number): readonly Word[] | undefined {
  const columns = PS_LINE.exec(line);
  if (!columns) return undefined;
  const words: Word[] = [];
  for (const { 0: text, index } of line.slice(columns[0].length).matchAll(/\S+/g)) {
    const start = offset + columns[0].length + index;
    words.push({ text, at: (at) => start + at });
  }
  return words;
}
