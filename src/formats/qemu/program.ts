/** QEMU's programs: by name, and where a text seems to run one. */
import { namesOnly } from '../text/naming-commands.ts';
import type { Word } from '../text/shell.ts';
import { looksLikeUnit } from '../text/systemd-unit.ts';

const NAME = '(?:qemu(?:-lite)?-system-(?:x86_64|i386|amd64)[\\w.-]*|qemu-kvm|kvm|kvm-spice)(?:\\.exe)?';
const WHOLE = new RegExp(`^${NAME}$`, 'i');
/** In `$(which …)`, or in a variable's name. */
const HINTED = /qemu-system-(?:x86_64|i386)|qemu-kvm|^["']?\$\{?\w*(?:qemu|kvm)\w*\}?["']?$/i;

/** The last part of a path of Linux or Windows. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** True for the names of QEMU's x86 programs. */
export function isQemu(name: string): boolean {
  return WHOLE.test(name);
}

const isOption = ({ text }: Word) => /^--?[A-Za-z]/.test(text);

/** Index of the word that runs QEMU, whatever stands before it: variables, prompts, sudo, taskset; -1 for none. */
export function programIndex(words: readonly Word[]): number {
  const index = words.findIndex((word, at) => {
    const name = baseName(word.text);
    // A device file, a group, or the value of another program's option.
    if (isQemu(name))
      return !word.text.startsWith('/dev/') && (at === 0 || !isBareKvm(word.text) || followed(words, at));
    return word.unknowns !== undefined && HINTED.test(word.text) && followed(words, at);
  });
  return namesOnly(words.slice(0, Math.max(0, index))) ? -1 : index;
}

const isBareKvm = (text: string) => /^(?:kvm|qemu-kvm)$/.test(text);

function followed(words: readonly Word[], index: number): boolean {
  const next = words.at(index + 1);
  return next !== undefined && (isOption(next) || next.unknowns !== undefined);
}

const PATH = `(?:[^\\s"'=<>|;]*[/\\\\])?`;
/** A program with an option behind it, anywhere in a line. */
const WITH_OPTION = new RegExp(
  `(?:^|[\\s"'\`;&|(=])${PATH}${NAME}["']?(?:[ \\t\\0]+(?:--?[A-Za-z]|["']?[$%]|\\\\|\\^)|[ \\t]*\\^?\\r?$)`,
  'i',
);
/** A program at the start of a line, behind what may stand there. */
const AT_START = new RegExp(
  `^\\s*(?:ExecStart=[-@:+!|]*|[-@+]+)?(?:(?:\\$|sudo|exec|nohup|time|env|@|\\w+=\\S*)\\s+)*["']?${PATH}${NAME}["']?(?=[\\s\\0]|$)`,
  'i',
);
const FROM_VARIABLE =
  /^\s*(?:(?:sudo|exec|eval)\s+)*["']?\$[{(]?\w*(?:QEMU|KVM)\w*(?:[)}]|:?-[^}\n]*\})?["']?(?:\s|$)/i;
const SETS_PROGRAM = new RegExp(
  `^\\s*(?:export\\s+|set\\s+)?\\w+=["'(]*(?:[^\\s"'=]*/)?${NAME}(?=[\\s"')\\\\]|$)`,
  'i',
);

/** In all that runs QEMU; quicker to look for than the patterns above are to compile. */
const NAMED = /qemu|kvm/i;

const DESCRIBES = /^(?:platform|topology|cpus|extDestId|firmware|cores|sockets|ostype):(?:\s|$)/m;

/** "# qemu-system-x86_64 -smp 4" is a comment here: in a script, or a configuration. Elsewhere "#" may be root's prompt. */
export const hasComments = (text: string): boolean => text.startsWith('#!') || DESCRIBES.test(text);

const NO_COMMAND = /^\s*(?:#(?!\s+\S*(?:qemu|kvm)\S*\s+-)|\/\/|<|")(?!.*\.exe")/;
const NO_COMMAND_NOR_PROMPT = /^\s*(?:#|\/\/|<|")(?!.*\.exe")/;

/** True if a line of a text seems to run QEMU; for `Reader.recognises`, so it never throws. */
export function mentionsQemu(head: string): boolean {
  if (/^\s*[<{[](?![^\n]*[#$])/.test(head) && !looksLikeUnit(head)) return false;
  if (!NAMED.test(head)) return false;
  const isNone = hasComments(head) ? NO_COMMAND_NOR_PROMPT : NO_COMMAND;
  return head.split('\n').some((line) => {
    if (!NAMED.test(line) || isNone.test(line) || /^\s*[\w-]+:(?:\s|$)(?!.*[#$]\s)/.test(line)) return false;
    return (
      AT_START.test(line) || WITH_OPTION.test(line) || FROM_VARIABLE.test(line) || SETS_PROGRAM.test(line)
    );
  });
}
