/** Properties of options that are neither read nor known to say nothing of CPUs and interrupts. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import type { UnreadPart } from '../notes.ts';
import { ANYTHING } from './account.ts';
import { DEVICE_MODELS, type DeviceModel, HOST_DEVICES, plainDriver } from './device-models.ts';
import { type Fact, SMP_KEYS } from './facts.ts';
import { readGlobals } from './globals.ts';
import { IOMMU_DRIVERS } from './iommu.ts';
import { isKnownFlag } from './known-cpu-flags.ts';
import { hasNoVectors, isOnMmio, LEFT_OUT } from './known-devices.ts';
import * as known from './known-properties.ts';
import type { QemuOption } from './option.ts';
import { optionKind } from './option-names.ts';

/** What of an option is not known; what only the shell knows is named elsewhere (account.ts). */
export function unreadProperties(option: QemuOption): readonly UnreadPart[] {
  const { name, value } = option;
  if (isKeyOf(BY_OPTION, name)) return BY_OPTION[name](option);
  if (optionKind(name) !== undefined) return [];
  return [{ part: `[${excerpt(name)}]`, mayHold: ANYTHING, remedy: undefined, at: value.at }];
}

type Names = ReadonlySet<string>;
type Check = (option: QemuOption) => readonly UnreadPart[];

const written = (key: string, { value }: Fact<string>): string => excerpt(`${key}=${value}`);

/** The properties of an option that are in none of the lists; those with a dot may be somebody else's. */
function others(
  { name, props }: QemuOption,
  lists: readonly Names[],
  mayHold: readonly MayHold[],
  of = `-${name}`,
  dotted = false,
): UnreadPart[] {
  return [...props].flatMap(([key, fact]) => {
    const base = key.split('.')[0];
    if (/[$%`]/.test(key) || (dotted && base !== key)) return [];
    if (lists.some((list) => list.has(key) || list.has(base))) return [];
    return [{ part: `${written(key, fact)} of ${of}`, mayHold, remedy: undefined, at: fact.at }];
  });
}

/** A first value that is none of those that are known. */
function otherType({ name, props }: QemuOption, key: string, types: Names, mayHold: readonly MayHold[]) {
  const type = props.get(key);
  if (!type || types.has(type.value) || /[$%`]/.test(type.value)) return [];
  return [{ part: `-${name} ${excerpt(type.value)}`, mayHold, remedy: undefined, at: type.at }];
}

const BY_OPTION = {
  machine: ofMachine,
  accel: (option) => others(dashed(option), [known.OF_ACCEL], ['the irqchip']),
  cpu: ({ props, value }) => {
    const model = value.value.split(',')[0];
    return unknownFlags(new Map([...props].filter(([key]) => key !== model)), '-cpu');
  },
  device: ofDevice,
  netdev: (option) => [
    ...otherType(option, 'type', known.NET_BACKENDS, ['devices']),
    ...others(option, [known.OF_NETDEV], ['devices']),
  ],
  nic: ofNic,
  net: ofNic,
  numa: ofNuma,
  object: ofObject,
  global: ofGlobal,
  drive: (option) => others(option, [known.OF_DRIVE], [], '-drive', true),
  virtfs: (option) => others(option, [known.OF_VIRTFS], []),
  name: () => [],
  audio: (option) => otherType(option, 'model', known.SOUND_MODELS, ['devices']),
  rtc: (option) => others(option, [known.OF_RTC], []),
  vga: (option) => otherType(option, 'type', known.DISPLAYS, ['devices']),
  balloon: (option) => otherType(option, 'type', known.BALLOONS, ['devices']),
  chardev: (option) => [
    ...otherType(option, 'backend', known.CHARDEVS, []),
    ...others(option, [known.OF_CHARDEV], []),
  ],
} satisfies Readonly<Record<string, Check>>;

/** "kernel_irqchip" is "kernel-irqchip". */
const dashed = (option: QemuOption): QemuOption => ({
  ...option,
  props: new Map([...option.props].map(([key, fact]) => [key.replaceAll('_', '-'), fact])),
});

const SMP: Names = new Set(SMP_KEYS.map((key) => `smp.${key}`));
/** Which CPUs share a cache: smp-cache.ts reads it, and names what it does not know. */
const SMP_CACHE = /^smp-cache\.\d+\.(?:cache|topology)$/;

function ofMachine(option: QemuOption): UnreadPart[] {
  const { name, value, text, props } = dashed(option);
  const rest = new Map(
    [...props].filter(([key]) => {
      const [base, member] = key.split('.');
      if (member === undefined) return true;
      return !SMP.has(key) && !SMP_CACHE.test(key) && !known.MEMBERS_OF_MACHINE.has(base);
    }),
  );
  const whole: Names = new Set([...rest.keys()].filter((key) => known.OF_MACHINE.has(key)));
  const left = new Map([...rest].filter(([key]) => !whole.has(key)));
  return others({ name, value, text, props: left }, [], ['the machine type', 'the irqchip']);
}

/** "+x2apic", "-kvm", "hv_relaxed=on": what is not known of a CPU. */
function unknownFlags(props: QemuOption['props'], of: string): UnreadPart[] {
  return [...props].flatMap(([key, fact]) => {
    const sign = /^[+-]/.exec(key)?.[0] ?? '';
    const flag = key.slice(sign.length).replaceAll('_', '-');
    const isOff = sign === '-' || (sign === '' && /^(?:off|no|false)$/.test(fact.value));
    if (/[$%`]/.test(key) || isKnownFlag(flag, isOff)) return [];
    const part = `${sign === '' ? written(key, fact) : excerpt(key)} of ${of}`;
    return [{ part, mayHold: ['CPUs'] as const, remedy: undefined, at: fact.at }];
  });
}

/** Properties of models that decide, whoever has them. */
const OF_IOMMU: Names = new Set(['intremap', 'eim', 'xtsup']);
const OF_ROOT_BUS: Names = new Set(['bypass_iommu', 'numa_node']);
const OF_NET: Names = new Set(['mq']);
const OF_SERIAL: Names = new Set(['max_ports']);
/** Of CPUs that are plugged. */
const OF_PLACE: Names = new Set([
  'driver',
  'id',
  'apic-id',
  'socket-id',
  'die-id',
  'module-id',
  'core-id',
  'thread-id',
  'node-id',
]);

/** The deciding properties that a device is known to have; undefined: nothing that it has decides. */
function deciding(driver: string): Names | undefined {
  if (isKeyOf(IOMMU_DRIVERS, driver)) return OF_IOMMU;
  if (/^pxb(?:-pcie|-cxl)?$/.test(driver)) return OF_ROOT_BUS;
  const plain = plainDriver(driver);
  const model: DeviceModel | undefined = lookup(DEVICE_MODELS, plain);
  if (!model) return undefined;
  const keys = [model.queueKey, model.oldQueueKey, model.vectorKey].filter((key) => key !== undefined);
  const special = plain === 'virtio-net-pci' ? OF_NET : model.taken ? OF_SERIAL : [];
  return new Set([...keys, ...special]);
}

/** Deciding properties that a device without queues may have: how it interrupts does not matter then. */
const OF_OTHERS: Names = new Set([
  'vectors',
  'msi',
  'msix',
  'use_msg',
  'num-queues',
  'num_queues',
  'numa_node',
  'x-msix-relocation',
]);

function ofDevice(option: QemuOption): readonly UnreadPart[] {
  const { props } = option;
  const driver = props.get('driver')?.value;
  if (driver === undefined) {
    return [
      { part: '-device without a driver', mayHold: ['devices'], remedy: undefined, at: option.value.at },
    ];
  }
  const of = `-device ${excerpt(driver)}`;
  if (driver.endsWith('-x86_64-cpu')) {
    return unknownFlags(new Map([...props].filter(([key]) => !OF_PLACE.has(key))), of);
  }
  const decides = deciding(driver);
  if (decides) return others(option, [known.IDLE_OF_DEVICES, decides], ['devices'], of);
  return isDevicePart(driver) ? others(option, [known.IDLE_OF_DEVICES, OF_OTHERS], [], of) : [];
}

function ofNic(option: QemuOption): UnreadPart[] {
  return [
    ...otherType(option, 'type', known.NET_BACKENDS, ['devices']),
    ...others(option, [known.OF_NETDEV, known.OF_NIC], ['devices']),
  ];
}

function ofNuma(option: QemuOption): UnreadPart[] {
  const type = option.props.get('type')?.value ?? '';
  const list = lookup<Readonly<Record<string, Names>>>(known.OF_NUMA, type);
  if (list) return others(option, [list], ['CPUs'], `-numa ${type}`);
  const part = `-numa ${excerpt(type)}`.trim();
  return /[$%`]/.test(type) ? [] : [{ part, mayHold: ['CPUs'], remedy: undefined, at: option.value.at }];
}

function ofObject(option: QemuOption): UnreadPart[] {
  const type = option.props.get('qom-type')?.value ?? '';
  if (known.CONFIDENTIAL.has(type))
    return others(option, [known.OF_OBJECTS], ['the irqchip'], `-object ${type}`);
  if (known.OBJECTS.has(type)) return others(option, [known.OF_OBJECTS], [], `-object ${type}`);
  return otherType(option, 'qom-type', known.OBJECTS, ['devices', 'the irqchip']);
}

/** Parts of the machine that -global may change and that interrupt nobody's queue. */
const IDLE_PARTS =
  /^(?:ICH9-LPC|PIIX4_PM|piix4-ide|PIIX3|PIIX|mch|i440FX(?:-pcihost)?|q35-pcihost|mc146818rtc|kvm-pit|isa-pit|pit-common|fw_cfg(?:_io|_mem)?|migration|isa-debugcon|vmport|vmmouse|i8042|isa-fdc|floppy|cfi\.pflash01|kvmvapic|kvmclock|kvm-i8259|isa-i8259|hda-audio|port92|acpi-ged|memory-backend-\w+|rng-\w+|virtio-device|virtio-pci|scsi-device|ide-device|usb-device|pci-device|PCIDevice|isa-device|device|tpm-\w+|smbus-\w+|ich9-smb|SMBus|iothread)$/i;

/** Devices that are left out, for they have no queues or their queues are the host's. */
function isDevicePart(driver: string): boolean {
  const plain = plainDriver(driver);
  return hasNoVectors(plain) || isKeyOf(LEFT_OUT, plain) || HOST_DEVICES.includes(plain) || isOnMmio(plain);
}

/** Deciding properties of the timer. */
const OF_HPET: Names = new Set(['msi', 'timers', 'hpet-intcap', 'hpet-offset-saved']);

function ofGlobal(option: QemuOption): UnreadPart[] {
  const globals = readGlobals(option.props);
  const { at } = option.value;
  if (globals.length === 0) {
    const part = `-global ${excerpt(option.value.value)}`.trim();
    return [{ part, mayHold: ['devices'], remedy: undefined, at }];
  }
  return globals.flatMap(({ driver, property, fact }) => {
    if (/[$%`]/.test(driver) || IDLE_PARTS.test(driver)) return [];
    const outer = driver.replace(/-device$/, '-pci');
    const decides = driver === 'hpet' ? OF_HPET : (deciding(driver) ?? deciding(outer));
    const isPart = decides !== undefined || isDevicePart(driver) || isDevicePart(outer);
    const lists = [known.IDLE_OF_DEVICES, decides ?? OF_OTHERS];
    if (isPart && lists.some((list) => list.has(property))) return [];
    const mayHold: readonly MayHold[] = isPart
      ? decides
        ? ['devices']
        : []
      : ['CPUs', 'devices', 'the irqchip'];
    return [
      {
        part: `-global ${excerpt(`${driver}.${property}=${fact.value}`)}`,
        mayHold,
        remedy: undefined,
        at: fact.at,
      },
    ];
  });
}
