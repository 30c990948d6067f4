/** Writes intents into libvirt domain XML. */
import { cpuCount } from '../../machine/topology.ts';
import type { EditTarget, Proposals } from '../editor.ts';
import type { Intent, TopologyIntent } from '../intent.ts';
import { applyEdits, offsetOf, type TextEdit } from '../text/text-edits.ts';
import { sourceWordEdits, type WordChange } from '../text/words.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import {
  addChild,
  inside,
  type Markup,
  putChild,
  removeAttribute,
  setAttribute,
  setText,
  together,
} from '../text/xml-text.ts';
import { readDomains } from './documents.ts';

type Edits = readonly TextEdit[] | null;

/** Texts with an intent written in. */
export async function writeLibvirt(target: EditTarget): Promise<Proposals> {
  const domain = (await readDomains(target.text)).at(target.index);
  const edits = domain ? editsFor(target, domain, target.intent) : null;
  return edits ? [applyEdits(target.text, edits)] : [];
}

function editsFor(target: EditTarget, domain: XmlElement, intent: Intent): Edits {
  const { text } = target;
  switch (intent.kind) {
    case 'ext-dest-id':
      return putChild(text, domain, SPLIT_IRQCHIP);
    case 'remapping':
      return remapping(text, domain, intent.vendor);
    case 'topology':
      return topology(text, domain, intent.topology);
    case 'queues':
      return queues(target, domain, intent);
    case 'parameters':
      return parameters(text, domain, intent);
    case 'x2apic':
      return x2apic(text, domain);
    case 'kvm-signature':
      return kvmSignature(text, domain);
    case 'hpet':
      return hpet(text, domain, intent.present);
    case 'acpi':
      return putChild(text, domain, ACPI);
    default:
      return null;
  }
}

const SPLIT_IRQCHIP: Markup = {
  name: 'features',
  attributes: {},
  children: [{ name: 'ioapic', attributes: { driver: 'qemu' } }],
};

const ACPI: Markup = { name: 'features', attributes: {}, children: [{ name: 'acpi', attributes: {} }] };

const SHOWN: Markup = {
  name: 'features',
  attributes: {},
  children: [{ name: 'kvm', attributes: {}, children: [{ name: 'hidden', attributes: { state: 'off' } }] }],
};

/** A guest that is emulated goes to KVM; one on KVM no longer hides it. */
function kvmSignature(text: string, domain: XmlElement): Edits {
  const emulated = domain.attributes.get('type')?.value === 'qemu';
  return emulated ? setAttribute(text, domain, 'type', 'kvm') : putChild(text, domain, SHOWN);
}

function hpet(text: string, domain: XmlElement, isPresent: boolean): Edits {
  const present = isPresent ? 'yes' : 'no';
  const timer: Markup = { name: 'timer', attributes: { name: 'hpet', present } };
  const clock = child(domain, 'clock');
  if (!clock)
    return addChild(text, domain, { name: 'clock', attributes: { offset: 'utc' }, children: [timer] });
  const written = childrenOf(clock, 'timer').find(
    ({ attributes }) => attributes.get('name')?.value === 'hpet',
  );
  return written ? setAttribute(text, written, 'present', present) : addChild(text, clock, timer);
}

/** What carries destinations of 32 bits, by model. */
const WIDE = { intel: 'eim', amd: 'xtsup' } as const;

function remapping(text: string, domain: XmlElement, vendor: 'intel' | 'amd'): Edits {
  const model = child(domain, 'devices', 'iommu')?.attributes.get('model')?.value;
  if (model !== undefined && model !== vendor) return null;
  const driver: Markup = { name: 'driver', attributes: { intremap: 'on', [WIDE[vendor]]: 'on' } };
  const iommu: Markup = { name: 'iommu', attributes: { model: vendor }, children: [driver] };
  const underKvm = domain.attributes.get('type')?.value === 'kvm';
  return together([
    underKvm ? putChild(text, domain, SPLIT_IRQCHIP) : [],
    putChild(text, domain, { name: 'devices', attributes: {}, children: [iommu] }),
  ]);
}

function topology(text: string, domain: XmlElement, wanted: TopologyIntent): Edits {
  const { sockets, dies, modules, cores, threads, max, present } = wanted;
  if (modules !== 1 || cpuCount(wanted) !== max) return null;
  return together([
    vcpus(text, domain, max, present),
    levels(text, domain, { sockets, dies, cores, threads }),
  ]);
}

function vcpus(text: string, domain: XmlElement, max: number, present: number): Edits {
  const vcpu = child(domain, 'vcpu');
  if (!vcpu) return null;
  const isWritten = vcpu.attributes.has('current');
  const current =
    present < max
      ? setAttribute(text, vcpu, 'current', String(present))
      : isWritten
        ? removeAttribute(text, vcpu, 'current')
        : [];
  return together([setText(text, vcpu, String(max)), current]);
}

/** Without a topology every vCPU is a socket; dies are written only where they say something. */
function levels(text: string, domain: XmlElement, wanted: Readonly<Record<string, number>>): Edits {
  const written = child(domain, 'cpu', 'topology');
  const { sockets: _, ...below } = wanted;
  if (!written && Object.values(below).every((count) => count === 1)) return [];
  const entries = Object.entries(wanted)
    .filter(([key, count]) => key !== 'dies' || count > 1 || written?.attributes.has(key))
    .map(([key, count]) => [key, String(count)] as const);
  const made: Markup = { name: 'topology', attributes: Object.fromEntries(entries) };
  return putChild(text, domain, { name: 'cpu', attributes: {}, children: [made] });
}

function queues(
  { text, before }: EditTarget,
  domain: XmlElement,
  intent: Extract<Intent, { kind: 'queues' }>,
): Edits {
  const place = before.raw.locate(intent.device);
  const offset = place && offsetOf(text, place);
  const device = child(domain, 'devices')?.children.find((one) => one.offset === offset);
  const driver: Markup = { name: 'driver', attributes: { queues: String(intent.queues) } };
  return device ? putChild(text, device, driver) : null;
}

/** Only a kernel that is booted directly gets its parameters from the domain. */
function parameters(text: string, domain: XmlElement, change: WordChange): Edits {
  const os = child(domain, 'os');
  if (!os || !child(os, 'kernel')) return null;
  const cmdline = child(os, 'cmdline');
  if (cmdline && cmdline.text !== '') {
    return sourceWordEdits(text, inside(text, cmdline), cmdline.text, change);
  }
  if (change.remove.length > 0) return null;
  const put = change.add.join(' ');
  if (cmdline) return setText(text, cmdline, put);
  return addChild(text, os, { name: 'cmdline', attributes: {}, text: put });
}

function x2apic(text: string, domain: XmlElement): Edits {
  const written = childrenOf(child(domain, 'cpu'), 'feature').find(
    ({ attributes }) => attributes.get('name')?.value === 'x2apic',
  );
  if (written) return setAttribute(text, written, 'policy', 'require');
  const feature: Markup = { name: 'feature', attributes: { policy: 'require', name: 'x2apic' } };
  const cpu = child(domain, 'cpu');
  return cpu
    ? addChild(text, cpu, feature)
    : addChild(text, domain, { name: 'cpu', attributes: {}, children: [feature] });
}
