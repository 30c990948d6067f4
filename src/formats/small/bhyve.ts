/** bhyve: its command line, or the key=value file of `bhyve -k`. */

import { isKeyOf } from '../../lib/lookup.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { Location, RawInput } from '../../machine/locate.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { withUnused } from '../defines.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import { keysOf, nameUnknown } from '../known-keys.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { commandsIn } from '../text/commands-in.ts';
import { headText } from '../text/head.ts';
import { locatedObject } from '../text/located.ts';
import { runsOf, runsProgram, type Word } from '../text/shell.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';
import { readAssignments } from './assignments.ts';

const isProgram = (name: string): boolean => name === 'bhyve';

/** Options of bhyve(8) that take a value. */
const WITH_VALUE = /^-[BcFfGgKklmnopUrs]$/;

/** Options of bhyve(8) that say nothing of CPUs and interrupts, beside those that are read. */
const IDLE_OPTION = /^-(?:[ACDHMPSaehuwY]+|[BFfGgKlmpUr])$/;
const READ_OPTION = /^-[cosxW]$/;

/** Keys of bhyve_config(5). */
const CONFIG = keysOf(
  `cpus sockets cores threads name pci virtio_msix memory acpi_tables acpi_tables_in_memory gdb config destroy_on_poweroff
  keyboard lpc rtc tpm uuid generate_acpi bootrom vcpu console system bios processor_oem chassis board`,
  ['CPUs', 'devices', 'the irqchip'],
  {
    x86: keysOf('x2apic mptable vmexit_on_hlt vmexit_on_pause strictio strictmsr verbosemsr', [
      'the irqchip',
      'CPUs',
    ]),
  },
);
/** Of a device. */
const DEVICE = keysOf(
  `device backend path mac mtu type bootindex ser nocache sync ro direct sectorsize nodelete ram maxq qsz ioslots sectsz dsm
  eui64 port tcp w h vga password wait rom slot bus func promiscuous vendor devid subvendor subdev revid pcireg target
  iid bootindex peerhook hd cd model rev nmrr play rec sharename serial product version unix cdev input fwcfg slirp hostfwd
  msi`,
  ['devices'],
);

/** First FreeBSD whose vmm offers the extended destination ID. */
const EXT_DEST_SINCE = 15_000;

interface DeviceQueues {
  readonly driver: DriverName;
  readonly queues: number;
  readonly fixed: number;
  readonly perQueue: number;
}

/** Queues where nothing is written, and vectors: some by themselves, others for each queue. */
const DEVICES = {
  'virtio-blk': { driver: 'virtio-blk', queues: 1, fixed: 1, perQueue: 1 },
  'virtio-scsi': { driver: 'virtio-scsi', queues: 1, fixed: 3, perQueue: 1 },
  'virtio-net': { driver: 'virtio-net', queues: 1, fixed: 2, perQueue: 2 },
  nvme: { driver: 'nvme', queues: 16, fixed: 1, perQueue: 1 },
} as const satisfies Readonly<Record<string, DeviceQueues>>;

/** Devices without message interrupts that drivers spread: bridges, disks and consoles of old kinds, timers. */
const NO_BEARING: ReadonlySet<string> = new Set([
  'hostbridge',
  'amd_hostbridge',
  'lpc',
  'ahci',
  'ahci-hd',
  'ahci-cd',
  'e1000',
  'fbuf',
  'xhci',
  'uart',
  'hda',
  'virtio-rnd',
  'virtio-console',
  'virtio-9p',
  'virtio-input',
]);

/** A command line → the keys of bhyve_config(5). */
function readArguments(args: readonly Word[], place: (offset: number) => Location): RawInput {
  const config = locatedObject();
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (!READ_OPTION.test(word.text) && !IDLE_OPTION.test(word.text) && index < args.length - 1) {
      // Under a key that no configuration has, so that it is named.
      const value = WITH_VALUE.test(word.text) ? ` ${args[index + 1].text}` : '';
      config.set([`${word.text}${value}`], 'on', place(word.at(0)));
    }
    if (word.text === '-x') config.set(['x86', 'x2apic'], 'true', place(word.at(0)));
    if (word.text === '-W') config.set(['virtio_msix'], 'false', place(word.at(0)));
    if (!word.text.startsWith('-')) {
      if (index === args.length - 1) config.set(['name'], word.text, place(word.at(0)));
      continue;
    }
    if (!WITH_VALUE.test(word.text) || index + 1 >= args.length) continue;
    const value = args[++index];
    const at = place(value.at(0));
    if (word.text === '-c') readCpus(value, config, place);
    if (word.text === '-s') readSlot(value.text, config, at);
    if (word.text === '-o') {
      const [key, ...rest] = value.text.split('=');
      if (rest.length > 0) config.set(key.split('.').slice(0, LIMITS.depth), rest.join('='), at);
    }
  }
  return config.raw;
}

/** `-c 4` or `-c cpus=4,sockets=1,cores=2,threads=2` */
function readCpus(
  word: Word,
  config: ReturnType<typeof locatedObject>,
  place: (offset: number) => Location,
): void {
  let start = 0;
  for (const part of word.text.split(',')) {
    const [, key = 'cpus', value] = /^(?:([a-z]+)=)?(.*)$/s.exec(part) ?? [];
    config.set([key], value, place(word.at(start + part.length - value.length)));
    start += part.length + 1;
  }
}

/** `-s 3:0,virtio-net,tap0` → pci.0.3.0.device=virtio-net */
function readSlot(text: string, config: ReturnType<typeof locatedObject>, at: Location): void {
  const [slot, device = '', ...options] = text.split(',');
  const numbers = slot.split(':');
  const [bus, unit, fn] = numbers.length === 3 ? numbers : ['0', numbers[0], numbers[1] ?? '0'];
  config.set(['pci', `${bus}.${unit}.${fn}`, 'device'], device, at);
  for (const [index, option] of options.entries()) {
    const [key, value] = option.split('=');
    // The first has no name: a path or a backend.
    if (value !== undefined || index > 0)
      config.set(['pci', `${bus}.${unit}.${fn}`, key], value ?? 'true', at);
  }
}

/** Settings of bhyve_config(5) as a machine; `more` adds what a manager of bhyve has to say. */
export function describeBhyve(
  config: SourceValue,
  stack: Stack,
  more: (sheet: DescriptionBuilder) => void = () => {},
): ReadResult {
  const { text, version } = versionOf(stack, 'freebsd');
  const sheet = describedBy(`bhyve of FreeBSD ${text}`);
  nameUnknown(config, CONFIG, sheet);
  const name = config.get('name');
  if (name) sheet.set(['name'], name.text(), name.place);
  sheet.set(['platform'], 'bhyve');
  describeCpus(config, sheet);
  const x2apic = config.get('x86', 'x2apic');
  sheet.set(['x2apic'], x2apic?.isOn() ? 'enabled' : 'unsupported', x2apic?.place);
  if (!x2apic) sheet.assume('without -x the guest is offered no x2APIC', ['x2apic']);
  sheet.set(['extDestId'], version >= EXT_DEST_SINCE);
  sheet.assume(
    version >= EXT_DEST_SINCE
      ? 'vmm offers the extended destination ID, since FreeBSD 15'
      : 'vmm offers no extended destination ID before FreeBSD 15',
    ['extDestId'],
  );
  sheet.set(['hpet'], true);
  sheet.assume('there always is an HPET', ['hpet']);
  if (config.get('virtio_msix')?.isOn() === false) {
    sheet.notUnderstood(
      'virtio_msix=false (virtio devices then share one message)',
      config.get('virtio_msix')?.place,
      ['devices'],
    );
  }
  describeDevices(config.get('pci'), sheet);
  more(sheet);
  return sheet.result();
}

function describeCpus(config: SourceValue, sheet: DescriptionBuilder): void {
  const part = (key: string) => config.get(key)?.whole(1, LIMITS.cpus);
  const [sockets, cores, threads] = [part('sockets') ?? 1, part('cores') ?? 1, part('threads') ?? 1];
  const written = part('cpus');
  const product = sockets * cores * threads;
  const cpus = written ?? Math.min(product, LIMITS.cpus);
  const place = (config.get('cpus') ?? config.get('cores') ?? config.get('sockets') ?? config).place;
  if (written !== undefined && product > 1 && product !== written) {
    sheet.fail(
      `${written} CPUs, but ${sockets} sockets x ${cores} cores x ${threads} threads are ${product}`,
      place,
    );
  }
  sheet.set(['cpus', 0, 'apicId'], cpus === 1 ? 0 : `0-${cpus - 1}`, place);
  if (threads > 1 && threads <= 1024) sheet.set(['smt'], threads, config.get('threads')?.place);
  sheet.assume('the APIC ID is the vCPU number', ['cpus', 0, 'apicId']);
}

/** pci.BUS.SLOT.FUNCTION.device, in either form; the tree may be one or three levels deep. */
function describeDevices(pci: SourceValue | undefined, sheet: DescriptionBuilder, slot = ''): void {
  for (const key of pci?.keys() ?? []) {
    const below = pci?.get(key);
    if (!below || typeof below.value !== 'object') continue;
    const device = below.get('device');
    if (device) describeDevice(`${slot}${key}`, below, device, sheet);
    else describeDevices(below, sheet, `${slot}${key}.`);
  }
}

function describeDevice(
  slot: string,
  settings: SourceValue,
  device: SourceValue,
  sheet: DescriptionBuilder,
): void {
  const model = device.text();
  nameUnknown(settings, DEVICE, sheet, { path: [slot] });
  if (!isKeyOf(DEVICES, model)) {
    if (model === 'passthru') {
      sheet.notUnderstood(
        `passthru at ${slot} (the host device decides how many queues it has)`,
        device.place,
        ['devices'],
      );
    } else if (!NO_BEARING.has(model)) sheet.notUnderstood(`the device ${model}`, device.place, ['devices']);
    return;
  }
  const { driver, queues: standard, fixed, perQueue } = DEVICES[model];
  const written = model === 'nvme' ? settings.get('maxq') : undefined;
  const queues = written?.whole(1, 2000) ?? standard;
  const path = sheet.device(
    { name: `${model} ${slot}`, driver, queues, vectors: fixed + perQueue * queues },
    device.place,
    { queues: written?.place, vectors: written?.place },
  );
  if (!written)
    sheet.assume(`${model} has ${standard} ${standard === 1 ? 'queue' : 'queues'}`, [...path, 'queues']);
}

export const bhyve: Reader = {
  name: 'bhyve',
  comments: shellComments,
  usesDefines: true,
  recognises(bytes) {
    if (runsProgram(bytes, isProgram)) return true;
    const head = headText(bytes, 64 * 1024);
    return (
      /^(cpus|memory\.size)=/m.test(head) && /^(pci\.\d+\.\d+\.\d+\.|lpc\.|x86\.|acpi_tables)/m.test(head)
    );
  },
  async read({ bytes, file, stack, defines = {} }) {
    const decoded = new TextDecoder().decode(bytes);
    const text = cleanText(decoded.replaceAll('\0', '\n'), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      if (!runsProgram(bytes, isProgram)) {
        const config = sourceValue(readAssignments(text, place), file);
        return [withUnused(describeBhyve(config, stack), defines, new Set())];
      }
      const { commands, asked } = commandsIn(decoded, text, defines);
      const runs = runsOf(commands, isProgram);
      if (runs.length === 0) throw new TextError(0, 'no bhyve command is found');
      return runs.map((args) =>
        withUnused(describeBhyve(sourceValue(readArguments(args, place), file), stack), defines, asked),
      );
    });
  },
};
