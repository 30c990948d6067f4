/** Reads QEMU: command lines (scripts, libvirt logs, /proc/PID/cmdline) and files for -readconfig. */
import type { Location } from '../../machine/machine.ts';
import type { Reader } from '../reader.ts';
import { runsProgram, splitCommands, type Word } from '../text/shell.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';
import { collectMachine } from './collect.ts';
import type { QemuMachine } from './facts.ts';
import { lastStart } from './log.ts';
import { describeQemu } from './machine.ts';
import { parseArguments } from './option.ts';
import { looksLikeReadconfig, parseReadconfig } from './readconfig.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** Linux takes less on a command line. */
const MAX_COMMAND = 2 ** 20;

/** True for the names of QEMU's x86 programs. */
function isQemu(name: string): boolean {
  return /^(?:qemu(?:-lite)?-system-(?:x86_64|i386)[\w.-]*|qemu-kvm|kvm|kvm-spice)$/.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const qemu: Reader = {
  name: 'qemu',
  recognises: (bytes) =>
    runsProgram(bytes, isQemu) || looksLikeReadconfig(new TextDecoder().decode(bytes.subarray(0, HEAD))),
  async read({ bytes, file, stack }) {
    const decoded = new TextDecoder().decode(bytes);
    const text = cleanText(decoded.replaceAll('\0', '\n'), file);
    const place = textPositions(text, file);
    if (looksLikeReadconfig(text)) {
      return parsed(text, file, () => [
        describeQemu(collectMachine(parseReadconfig(text, place), false), stack),
      ]);
    }
    const log = lastStart(text);
    const offset = log?.offset ?? 0;
    const command = log?.text ?? (decoded.includes('\0') ? decoded : text);
    const machines = await parsed(text, file, () => {
      if (command.length > MAX_COMMAND) throw new TextError(0, 'the command line is longer than 1 MiB');
      return commandMachines(movedBy(splitCommands(command), offset), place);
    });
    return machines.map((machine) => describeQemu(machine, { ...log?.stack, ...stack }));
  },
};

/** Words of a part of a text, with offsets in the whole. */
function movedBy(commands: readonly (readonly Word[])[], offset: number): readonly (readonly Word[])[] {
  if (offset === 0) return commands;
  return commands.map((words) => words.map(({ text, at }) => ({ text, at: (index) => offset + at(index) })));
}

/** A command that runs QEMU. */
export interface QemuCommand {
  readonly program: Word;
  /** Behind the program. */
  readonly words: readonly Word[];
}

/** The commands that run QEMU. */
export function qemuCommands(commands: readonly (readonly Word[])[]): readonly QemuCommand[] {
  return commands.flatMap((words) => {
    const program = words.findIndex(({ text }) => isQemu(baseName(text)));
    return program < 0 ? [] : [{ program: words[program], words: words.slice(program + 1) }];
  });
}

/** The machines of the commands that run QEMU, whatever stands before it: variables, a prompt, sudo. */
function commandMachines(
  commands: readonly (readonly Word[])[],
  place: (offset: number) => Location,
): QemuMachine[] {
  const machines = qemuCommands(commands).map(({ program, words }) => {
    const options = parseArguments(words, place);
    return collectMachine(options, baseName(program.text).endsWith('kvm'));
  });
  if (machines.length === 0) throw new TextError(0, 'no QEMU command is found');
  return machines;
}
