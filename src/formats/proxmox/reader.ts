/** Reads Proxmox VE: /etc/pve/qemu-server/ID.conf, what `qm config` prints, and `qm create` commands. */
import { wholeLineComments } from '../comments/line-comments.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { takeNotes } from '../notes.ts';
import { collectMachine } from '../qemu/collect.ts';
import { describeQemu } from '../qemu/machine.ts';
import { shippedQemu } from '../qemu/machine-type.ts';
import type { Place } from '../qemu/option.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { headText } from '../text/head.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { readCommands, runsQm } from './commands.ts';
import { type Config, looksLikeConfig, parseConfigs, properties, type Setting } from './config.ts';
import { accountForKeys } from './keys.ts';
import { configOptions, guestOs } from './options.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** QEMU of Proxmox VE 9, newer than the one taken elsewhere. */
const QEMU = '10.1';

export const proxmox: Reader = {
  name: 'proxmox',
  // Comments of a configuration are the notes of the web page, which writes the colon so.
  comments: (text) => (runsQm(text) ? shellComments(text) : wholeLineComments(text.replace(/%3a/gi, ':  '))),
  recognises(bytes) {
    const head = headText(bytes, HEAD);
    return looksLikeConfig(head) || runsQm(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      const machines = runsQm(text)
        ? readCommands(text, place)
        : parseConfigs(text, place).map(({ config, left }) => ({ config, unknown: left }));
      return machines.map(({ config, unknown }) => readMachine(config, unknown, place, stack));
    });
  },
};

function readMachine(config: Config, unknown: readonly Setting[], place: Place, stack: Stack): ReadResult {
  const type = properties(config.get('machine'), 'type').get('type')?.value;
  const runs = stack.qemu ?? shippedQemu(QEMU, type);
  const versions: Stack = runs === undefined ? stack : { ...stack, qemu: runs };
  const notes = takeNotes(`Proxmox VE ${versionOf(stack, 'proxmox').text}`);
  if (stack.qemu === undefined) notes.assume(`it runs QEMU ${versionOf(versions, 'qemu').text}`);
  if (config.get('template')?.value === '1') notes.assume('a template is shown as the machine made of it');
  for (const { value, at } of unknown) notes.notUnderstood(value, at, ['CPUs', 'devices']);
  accountForKeys(config, notes);
  const options = configOptions(config, versionOf(versions, 'qemu'), place, notes);
  const machine = collectMachine(options, false);
  const unread = [...notes.unread, ...machine.unread];
  return describeQemu({ ...machine, unread, guestOs: guestOs(config) ?? machine.guestOs }, versions, notes);
}
