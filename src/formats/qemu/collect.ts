/** Options, in the order written → the facts of one machine. Later ones win, key by key, as in QEMU. */

import { append } from '../../lib/append.ts';
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Location } from '../../machine/machine.ts';
import { type AccelSheet, accelFacts, NO_ACCEL, readAccelOption, readMachineAccel } from './accel-options.ts';
import { ANYTHING } from './account.ts';
import { readCpuFlags } from './cpu-flags.ts';
import { PLACE_KEYS } from './cpu-place.ts';
import { DEFAULT_NIC } from './default-devices.ts';
import {
  type CpuPlace,
  type Fact,
  NO_FACTS,
  type Props,
  type QemuDevice,
  type QemuMachine,
  SMP_KEYS,
  type SmpKey,
} from './facts.ts';
import { type Global, globalNumber, globalSwitch, readGlobals, withGlobals } from './globals.ts';
import { windowsBy } from './guest-os.ts';
import { IOMMU_DRIVERS } from './iommu.ts';
import type { QemuOption } from './option.ts';
import { deviceMessage, indexRanges, numberFact, switchFact, wholeNumber } from './props.ts';
import { readSmpCache } from './smp-cache.ts';
import { unreadProperties } from './unread-properties.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** A machine while its options are read. */
interface Sheet extends Omit<Mutable<QemuMachine>, 'smp' | 'smpOthers' | 'cpuFlags' | 'netdevs' | 'devices'> {
  smpOthers: { readonly key: string; readonly fact: Fact<string> }[];
  smp: Partial<Record<SmpKey, Fact<number>>>;
  cpuFlags: Map<string, Fact<boolean>>;
  netdevs: Map<string, Props>;
  devices: QemuDevice[];
  objects: Map<string, string>;
  confidential: Fact<string> | undefined;
  accels: AccelSheet;
  localTime: Fact<string> | undefined;
  globals: Global[];
}

/** Facts of a machine from its options. Throws InputError for values that are none. */
export function collectMachine(options: readonly QemuOption[], startedAsKvm: boolean): QemuMachine {
  const sheet: Sheet = {
    ...NO_FACTS,
    startedAsKvm,
    smp: {},
    smpOthers: [],
    cpuFlags: new Map(),
    netdevs: new Map(),
    numaNodes: [],
    numaPlaces: [],
    plugged: [],
    devices: [],
    oldOptions: [],
    refused: [],
    remarks: [],
    unread: [],
    guestOs: undefined,
    objects: new Map(),
    confidential: undefined,
    accels: NO_ACCEL,
    localTime: undefined,
    globals: [],
  };
  for (const option of options) {
    append(sheet.unread, unreadProperties(option));
    if (isKeyOf(HANDLERS, option.name)) HANDLERS[option.name](sheet, option);
  }
  return completed(sheet);
}

/** The sheet itself, completed: to copy all but some of so many fields takes longer than most options. */
function completed(sheet: Sheet): QemuMachine {
  const { globals, iommu } = sheet;
  const { accel, irqchip, refused } = accelFacts(sheet.accels);
  sheet.accel = accel;
  sheet.irqchip = irqchip;
  sheet.refused = [...refused, ...sheet.refused];
  sheet.guestOs ??= windowsBy(sheet.localTime, sheet.cpuFlags);
  sheet.tdx = tdxFact(sheet.objects, sheet.confidential);
  sheet.hpetMsi = globalSwitch(globals, 'hpet', 'msi');
  sheet.hpetTimers = globalNumber(globals, 'hpet', 'timers');
  sheet.iommu = iommu && withGlobals(iommu, globals);
  sheet.devices = sheet.devices.map((device) => withGlobals(device, globals));
  return sheet;
}

/** Devices by the model of `-audio`. */
const AUDIO_DEVICES = { virtio: 'virtio-sound-pci', hda: 'intel-hda' } as const;

/** Files that come with Proxmox. */
const PROXMOX_CONFIGS = /^\/usr\/share\/qemu-server\/pve-[\w.-]+\.cfg$/;

const HANDLERS = {
  machine: readMachine,
  accel: (sheet, { props }) => {
    sheet.accels = readAccelOption(sheet.accels, props);
  },
  'enable-kvm': (sheet, { value }) => {
    sheet.accels = readMachineAccel(sheet.accels, new Map([['accel', { value: 'kvm', at: value.at }]]));
  },
  smp: (sheet, { props, value }) => {
    sheet.smpAt ??= value.at;
    readSmp(sheet, props, '');
    for (const [key, fact] of props) {
      if (!SMP_KEYS.some((known) => known === key)) sheet.smpOthers.push({ key, fact });
    }
  },
  cpu: readCpu,
  device: readDevice,
  object: (sheet, { props }) => {
    const type = props.get('qom-type');
    const id = props.get('id');
    if (type && id) sheet.objects.set(id.value, type.value);
  },
  netdev: (sheet, { props }) => {
    const id = props.get('id');
    if (id) sheet.netdevs.set(id.value, props);
  },
  nic: (sheet, { props, value }) => {
    const model = props.get('model')?.value ?? DEFAULT_NIC;
    if (props.get('type')?.value !== 'none') sheet.devices.push(deviceOf(model, props, value.at, undefined));
  },
  net: (sheet, { props, value }) => {
    const model = props.get('model')?.value ?? DEFAULT_NIC;
    if (props.get('type')?.value === 'nic')
      sheet.devices.push(deviceOf(model, new Map(), value.at, undefined));
  },
  audio: (sheet, { props, value }) => {
    const driver = lookup(AUDIO_DEVICES, props.get('model')?.value);
    if (driver) sheet.devices.push(deviceOf(driver, new Map(), value.at, undefined));
  },
  set: (sheet, { value }) => {
    if (/^(?:drive|chardev|audiodev|fsdev|spice|rtc|boot-opts)\./.test(value.value)) return;
    const part = `-set ${excerpt(value.value)}`;
    sheet.unread.push({ part, mayHold: ANYTHING, remedy: 'write it into the option itself', at: value.at });
  },
  virtfs: (sheet, { value }) => {
    sheet.devices.push(deviceOf('virtio-9p-pci', new Map(), value.at, undefined));
  },
  vga: (sheet, { value }) => {
    if (value.value === 'virtio') sheet.devices.push(deviceOf('virtio-vga', new Map(), value.at, undefined));
  },
  balloon: (sheet, { props, value }) => {
    if (props.get('type')?.value === 'virtio') {
      sheet.devices.push(deviceOf('virtio-balloon-pci', new Map(), value.at, undefined));
    }
  },
  drive: (sheet, { props, value }) => {
    if (props.get('if')?.value === 'virtio') {
      sheet.devices.push(deviceOf('virtio-blk-pci', new Map(), value.at, undefined));
    }
  },
  numa: readNuma,
  rtc: (sheet, { props }) => {
    const base = props.get('base');
    if (base?.value === 'localtime') sheet.localTime = base;
  },
  global: (sheet, { props }) => {
    append(sheet.globals, readGlobals(props));
  },
  name: (sheet, { props }) => {
    sheet.name = props.get('guest') ?? sheet.name;
  },
  append: (sheet, { value }) => {
    sheet.cmdline = value;
  },
  'no-hpet': (sheet, { value }) => {
    sheet.hpet = { value: false, at: value.at };
    sheet.oldOptions.push(value);
  },
  'no-acpi': (sheet, { value }) => {
    sheet.acpi = { value: false, at: value.at };
    sheet.oldOptions.push(value);
  },
  readconfig: (sheet, { value }) => {
    const file = excerpt(value.value);
    if (PROXMOX_CONFIGS.test(value.value)) {
      sheet.remarks.push(
        `${file} of -readconfig holds bridges and USB controllers of Proxmox, which are left out`,
      );
      return;
    }
    sheet.unread.push({
      part: `-readconfig ${file}`,
      mayHold: ANYTHING,
      remedy: 'give the file to irqsim as well',
      at: value.at,
    });
  },
} satisfies Readonly<Record<string, (sheet: Sheet, option: QemuOption) => void>>;

function readMachine(sheet: Sheet, { props: written }: QemuOption): void {
  const props = new Map([...written].map(([key, fact]) => [key.replaceAll('_', '-'), fact]));
  sheet.type = props.get('type') ?? sheet.type;
  sheet.accels = readMachineAccel(sheet.accels, props);
  sheet.hpet = switchFact(props, 'hpet') ?? sheet.hpet;
  sheet.defaultBusBypass = switchFact(props, 'default-bus-bypass-iommu') ?? sheet.defaultBusBypass;
  sheet.pcie = props.get('pcie') ?? sheet.pcie;
  const acpi = props.get('acpi');
  // microvm has "auto" too, which is on.
  if (acpi && acpi.value !== 'auto') sheet.acpi = switchFact(props, 'acpi');
  sheet.confidential = props.get('confidential-guest-support') ?? sheet.confidential;
  sheet.cmdline = props.get('append') ?? sheet.cmdline;
  readSmp(sheet, props, 'smp.');
  const { l2, unread } = readSmpCache(props);
  sheet.l2 = l2 ?? sheet.l2;
  append(sheet.unread, unread);
}

function tdxFact(
  objects: ReadonlyMap<string, string>,
  named: Fact<string> | undefined,
): Fact<boolean> | undefined {
  return named && { value: objects.get(named.value) === 'tdx-guest', at: named.at };
}

/** Repeated options merge key by key. */
function readSmp(sheet: Sheet, props: Props, prefix: string): void {
  for (const key of SMP_KEYS) {
    const fact = numberFact(props, prefix + key);
    if (!fact) continue;
    sheet.smp[key] = fact;
    sheet.smpAt ??= fact.at;
  }
}

/** The last `-cpu` counts, whole; the first part is the model. */
function readCpu(sheet: Sheet, { value, props, text }: QemuOption): void {
  sheet.cpuOption = text;
  sheet.cpuModel = { value: value.value.split(',')[0], at: value.at };
  ({ flags: sheet.cpuFlags, hvVendor: sheet.hvVendor } = readCpuFlags(props));
}

function deviceOf<Driver extends string>(
  driver: Driver,
  props: Props,
  at: Location | undefined,
  option: string | undefined,
): QemuDevice<Driver> {
  return { driver, id: props.get('id')?.value, props, at, option };
}

const SECOND_IOMMU = 'QEMU does not support multiple vIOMMUs for x86 yet.';

function readDevice(sheet: Sheet, { props, value, text }: QemuOption): void {
  const driver = props.get('driver')?.value;
  if (driver === undefined) return;
  if (driver === 'isa-applesmc') sheet.guestOs ??= { value: 'macOS', at: value.at };
  if (driver.endsWith('-x86_64-cpu')) {
    const apicId = numberFact(props, 'apic-id')?.value;
    const model = driver.replace(/-x86_64-cpu$/, '');
    sheet.plugged.push({ model, place: placeFrom(props), apicId, at: value.at, option: text });
  } else if (isKeyOf(IOMMU_DRIVERS, driver)) {
    const iommu = deviceOf(driver, props, value.at, text);
    if (sheet.iommu) sheet.refused.push({ value: deviceMessage(iommu, SECOND_IOMMU), at: iommu.at });
    sheet.iommu ??= iommu;
  } else sheet.devices.push(deviceOf(driver, props, value.at, text));
}

function placeFrom(props: Props): CpuPlace {
  const entries = PLACE_KEYS.flatMap((key) => {
    const fact = numberFact(props, key);
    return fact ? [[key, fact.value] as const] : [];
  });
  return Object.fromEntries(entries);
}

function readNuma(sheet: Sheet, { props, value, text }: QemuOption): void {
  const kind = props.get('type')?.value;
  if (kind === 'node') {
    const id = numberFact(props, 'nodeid')?.value ?? sheet.numaNodes.length;
    const memory = props.has('mem') || props.has('memdev');
    const cpus = indexRanges(props.get('cpus'));
    sheet.numaNodes.push({ id, cpus, memory, at: value.at, option: text });
  }
  if (kind === 'cpu') {
    const node = props.get('node-id');
    if (!node) {
      sheet.refused.push({ value: `${text}: Missing mandatory node-id property`, at: value.at });
      return;
    }
    sheet.numaPlaces.push({ node: wholeNumber(node, 'node-id'), place: placeFrom(props), at: value.at });
  }
}
