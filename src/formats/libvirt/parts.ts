/** Names the parts of a domain that are neither read nor known to have no bearing on CPUs and interrupts. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { childrenOf, type XmlElement } from '../text/xml.ts';
import { IDLE_OF_DEVICES } from './idle-device-parts.ts';
import { IDLE_OF_DOMAINS } from './idle-domain-parts.ts';
import { DOMAIN, type Part, VALUES } from './known-parts.ts';
import type { Look } from './look.ts';

/** Elements of QEMU's namespace, without their prefix: the first is read as words of the command line. */
const QEMU_NAMESPACE = {
  commandline: ['arg', 'env'],
  capabilities: ['add', 'del'],
  deprecation: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** An element that is in neither table holds a text and nothing else. */
const IDLE_PARTS = { ...IDLE_OF_DOMAINS, ...IDLE_OF_DEVICES };

/** Names the elements, attributes and values of a domain that are not known. */
export function accountFor(domain: XmlElement, look: Look, notes: Notes): void {
  for (const element of domain.children) {
    const [prefix, name] = element.name.includes(':') ? element.name.split(':') : ['', element.name];
    if (prefix === '') continue;
    if (isKeyOf(QEMU_NAMESPACE, name)) {
      const known: readonly string[] = QEMU_NAMESPACE[name];
      for (const one of element.children) {
        if (known.includes(one.name.replace(/^.*:/, ''))) continue;
        notes.notUnderstood(`<${one.name}> in <${element.name}>`, look.at(one), DOMAIN.mayHold);
      }
    } else notes.notUnderstood(`<${element.name}>`, look.at(element), DOMAIN.mayHold);
  }
  visit(domain, DOMAIN, look, notes);
  nameValues(domain, look, notes);
}

/** Elements that a domain, its CPU or its system has once: libvirt takes one of them, or refuses. */
const ONCE: readonly string[] =
  `vcpu vcpus cpu os features clock devices topology numa model type launchSecurity`.split(' ');
const HOLDERS: readonly string[] = ['domain', 'cpu', 'os'];

/** Names what stands twice, and text where none belongs: markers of templates, the signs of a diff. Numbered lines do no harm. */
function nameStray(element: XmlElement, { whole, inside, mayHold }: Part, look: Look, notes: Notes): void {
  const isLeaf = whole.length === 0 && inside === undefined;
  if (!isLeaf && !/^[\d\s:|]*$/.test(element.text))
    notes.notUnderstood(`${excerpt(element.text)} in <${element.name}>`, look.text(element)?.at, mayHold);
  if (!HOLDERS.includes(element.name)) return;
  for (const [index, one] of element.children.entries()) {
    const first = element.children.findIndex(({ name }) => name === one.name);
    if (first < index && ONCE.includes(one.name))
      notes.notUnderstood(`a second <${one.name}> in <${element.name}>`, look.at(one), mayHold);
  }
}

/** Values that a template has not filled in. */
const MARKER = /\{\{|\{%|<%|\$\{\w/;

function visit(element: XmlElement, part: Part, look: Look, notes: Notes): void {
  nameStray(element, part, look, notes);
  for (const [name, { value }] of element.attributes) {
    if (!MARKER.test(value)) continue;
    const at = look.attribute(element, name)?.at;
    notes.notUnderstood(`${name}=${excerpt(value)} of <${element.name}>`, at, part.mayHold);
  }
  for (const name of element.attributes.keys()) {
    if (!part.attributes || part.attributes.includes(name) || name.startsWith('xmlns')) continue;
    notes.notUnderstood(
      `the attribute ${name}= of <${element.name}>`,
      look.attribute(element, name)?.at,
      part.mayHold,
    );
  }
  for (const one of element.children) {
    const inside = part.inside && lookup(part.inside, one.name);
    if (inside) visit(one, inside, look, notes);
    else if (part.whole.includes(one.name)) visitIdle(one, look, notes);
    else if (!one.name.includes(':')) {
      notes.notUnderstood(`<${one.name}> in <${element.name}>`, look.at(one), part.mayHold);
    }
  }
}

/** Parts that hold what anybody likes: the notes of other programs, and libvirt's own in the state of a running domain. */
const OPEN: readonly string[] = ['metadata', 'privateData'];

/** Names what an element without bearing holds beside what is known of it, as notes. */
function visitIdle(element: XmlElement, look: Look, notes: Notes): void {
  if (OPEN.includes(element.name)) return;
  const known = lookup(IDLE_PARTS, element.name);
  for (const name of element.attributes.keys()) {
    if (known?.attributes.has(name) || name.includes(':') || name === 'xmlns') continue;
    notes.notUnderstood(`the attribute ${name}= of <${element.name}>`, look.attribute(element, name)?.at, []);
  }
  for (const one of element.children) {
    if (known?.children.has(one.name) || OPEN.includes(one.name)) visitIdle(one, look, notes);
    else if (!one.name.includes(':'))
      notes.notUnderstood(`<${one.name}> in <${element.name}>`, look.at(one), []);
  }
}

function nameValues(domain: XmlElement, look: Look, notes: Notes): void {
  for (const { path, attribute, values, mayHold } of VALUES) {
    const elements = path.reduce<readonly XmlElement[]>(
      (found, name) => found.flatMap((one) => childrenOf(one, name)),
      [domain],
    );
    for (const element of elements) {
      const value = look.attribute(element, attribute);
      if (!value || values.test(value.value)) continue;
      notes.notUnderstood(`${attribute}=${excerpt(value.value)} of <${element.name}>`, value.at, mayHold);
    }
  }
}
