/** Reads libvirt: domain XML, and the domain inside snapshots and status files. */
import type { Reader } from '../reader.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';
import { child, readXml, rootName, type XmlElement } from '../text/xml.ts';
import { readDomain } from './domain.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** Root elements, and where the domain is in them. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  domainsnapshot: ['domain'],
  domaincheckpoint: ['domain'],
  domstatus: ['domain'],
};

export const libvirt: Reader = {
  name: 'libvirt',
  recognises(bytes) {
    const root = rootName(new TextDecoder().decode(bytes.subarray(0, HEAD)));
    return root !== undefined && Object.hasOwn(ROOTS, root);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    return parsed(text, file, async () => {
      const domain = findDomain(await readXml(text));
      return [readDomain(domain, textPositions(text, file), stack)];
    });
  },
};

/** The domain in a document. Throws TextError. */
export function findDomain(root: XmlElement): XmlElement {
  const path = Object.hasOwn(ROOTS, root.name) ? ROOTS[root.name] : undefined;
  const domain = path && child(root, ...path);
  if (domain) return domain;
  throw new TextError(root.offset, `<${root.name}> holds no <domain>`);
}
