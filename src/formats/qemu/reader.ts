/** Reads QEMU: command lines (scripts, libvirt logs, /proc/PID/cmdline) and files for -readconfig. */
import type { Location } from '../../machine/machine.ts';
import { unusedText } from '../defines.ts';
import type { Reader, ReadRequest } from '../reader.ts';
import { headText } from '../text/head.ts';
import { cleanText, parsed, TextError, textPositions, within } from '../text/text.ts';
import { unreadWords } from './account.ts';
import { collectMachine } from './collect.ts';
import { type QemuCommand, qemuCommands } from './commands.ts';
import { qemuComments } from './comments.ts';
import { addsNetwork } from './default-devices.ts';
import type { QemuMachine } from './facts.ts';
import { lastStarts } from './log.ts';
import { describeQemu } from './machine.ts';
import { parseOptions } from './option.ts';
import { baseName, mentionsQemu } from './program.ts';
import { looksLikeReadconfig, parseReadconfig } from './readconfig.ts';
import { commandWords } from './words.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** Linux takes less on a command line. */
const MAX_COMMAND = 2 ** 20;

export const qemu: Reader = {
  name: 'qemu',
  comments: qemuComments,
  usesDefines: true,
  recognises(bytes) {
    const head = headText(bytes, HEAD);
    return looksLikeReadconfig(head) || mentionsQemu(head);
  },
  async read(request) {
    const { bytes, file, stack } = request;
    const decoded = new TextDecoder().decode(bytes);
    const text = cleanText(decoded.replaceAll('\0', '\n'), file);
    const place = textPositions(text, file);
    if (looksLikeReadconfig(text)) {
      return parsed(text, file, () => [
        describeQemu(collectMachine(parseReadconfig(text, place), false), stack),
      ]);
    }
    const logs = lastStarts(text);
    const whole = { text: decoded.includes('\0') ? decoded : text, offset: 0, stack: {} };
    return parsed(text, file, () =>
      (logs.length > 0 ? logs : [whole]).flatMap(({ text: command, offset, stack: named }) => {
        if (command.length > MAX_COMMAND)
          throw new TextError(offset, 'the command line is longer than 1 MiB');
        const machines = within(offset, () => commandMachines(command, (at) => place(offset + at), request));
        return machines.map((machine) => describeQemu(machine, { ...named, ...stack }));
      }),
    );
  },
};

const JOINED =
  'lines that begin with an option are taken for arguments, though nothing continues the line before';

/** The machines of the commands that run QEMU. */
function commandMachines(
  text: string,
  place: (offset: number) => Location,
  { defines }: ReadRequest,
): QemuMachine[] {
  const { commands, defaults, unused, sourced } = qemuCommands(text, defines);
  if (commands.length === 0) throw new TextError(0, 'no QEMU command is found');
  const remarks = [
    ...defaults.map((name) => `${name} is taken to be unset (--define ${name}=VALUE sets it)`),
    ...unused.map(unusedText),
  ];
  const files = sourced.map((word) => ({
    part: word.text,
    mayHold: [],
    remedy: 'give the values that the file sets with --define',
    at: place(word.at(0)),
  }));
  return commands.map((command) => {
    const machine = commandMachine(command, place);
    return {
      ...machine,
      unread: [...files, ...machine.unread],
      remarks: [...machine.remarks, ...remarks, ...(command.isJoined ? [JOINED] : [])],
    };
  });
}

function commandMachine({ program, words }: QemuCommand, place: (offset: number) => Location): QemuMachine {
  const parts = commandWords(words);
  const startedAsKvm = /kvm(?:\.exe)?$/i.test(baseName(program.text));
  const options = parseOptions(parts.options, place);
  const machine = collectMachine(options, startedAsKvm);
  return {
    ...machine,
    additions: { network: addsNetwork(options) },
    unread: [...unreadWords(parts, place), ...machine.unread],
  };
}
