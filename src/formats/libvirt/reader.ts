/** Reads libvirt: domain XML, alone or inside other text, and the domain inside snapshots and status files. */
import type { Reader } from '../reader.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { holdsXml, readDomains } from './documents.ts';
import { readDomain } from './domain.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

export const libvirt: Reader = {
  name: 'libvirt',
  recognises: (bytes) => holdsXml(new TextDecoder().decode(bytes.subarray(0, HEAD))),
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    return parsed(text, file, async () => {
      const place = textPositions(text, file);
      return (await readDomains(text)).map((domain) => readDomain(domain, place, stack));
    });
  },
};
