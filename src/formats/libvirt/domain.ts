/** A `<domain>` → the machine: what libvirt would write on a QEMU command line, with the places in the XML. */
import { excerpt } from '../../machine/locate.ts';
import { collectMachine } from '../qemu/collect.ts';
import { describeQemu } from '../qemu/machine.ts';
import {
  type Entry,
  given,
  buildOption as option,
  type Place,
  parseArguments,
  type QemuOption,
} from '../qemu/option.ts';
import { errorAt } from '../qemu/props.ts';
import type { ReadResult, Stack } from '../reader.ts';
import type { Word } from '../text/shell.ts';
import { child, type XmlElement } from '../text/xml.ts';
import { domainCpus } from './cpus.ts';
import { domainDevices } from './devices.ts';
import { type Look, lookWith } from './look.ts';
import { completeByLibvirt, libvirtNotes } from './rules.ts';

/** Accelerators by `<domain type>`. */
const ACCELS: Readonly<Record<string, string>> = { kvm: 'kvm', qemu: 'tcg', hvf: 'hvf' };

/** Reads one domain. Throws InputError for domains that QEMU does not run, and for values that are none. */
export function readDomain(domain: XmlElement, place: Place, stack: Stack): ReadResult {
  const look = lookWith(place);
  const notes = libvirtNotes(stack);
  refuseOthers(domain, look);
  const cpus = domainCpus(domain, look, notes);
  if (!child(domain, 'features', 'acpi')) notes.assume('without <acpi/> in <features> ACPI is off');
  const devices = domainDevices(domain, look);
  if (needsBalloon(domain)) {
    notes.assume('without <memballoon> a domain has a virtio balloon');
    devices.push(
      option('device', look.at(domain), [
        ['driver', given('virtio-balloon-pci')],
        ['id', given('balloon0')],
      ]),
    );
  }
  const options = [
    machineOption(domain, look),
    ...nameAndKernel(domain, look),
    ...cpus.options,
    ...devices,
    ...extraArguments(domain, place),
  ];
  const machine = { ...collectMachine(options, false), hotPlugged: cpus.hotPlugged };
  const completed = completeByLibvirt(machine, cpus.max, stack, notes);
  return describeQemu(completed.machine, stack, completed);
}

function refuseOthers(domain: XmlElement, look: Look): void {
  const type = look.attribute(domain, 'type');
  if (!Object.hasOwn(ACCELS, type?.value ?? '')) {
    throw errorAt(
      type?.at ?? look.at(domain),
      `<domain type=${excerpt(type?.value ?? '')}>: only kvm, qemu and hvf domains are read`,
    );
  }
  const arch = look.attribute(child(domain, 'os', 'type'), 'arch');
  if (arch && !/^(?:x86_64|i686)$/.test(arch.value)) {
    throw errorAt(arch.at, `arch=${excerpt(arch.value)}: only x86 machines are simulated`);
  }
}

const IRQCHIPS: Readonly<Record<string, string>> = { qemu: 'split', kvm: 'on' };

function machineOption(domain: XmlElement, look: Look): QemuOption {
  const type = look.attribute(domain, 'type');
  const accel = type && { value: ACCELS[type.value], at: type.at };
  const acpi = child(domain, 'features', 'acpi');
  const ioapic = look.attribute(child(domain, 'features', 'ioapic'), 'driver');
  const irqchip = ioapic && Object.hasOwn(IRQCHIPS, ioapic.value) ? IRQCHIPS[ioapic.value] : undefined;
  const entries: Entry[] = [
    ['type', look.attribute(child(domain, 'os', 'type'), 'machine')],
    ['accel', accel],
    ['acpi', acpi ? { value: 'on', at: look.at(acpi) } : given('off')],
    ['kernel-irqchip', irqchip === undefined ? undefined : { value: irqchip, at: ioapic?.at }],
  ];
  for (const timer of child(domain, 'clock')?.children ?? []) {
    const present = look.attribute(timer, 'present');
    if (look.attribute(timer, 'name')?.value === 'hpet' && present) entries.push(['hpet', present]);
  }
  return option('machine', look.at(domain), entries);
}

function nameAndKernel(domain: XmlElement, look: Look): QemuOption[] {
  const name = look.text(child(domain, 'name'));
  const cmdline = look.text(child(domain, 'os', 'cmdline'));
  return [
    option('name', name?.at, [['guest', name]]),
    ...(cmdline ? [{ ...option('append', cmdline.at, []), value: cmdline }] : []),
  ];
}

function needsBalloon(domain: XmlElement): boolean {
  return child(domain, 'devices', 'memballoon') === undefined;
}

/** `<qemu:commandline>`: further words of the command line. */
function extraArguments(domain: XmlElement, place: Place): QemuOption[] {
  const list = domain.children.find(({ name }) => /(?:^|:)commandline$/.test(name));
  const words = (list?.children ?? []).flatMap((element): Word[] => {
    const value = element.attributes.get('value');
    if (!value || !/(?:^|:)arg$/.test(element.name)) return [];
    return [{ text: value.value, at: (index) => value.valueOffset + index }];
  });
  return parseArguments(words, place);
}
