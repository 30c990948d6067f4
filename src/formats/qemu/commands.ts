/** The commands of a text that run QEMU: scripts, pasted terminals, lines of ps, batch files, /proc/PID/cmdline. */
import { append } from '../../lib/append.ts';
import { looksLikeBatch, runBatch } from '../text/batch.ts';
import { withinBackquotes, withinCommands, withinFences } from '../text/fences.ts';
import { looksLikeMakefile, runMakefile } from '../text/makefile.ts';
import { nulSeparated, type Word } from '../text/shell.ts';
import type { RunCommand } from '../text/shell-result.ts';
import { runScript } from '../text/shell-run.ts';
import { looksLikeUnit, unitAsScript } from '../text/systemd-unit.ts';
import { psCommand, withoutPrompts } from '../text/terminal.ts';
import { TextError } from '../text/text.ts';
import { fullName, optionKind } from './option-names.ts';
import { baseName, hasComments, isQemu, mentionsQemu, programIndex } from './program.ts';

/** A command that runs QEMU. */
export interface QemuCommand {
  readonly program: Word;
  /** Behind the program. */
  readonly words: readonly Word[];
  /** Arguments stood on lines of their own without anything to continue the line. */
  readonly isJoined: boolean;
}

export interface QemuScript {
  readonly commands: readonly QemuCommand[];
  /** Variables that are taken to be unset. */
  readonly defaults: readonly string[];
  /** Names of `--define` that nothing asked for. */
  readonly unused: readonly string[];
  /** Commands that read another file into the script. */
  readonly sourced: readonly Word[];
}

type Defines = Readonly<Record<string, string>>;

/** The commands that run QEMU, in order. Throws TextError for a text that is no script. */
export function qemuCommands(text: string, defines: Defines = {}): QemuScript {
  if (text.includes('\0')) return plainScript([{ words: nulSeparated(text), endsLine: true }]);
  const listed = psLines(text);
  if (listed.length > 0) return plainScript(listed.map((words) => ({ words, endsLine: false })));
  if (looksLikeBatch(text)) return plainScript(runBatch(text, defines));
  if (looksLikeUnit(text)) return scriptOf(unitAsScript(text), defines);
  const fenced = withinFences(text, mentionsQemu);
  if (fenced !== text) return qemuCommands(fenced, defines);
  const script = ofProse(text, defines);
  if (script.commands.length > 0) return script;
  // "# qemu -smp 4": a comment in a script, a prompt of root where nothing else is there.
  const asRoot = hasComments(text)
    ? text
    : withoutPrompts(text, (line) => isQemu(baseName(/^(?:sudo\s+)?(\S+)\s+-/.exec(line)?.[1] ?? '')));
  if (asRoot !== text) return scriptOf(withoutPrompts(asRoot), defines);
  const quoted = withinBackquotes(text, mentionsQemu);
  return quoted === text ? script : scriptOf(quoted, defines);
}

/** A text that is no script as a whole, for it has apostrophes, may hold lines that are. */
function ofProse(text: string, defines: Defines): QemuScript {
  let failure: unknown;
  try {
    const script = scriptOf(withoutPrompts(text), defines);
    if (script.commands.length > 0) return script;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    failure = error;
  }
  const lines = withinCommands(text, mentionsQemu);
  try {
    return scriptOf(withoutPrompts(lines), defines);
  } catch (error) {
    throw failure ?? error;
  }
}

function scriptOf(text: string, defines: Defines): QemuScript {
  const play = looksLikeMakefile(text) ? runMakefile : runScript;
  const { commands, defaults, asked, sourced } = play(text, defines);
  return {
    commands: joined(commands),
    defaults: [...defaults],
    unused: Object.keys(defines).filter((name) => !asked.has(name)),
    sourced,
  };
}

function plainScript(commands: readonly RunCommand[]): QemuScript {
  return { commands: joined(commands), defaults: [], unused: [], sourced: [] };
}

/** The commands of lines of ps that run QEMU. */
function psLines(text: string): (readonly Word[])[] {
  const found: (readonly Word[])[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const words = psCommand(line, offset);
    if (words && isQemu(baseName(words[0].text))) found.push(words);
    offset += line.length + 1;
  }
  return found;
}

/** Commands that run QEMU; lines of options behind one belong to it, though nothing continues the line. */
function joined(commands: readonly RunCommand[]): QemuCommand[] {
  const found: { program: Word; words: Word[]; isJoined: boolean }[] = [];
  let open = false;
  for (const { words, endsLine } of commands) {
    const program = programIndex(words);
    if (program >= 0) {
      const given = [...words.slice(program + 1), ...fromInput(words.slice(0, program))];
      found.push({ program: words[program], words: given, isJoined: false });
      open = endsLine;
      continue;
    }
    const last = found.at(-1);
    if (!open || !last || !continues(last.words, words)) {
      open = false;
      continue;
    }
    append(last.words, words);
    last.isJoined = true;
    open = endsLine;
  }
  return found;
}

/** What `xargs` and the like read and put behind the words that are written. */
function fromInput(before: readonly Word[]): readonly Word[] {
  const word = before.find(({ text }) => /^(?:xargs|parallel)$/.test(baseName(text)));
  if (!word) return [];
  const unknown = { written: `the input of ${baseName(word.text)}`, name: undefined, splits: true };
  return [{ text: unknown.written, at: word.at, unknowns: [unknown] }];
}

/** True for a line that begins with an option, or with the argument that the last one lacks. */
function continues(before: readonly Word[], words: readonly Word[]): boolean {
  if (/^--?[A-Za-z]/.test(words[0]?.text ?? '')) return true;
  const last = /^--?([A-Za-z][\w-]*)$/.exec(before.at(-1)?.text ?? '');
  return last !== null && optionKind(fullName(last[1]))?.takesArgument === true;
}
