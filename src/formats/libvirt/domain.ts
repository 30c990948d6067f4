/** A `<domain>` → the machine: what libvirt would write on a QEMU command line, with the places in the XML. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { furtherOptions } from '../qemu/account.ts';
import { collectMachine } from '../qemu/collect.ts';
import type { Fact } from '../qemu/facts.ts';
import { describeQemu } from '../qemu/machine.ts';
import { type Entry, given, buildOption as option, type Place, type QemuOption } from '../qemu/option.ts';
import { errorAt } from '../qemu/props.ts';
import type { ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import type { Word } from '../text/shell.ts';
import { child, type XmlElement } from '../text/xml.ts';
import { domainCpus } from './cpus.ts';
import { domainDevices, impliedBalloon } from './devices.ts';
import { refuseDiskQueues } from './disks.ts';
import { guestOs } from './guest-os.ts';
import { type Look, lookWith } from './look.ts';
import { accountFor } from './parts.ts';
import { completeByLibvirt, libvirtNotes } from './rules.ts';

/** Accelerators by `<domain type>`. */
const ACCELS = { kvm: 'kvm', qemu: 'tcg', hvf: 'hvf' } as const;

/** Reads one domain. Throws InputError for domains that QEMU does not run, and for values that are none. */
export function readDomain(domain: XmlElement, place: Place, stack: Stack): ReadResult {
  const look = lookWith(place);
  const notes = libvirtNotes(stack);
  refuseOthers(domain, look);
  const cpus = domainCpus(domain, look, notes);
  if (!child(domain, 'features', 'acpi')) notes.assume('without <acpi/> in <features> ACPI is off');
  accountFor(domain, look, notes);
  refuseDiskQueues(domain, look, stack, notes);
  const options = [
    ...machineOptions(domain, look, notes),
    ...nameAndKernel(domain, look),
    ...cpus.options,
    ...domainDevices(domain, look, notes),
    ...impliedBalloon(domain, look, notes),
    ...extraArguments(domain, place, notes),
  ];
  const collected = collectMachine(options, false);
  const machine = {
    ...collected,
    hotPlugged: cpus.hotPlugged,
    guestOs: guestOs(domain, look) ?? collected.guestOs,
    unread: [...notes.unread, ...collected.unread],
  };
  const completed = completeByLibvirt(machine, cpus.max, stack, notes);
  return describeQemu(completed.machine, stack, completed);
}

function refuseOthers(domain: XmlElement, look: Look): void {
  const type = look.attribute(domain, 'type');
  if (!isKeyOf(ACCELS, type?.value ?? '')) {
    throw errorAt(
      type?.at ?? look.at(domain),
      `<domain type=${excerpt(type?.value ?? '')}>: only kvm, qemu and hvf domains are read`,
    );
  }
  const arch = look.attribute(child(domain, 'os', 'type'), 'arch');
  if (arch && !/^(?:x86_64|i686)$/.test(arch.value)) {
    throw errorAt(arch.at, `arch=${excerpt(arch.value)}: only x86 machines are simulated`);
  }
  const os = look.text(child(domain, 'os', 'type'));
  if (os && os.value !== 'hvm')
    throw errorAt(
      os.at,
      `<type>${excerpt(os.value)}</type>: only hvm, guests of all kinds of systems, are read`,
    );
}

const IRQCHIPS = { qemu: 'split', kvm: 'on' } as const;

/** `-machine`, and the object of a confidential guest. */
function machineOptions(domain: XmlElement, look: Look, notes: Notes): QemuOption[] {
  const type = look.attribute(domain, 'type');
  const accel = lookup(ACCELS, type?.value);
  const acpi = child(domain, 'features', 'acpi');
  const security = launchSecurity(domain, look);
  const entries: Entry[] = [
    ['type', look.attribute(child(domain, 'os', 'type'), 'machine')],
    ['accel', accel && { value: accel, at: type?.at }],
    ['acpi', acpi ? { value: 'on', at: look.at(acpi) } : given('off')],
    ['kernel-irqchip', irqchip(domain, look, notes)],
    ['confidential-guest-support', security && given('lsec0')],
  ];
  for (const timer of child(domain, 'clock')?.children ?? []) {
    const present = look.attribute(timer, 'present');
    if (look.attribute(timer, 'name')?.value === 'hpet' && present) entries.push(['hpet', present]);
  }
  return [option('machine', look.at(domain), entries), ...(security ? [security] : [])];
}

/** `<ioapic driver=>`; TDX guests get the split interrupt chip where nothing is written. */
function irqchip(domain: XmlElement, look: Look, notes: Notes): Fact<string> | undefined {
  const written = look.attribute(child(domain, 'features', 'ioapic'), 'driver');
  const chip = lookup(IRQCHIPS, written?.value);
  if (chip) return { value: chip, at: written?.at };
  const security = child(domain, 'launchSecurity');
  if (look.attribute(security, 'type')?.value !== 'tdx') return undefined;
  notes.assume("a TDX guest has <ioapic driver='qemu'/>: kernel-irqchip=split", ['extDestId']);
  return { value: 'split', at: security && look.at(security) };
}

/** QEMU's objects by `<launchSecurity type>`. */
const CONFIDENTIAL = {
  tdx: 'tdx-guest',
  sev: 'sev-guest',
  'sev-snp': 'sev-snp-guest',
} as const;

function launchSecurity(domain: XmlElement, look: Look): QemuOption | undefined {
  const element = child(domain, 'launchSecurity');
  const type = look.attribute(element, 'type');
  const object = lookup(CONFIDENTIAL, type?.value);
  if (!type || !object) return undefined;
  return option('object', type.at, [
    ['qom-type', { value: object, at: type.at }],
    ['id', given('lsec0')],
  ]);
}

function nameAndKernel(domain: XmlElement, look: Look): QemuOption[] {
  const name = look.text(child(domain, 'name'));
  const cmdline = look.text(child(domain, 'os', 'cmdline'));
  return [
    option('name', name?.at, [['guest', name]]),
    ...(cmdline ? [{ ...option('append', cmdline.at, []), value: cmdline }] : []),
  ];
}

/** `<qemu:commandline>`: further words of the command line. */
function extraArguments(domain: XmlElement, place: Place, notes: Notes): QemuOption[] {
  const list = domain.children.find(({ name }) => /(?:^|:)commandline$/.test(name));
  const words = (list?.children ?? []).flatMap((element): Word[] => {
    const value = element.attributes.get('value');
    if (!value || !/(?:^|:)arg$/.test(element.name)) return [];
    return [{ text: value.value, at: (index) => value.valueOffset + index }];
  });
  return furtherOptions(words, place, notes);
}
