/** One element of `<devices>` → the options that libvirt would write for it. */
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

/** What makers share while the devices of one domain are read. */
export interface Workshop {
  readonly look: Look;
  readonly notes: Notes;
  /** Numbers devices of a kind, as libvirt names them: net0, net1 … */
  readonly next: (kind: string) => string;
  /** Numbers of a kind that were given out before. */
  readonly count: (kind: string) => number;
}

export type Make = (element: XmlElement, workshop: Workshop) => QemuOption[];

/** A `-device` that stands where its element does. */
export function device(
  driver: string,
  id: string,
  element: XmlElement,
  { look }: Workshop,
  entries: readonly Entry[] = [],
): QemuOption {
  return option('device', look.at(element), [
    ['driver', given(driver)],
    ['id', given(id)],
    ['bus', busOf(element, look)],
    ...entries,
  ]);
}

/** The PCI bus of a device, by the name that libvirt gives it; none for the machine's own. */
function busOf(element: XmlElement, look: Look): Fact<string> | undefined {
  const address = childrenOf(element, 'address').find((one) => look.attribute(one, 'type')?.value === 'pci');
  const bus = Number(look.attribute(address, 'bus')?.value ?? '0');
  return Number.isSafeInteger(bus) && bus > 0 ? given(`pci.${bus}`) : undefined;
}

/** libvirt compares models without case. */
export function modelOf(element: XmlElement, { look }: Workshop): string | undefined {
  return look.attribute(element, 'model')?.value.toLowerCase();
}

/** "virtio", "virtio-transitional", "virtio-non-transitional". */
export const isVirtio = (model: string | undefined): boolean => model?.startsWith('virtio') === true;

/** `<driver queues='N'/>`; 0 means that nothing is set. */
export function queuesOf(element: XmlElement, { look }: Workshop) {
  const queues = look.attribute(child(element, 'driver'), 'queues');
  return queues && Number(queues.value) === 0 ? undefined : queues;
}

/** Names a device whose model this reader does not know. */
export function unknownModel(element: XmlElement, model: string | undefined, { look, notes }: Workshop): [] {
  const text = model === undefined ? `<${element.name}>` : `the model "${model}" of <${element.name}>`;
  const written = child(element, 'model');
  const at = written ? look.at(written) : look.attribute(element, 'model')?.at;
  notes.notUnderstood(text, at ?? look.at(element), ['devices']);
  return [];
}
