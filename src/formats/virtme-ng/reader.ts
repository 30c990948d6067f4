/** virtme-ng: the commands `vng` and `virtme-run`, which start QEMU on a kernel that was built. */
import { shellComments } from '../comments/shell-comments.ts';
import { withUnused } from '../defines.ts';
import { collectMachine } from '../qemu/collect.ts';
import { describeQemu } from '../qemu/machine.ts';
import type { Place } from '../qemu/option.ts';
import type { Defines, Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { headText } from '../text/head.ts';
import type { Word } from '../text/shell.ts';
import { runScript } from '../text/shell-run.ts';
import { withoutPrompts } from '../text/terminal.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';
import { type VirtmeCommand, virtmeOptions } from './machine.ts';
import { givenWords } from './options.ts';

const PROGRAM = /^(?:\S*\/)?(vng|virtme-ng|virtme-run)$/;

/** Words that may stand before the program. */
const BEFORE = /^(?:sudo|doas|exec|env|time|nohup|timeout|taskset|nice|\d[\w.,-]*|-[\w-]*|\w+=.*)$/s;

/** A line that runs the program with an option, or alone. */
const STARTS =
  /^(?:[^\s#]+[$%#]\s+)?(?:(?:\$|sudo|doas|exec|env|time|nohup|timeout\s+\S+|\w+=\S*)\s+)*(?:[^\s=]*\/)?(?:vng|virtme-ng|virtme-run)(?:\s+["']?(?:-|\$|\\)|\s*$)/m;

/** The commands that start a guest; with virtme-run behind `--qemu-opts` all words are QEMU's. */
function commandsOf(words: readonly (readonly Word[])[]): VirtmeCommand[] {
  return words.flatMap((command) => {
    const index = command.findIndex(({ text }) => PROGRAM.test(text));
    if (index < 0 || !command.slice(0, index).every(({ text }) => BEFORE.test(text))) return [];
    const program = command[index];
    const name = PROGRAM.exec(program.text)?.[1] ?? '';
    const given = givenWords(command.slice(index + 1), name);
    if (given.options.some(({ kind }) => kind === 'without guest')) return [];
    return [{ program, name, words: given }];
  });
}

function describe(
  command: VirtmeCommand,
  place: Place,
  { defines, stack }: { defines: Defines; stack: Stack },
): ReadResult {
  const { options, notes } = virtmeOptions(command, place, defines);
  const machine = collectMachine(options, false);
  return describeQemu({ ...machine, unread: [...notes.unread, ...machine.unread] }, stack, notes);
}

export const virtmeNg: Reader = {
  name: 'virtme-ng',
  comments: shellComments,
  usesDefines: true,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return !/^\s*[<{[]/.test(head) && STARTS.test(head);
  },
  async read({ bytes, file, stack, defines = {} }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      const run = runScript(withoutPrompts(text), defines);
      const commands = commandsOf(run.commands.map(({ words }) => words));
      if (commands.length === 0)
        throw new TextError(0, 'no command of virtme-ng that starts a guest is found');
      return commands.map((command) => {
        const hasCpus = command.words.options.some(({ name }) => name === 'cpus');
        const asked = new Set([...run.asked, ...(hasCpus ? [] : ['nproc'])]);
        return withUnused(describe(command, place, { defines, stack }), defines, asked);
      });
    });
  },
};
