/** Reads KubeVirt: objects in YAML or JSON, one report for each guest in the file. */

import { inputError } from '../../machine/locate.ts';
import type { Reader } from '../reader.ts';
import { headText } from '../text/head.ts';
import { cleanText } from '../text/text.ts';
import { kubevirtComments } from './comments.ts';
import { ownWords, readObjects } from './documents.ts';
import { describeGuest } from './domain.ts';
import { guestsOf } from './guest.ts';
import { objectsIn } from './template.ts';

const API = /(?:^|[\s{,"'-])apiVersion["']?\s*:\s*["']?(?:[\w.-]*\.)?kubevirt\.io\//m;

export const kubevirt: Reader = {
  name: 'kubevirt',
  comments: kubevirtComments,
  recognises(bytes) {
    const head = headText(bytes, 256 * 1024);
    return API.test(head) && API.test(ownWords(head));
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const objects = (await readObjects(text, file)).flatMap((raw) => objectsIn(raw, file));
    const guests = guestsOf(objects);
    if (guests.length > 0) return guests.map((guest) => describeGuest(guest, stack));
    throw inputError(file, 'no VirtualMachine or VirtualMachineInstance is found');
  },
};
