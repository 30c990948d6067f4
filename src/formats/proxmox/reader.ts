/** Reads Proxmox VE: /etc/pve/qemu-server/ID.conf. */

import { takeNotes } from '../notes.ts';
import { collectMachine } from '../qemu/collect.ts';
import { describeQemu } from '../qemu/machine.ts';
import type { Reader } from '../reader.ts';
import { versionOf } from '../stack.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { looksLikeConfig, parseConfig } from './config.ts';
import { configOptions } from './options.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** QEMU of Proxmox VE 9, newer than the one taken elsewhere. */
const QEMU = '10.1';

export const proxmox: Reader = {
  name: 'proxmox',
  recognises: (bytes) => looksLikeConfig(new TextDecoder().decode(bytes.subarray(0, HEAD))),
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      const versions = { qemu: QEMU, ...stack };
      const notes = takeNotes(`Proxmox VE ${versionOf(stack, 'proxmox').text}`);
      if (stack.qemu === undefined) notes.assume(`it runs QEMU ${QEMU}`);
      const config = parseConfig(text, place);
      if (config.get('template')?.value === '1')
        notes.assume('a template is shown as the machine made of it');
      const options = configOptions(config, versionOf(versions, 'qemu'), place, notes);
      return [describeQemu(collectMachine(options, false), versions, notes)];
    });
  },
};
