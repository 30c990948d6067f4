/** Reads KubeVirt: YAML of virtual machines, one report for each guest in the file. */
import { inputError } from '../../machine/locate.ts';
import type { Reader } from '../reader.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, rawInput } from '../text/text.ts';
import { readYamlDocuments } from '../text/yaml.ts';
import { describeGuest } from './domain.ts';
import { guestsOf } from './guest.ts';

async function documentsOf(text: string, file: string): Promise<SourceValue[]> {
  const documents = await parsed(text, file, () => readYamlDocuments(text));
  return documents.map((read) => sourceValue(rawInput(read, text, file), file));
}

export const kubevirt: Reader = {
  name: 'kubevirt',
  recognises(bytes) {
    const head = new TextDecoder().decode(bytes.subarray(0, 256 * 1024));
    return /^["'\s{,-]*apiVersion["']?\s*:\s*["']?([\w.]*\.)?kubevirt\.io\//m.test(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const guests = guestsOf(await documentsOf(text, file));
    if (guests.length > 0) return guests.map((guest) => describeGuest(guest, stack));
    throw inputError(file, 'no VirtualMachine or VirtualMachineInstance is found');
  },
};
