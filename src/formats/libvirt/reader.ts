/** Reads libvirt: domain XML, alone or inside other text, and the domain inside snapshots and status files. */
import { shellComments } from '../comments/shell-comments.ts';
import { xmlComments } from '../comments/xml-comments.ts';
import type { Reader } from '../reader.ts';
import { headText } from '../text/head.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { withoutHyphens } from '../text/xml-hyphens.ts';
import { holdsXml, readDomains } from './documents.ts';
import { readDomain } from './domain.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** Said of comments that only irqsim reads. */
const NO_HYPHENS = {
  text: 'libvirt: comments for irqsim that hold "--" are left out, for XML does not allow it there; a colon parts rule and reason too ("irqsim: ignore RULE: reason")',
};

export const libvirt: Reader = {
  name: 'libvirt',
  // XML may stand in a script, whose own comments count too.
  async comments(text) {
    const around = /^\s*</.test(text) ? [] : await shellComments(text);
    return [...around, ...(await xmlComments(text))];
  },
  recognises: (bytes) => holdsXml(headText(bytes, HEAD)),
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    return parsed(text, file, async () => {
      const place = textPositions(text, file);
      const results = (await readDomains(text)).map((domain) => readDomain(domain, place, stack));
      if (withoutHyphens(text) === text) return results;
      return results.map((one) => ({ ...one, assumptions: [...one.assumptions, NO_HYPHENS] }));
    });
  },
};
