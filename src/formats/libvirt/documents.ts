/**
 * The domains of a text: one document, several one after the other (`virsh dumpxml a b`), or XML inside something
 * else, as in Markdown or a paste from a terminal.
 */
import { lookup } from '../../lib/lookup.ts';
import { TextError } from '../text/text.ts';
import { child, readXml, rootName, type XmlElement } from '../text/xml.ts';

/** Root elements, and where the domain is in them. */
const ROOTS = {
  domain: [],
  domainsnapshot: ['domain'],
  domaincheckpoint: ['domain'],
  domainbackup: ['domain'],
  domstatus: ['domain'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Where a document may begin inside a text; a comment is stepped over whole. */
const OPENING = new RegExp(`<!--[^]*?-->|<(${Object.keys(ROOTS).join('|')})(?=[\\s>/])`, 'g');

/** Parts of a domain that people cut out, and what stands for them in messages. */
const FRAGMENTS: readonly string[] =
  'vcpu vcpus cpu cputune numatune os features clock devices disk controller interface hostdev iommu iothreads memory memoryBacking launchSecurity'.split(
    ' ',
  );

/** What other XML is, so that nobody takes it for a guest. */
const OTHERS = {
  capabilities: "is libvirt's description of a host",
  domainCapabilities: 'says what a hypervisor can do, not what a guest has',
  cpudata: 'describes a CPU model',
  topology: 'is the topology of a host, as lstopo writes it',
  network: 'is a virtual network',
  pool: 'is a storage pool',
  volume: 'is a storage volume',
  nodedevice: 'is a device of a host',
} as const;

/** True if a text holds a domain, or is a part of one, or other XML that is no domain. */
export function holdsXml(text: string): boolean {
  if (!text.includes('<')) return false;
  return rootName(text) !== undefined || openings(text).length > 0;
}

/** The domains of a text, in order, with offsets in it: at least one. Throws TextError. */
export async function readDomains(text: string): Promise<readonly XmlElement[]> {
  const starts = openings(text);
  if (starts.length === 0) throw noDomain(text);
  // A document that is whole is read whole: what stands before and behind the domain counts as a mistake.
  const whole = text.trimEnd();
  if (starts.length === 1 && /^\s*</.test(text) && whole.endsWith('>'))
    return [domainOf(await readXml(whole))];
  const domains: XmlElement[] = [];
  for (const [index, { at, name }] of starts.entries()) {
    const limit = starts[index + 1]?.at ?? text.length;
    const end = endOf(text, at, name, limit);
    domains.push(domainOf(await readXml(text.slice(at, end), at)));
  }
  return domains;
}

/** Offset behind the element that opens at `at`: its closing tag, "/>", or the limit where neither is there. */
function endOf(text: string, at: number, name: string, limit: number): number {
  const tag = `</${name}>`;
  const close = text.indexOf(tag, at);
  if (close >= 0 && close < limit) return close + tag.length;
  const open = text.indexOf('>', at);
  return open > at && text[open - 1] === '/' ? open + 1 : limit;
}

/** Where the outermost elements with a domain open. */
function openings(text: string): { readonly at: number; readonly name: string }[] {
  const found: { readonly at: number; readonly name: string }[] = [];
  let inside = 0;
  for (const match of text.matchAll(OPENING)) {
    const [, name] = match;
    if (name === undefined || match.index < inside) continue;
    found.push({ at: match.index, name });
    inside = endOf(text, match.index, name, text.length);
  }
  return found;
}

function domainOf(root: XmlElement): XmlElement {
  const path = lookup(ROOTS, root.name);
  const domain = path && child(root, ...path);
  if (domain) return domain;
  throw new TextError(root.offset, `<${root.name}> holds no <domain>`);
}

/** What to say of XML without a domain. */
function noDomain(text: string): TextError {
  const name = rootName(text) ?? '';
  const at = Math.max(0, text.indexOf(`<${name}`));
  if (FRAGMENTS.includes(name)) {
    return new TextError(
      at,
      `<${name}> is a part of a libvirt domain; give the whole <domain>, as virsh dumpxml prints it`,
    );
  }
  const what = lookup(OTHERS, name) ?? 'is no libvirt domain';
  return new TextError(
    at,
    `<${name}> ${what}; XML is read of guests: a <domain>, as virsh dumpxml prints it`,
  );
}
