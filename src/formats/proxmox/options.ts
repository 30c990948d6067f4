/**
 * A Proxmox VE configuration → the QEMU options that qemu-server would write
 * (docs/model/importing.md#proxmox-ve).
 */

import { lookup } from '../../lib/lookup.ts';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Location } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import { furtherOptions } from '../qemu/account.ts';
import { isCpuModel } from '../qemu/cpu-models.ts';
import type { Fact } from '../qemu/facts.ts';
import { machineType } from '../qemu/machine-type.ts';
import { type Entry, given, buildOption as option, type Place, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import { wordsIn } from '../text/shell.ts';
import type { Version } from '../version.ts';
import { type Config, numbered, properties, type Setting } from './config.ts';
import { configDevices } from './devices.ts';

/** The QEMU that would run the machine. */
export interface Qemu {
  readonly text: string;
  readonly version: Version;
}

const NEEDS_Q35 = 'to use Intel vIOMMU please set the machine type to q35';

/** Options for a configuration; Proxmox's defaults and errors are noted. */
export function configOptions(config: Config, qemu: Qemu, place: Place, notes: Notes): QemuOption[] {
  refuseOtherArchitectures(config);
  const ostype = config.get('ostype')?.value ?? '';
  const { version } = machineType(
    properties(config.get('machine'), 'type').get('type')?.value ?? 'pc',
    qemu.text,
    qemu.version,
  );
  const hasXhci = version >= XHCI_SINCE && XHCI_GUESTS.test(ostype);
  return [
    ...machineOptions(config, qemu, notes),
    ...confidential(config),
    ...nameAndCpu(config, notes),
    ...cpuOptions(config, notes),
    ...configDevices(config, { version, hasXhci, notes }),
    ...extraArguments(config, place, notes),
  ];
}

/** USB devices hang on an xHCI controller from this machine version on, for these guests. */
const XHCI_SINCE: Version = 7_001;
const XHCI_GUESTS = /^(?:l26|win(?:8|10|11))$/;

function refuseOtherArchitectures(config: Config): void {
  const arch = config.get('arch');
  if (!arch || arch.value === 'x86_64') return;
  throw errorAt(arch.at, `arch: ${excerpt(arch.value)}: only x86 machines are simulated`);
}

/** QEMU's objects of confidential guests. */
const CONFIDENTIAL = { 'amd-sev': 'sev-guest', 'intel-tdx': 'tdx-guest' } as const;

function confidential(config: Config): QemuOption[] {
  return Object.entries(CONFIDENTIAL).flatMap(([key, type]) => {
    const setting = config.get(key);
    if (!setting || /^(?:type=)?(?:0|off)\b/.test(setting.value)) return [];
    const id = key === 'amd-sev' ? 'sev0' : 'tdx0';
    return [
      option('object', setting.at, [
        ['qom-type', { value: type, at: setting.at }],
        ['id', given(id)],
      ]),
      option('machine', setting.at, [['confidential-guest-support', { value: id, at: setting.at }]]),
    ];
  });
}

/** Other systems than Linux, by ostype. */
const SYSTEMS = {
  wxp: 'Windows',
  w2k: 'Windows',
  w2k3: 'Windows',
  w2k8: 'Windows',
  wvista: 'Windows',
  win7: 'Windows',
  win8: 'Windows',
  win10: 'Windows',
  win11: 'Windows',
  solaris: 'Solaris',
} as const;

/** The operating system that ostype names; undefined: Linux, or nothing is said. */
export function guestOs(config: Config): Fact<string> | undefined {
  const ostype = config.get('ostype');
  const name = lookup(SYSTEMS, ostype?.value);
  return name === undefined ? undefined : { value: name, at: ostype?.at };
}

const isOff = (setting: Setting | undefined): boolean => setting?.value === '0';

/** Windows from Vista on does without the HPET; Linux from machine version 10.1 on. */
const WINDOWS = /^(?:wvista|w2k8|win\d+)$/;
const LINUX_WITHOUT_HPET: Version = 10_001;
/** Windows machines without a version stay at this one. */
const WINDOWS_VERSION = '5.1';

function machineOptions(config: Config, qemu: Qemu, notes: Notes): QemuOption[] {
  const setting = config.get('machine');
  const props = properties(setting, 'type');
  const ostype = config.get('ostype');
  const isWindows = WINDOWS.test(ostype?.value ?? '');
  const written = props.get('type');
  const type = isWindows ? pinned(written, notes) : written;
  if (!written) notes.assume('without machine: the type is pc');
  const resolved = machineType(type?.value ?? 'pc', qemu.text, qemu.version);
  const viommu = props.get('viommu')?.value;
  const entries: Entry[] = [
    ['type', type ?? given('pc')],
    ['accel', isOff(config.get('kvm')) ? { value: 'tcg', at: config.get('kvm')?.at } : given('kvm')],
  ];
  if (isOff(config.get('acpi'))) entries.push(['acpi', { value: 'off', at: config.get('acpi')?.at }]);
  if (isWindows || (ostype?.value === 'l26' && resolved.version >= LINUX_WITHOUT_HPET)) {
    notes.assume(`ostype ${ostype?.value} on ${resolved.name} has no HPET`, ['hpet']);
    entries.push(['hpet', { value: 'off', at: ostype?.at }]);
  }
  if (viommu === 'intel') entries.push(['kernel-irqchip', { value: 'split', at: setting?.at }]);
  return [option('machine', setting?.at, entries), ...iommuOptions(viommu, resolved.family, setting, notes)];
}

function pinned(type: Fact<string> | undefined, notes: Notes): Fact<string> {
  const name = type?.value ?? 'pc';
  const full = name === 'pc' ? 'pc-i440fx' : name === 'q35' ? 'pc-q35' : undefined;
  if (full === undefined) return type ?? given(name);
  notes.assume(`Windows machines without a version are ${full}-${WINDOWS_VERSION}`);
  return { value: `${full}-${WINDOWS_VERSION}`, at: type?.at };
}

function iommuOptions(
  viommu: string | undefined,
  family: string,
  setting: Setting | undefined,
  notes: Notes,
): QemuOption[] {
  if (viommu === 'virtio') return [option('device', setting?.at, [['driver', given('virtio-iommu-pci')]])];
  if (viommu !== 'intel') return [];
  if (family !== 'q35' && family !== 'other') {
    notes.fail(NEEDS_Q35, setting?.at, { fix: ['machine: q35,viommu=intel'] });
    return [];
  }
  return [
    option('device', setting?.at, [
      ['driver', given('intel-iommu')],
      ['intremap', { value: 'on', at: setting?.at }],
      ['caching-mode', { value: 'on', at: setting?.at }],
    ]),
  ];
}

/** Models of qemu-server's own: what QEMU is asked for in their place. */
const LEVELS = /^x86-64-v[234]/;
/** Names of its list that QEMU has no more. */
const OWN_MODELS =
  /^(?:Icelake-Client(?:-noTSX)?|EPYC(?:-\w+)?(?:-v\d+)?|host|max|kvm(?:32|64)|qemu(?:32|64))$/;

/** A name as QEMU gets it. Custom models are in another file. */
function cpuModel(cpu: Setting | undefined, name: string | undefined, notes: Notes): string {
  if (name === undefined) return 'kvm64';
  if (LEVELS.test(name)) return 'qemu64';
  if (!name.startsWith('custom-')) {
    const isKnown = isCpuModel(name) || OWN_MODELS.test(name) || /[$`]/.test(name);
    if (!isKnown) notes.notUnderstood(`the CPU model ${excerpt(name)}`, cpu?.at, ['CPUs']);
    return name;
  }
  notes.notUnderstood(`the CPU model ${name} of /etc/pve/virtual-guest/cpu-models.conf`, cpu?.at, ['CPUs']);
  return 'kvm64';
}

function nameAndCpu(config: Config, notes: Notes): QemuOption[] {
  const name = config.get('name');
  const cpu = config.get('cpu');
  const props = properties(cpu, 'cputype');
  const flags = (props.get('flags')?.value ?? '').split(';').filter((flag) => /^[+-]/.test(flag));
  const entries: Entry[] = flags.map((flag) => [flag, { value: 'on', at: cpu?.at }]);
  const vendor = props.get('hv-vendor-id');
  if (vendor) entries.push(['hv-vendor-id', vendor]);
  if (props.get('hidden')?.value === '1') entries.push(['kvm', { value: 'off', at: cpu?.at }]);
  const ostype = config.get('ostype');
  if (ostype?.value === 'solaris') entries.push(['-x2apic', { value: 'on', at: ostype.at }]);
  const model = cpuModel(cpu, props.get('cputype')?.value, notes);
  return [
    option('name', name?.at, [['guest', name]]),
    { ...option('cpu', cpu?.at, entries), value: { value: model, at: cpu?.at } },
  ];
}

function number(setting: Setting | undefined, key: string): number | undefined {
  return setting && wholeNumber(setting, key);
}

/** What `hotplug` means when it is on without a list, or not there. */
const HOTPLUG = 'network,disk,usb';

function cpuOptions(config: Config, notes: Notes): QemuOption[] {
  const socketsSetting = config.get('sockets') ?? config.get('smp');
  const sockets = number(socketsSetting, 'sockets') ?? 1;
  const cores = number(config.get('cores'), 'cores') ?? 1;
  const max = sockets * cores;
  const at = config.get('cores')?.at ?? socketsSetting?.at;
  if (max < 1 || max > LIMITS.cpus) {
    throw errorAt(at, `${grouped(max)} CPUs; from 1 to ${grouped(LIMITS.cpus)} are possible`);
  }
  const vcpus = config.get('vcpus');
  // More than there are is what QEMU refuses.
  const present = Math.max(1, number(vcpus, 'vcpus') ?? max);
  const hotplug = config.get('hotplug');
  const kinds = !hotplug || hotplug.value === '1' ? HOTPLUG : hotplug.value;
  const plugs = kinds.split(/[,;]/).includes('cpu');
  if (plugs) notes.assume('hotplug with cpu starts one CPU and plugs the others: -smp 1');
  const smp = option('smp', at, [
    ['cpus', plugs ? { value: '1', at: hotplug?.at } : { value: String(present), at: vcpus?.at ?? at }],
    ['maxcpus', { value: String(max), at }],
    ['sockets', { value: String(sockets), at: socketsSetting?.at }],
    ['cores', { value: String(cores), at: config.get('cores')?.at }],
    ['threads', given('1')],
  ]);
  const plugged = plugs ? pluggedCpus(Math.min(present, max + 1), cores, vcpus?.at ?? hotplug?.at) : [];
  return [smp, ...plugged, ...numaOptions(config, sockets, cores)];
}

/** CPUs 1 … present - 1. */
function pluggedCpus(present: number, cores: number, at: Location | undefined): QemuOption[] {
  return Array.from({ length: present - 1 }, (_, before) => {
    const index = before + 1;
    return option('device', at, [
      ['driver', given('cpu-x86_64-cpu')],
      ['socket-id', given(String(Math.floor(index / cores)))],
      ['core-id', given(String(index % cores))],
      ['thread-id', given('0')],
    ]);
  });
}

function numaOptions(config: Config, sockets: number, cores: number): QemuOption[] {
  const numa = config.get('numa');
  if (!numa || numa.value === '0') return [];
  const written = numbered(config, 'numa');
  const node = (id: number, cpus: string, at: Location | undefined) =>
    option('numa', at, [
      ['type', given('node')],
      ['nodeid', given(String(id))],
      ['cpus', { value: cpus, at }],
    ]);
  if (written.length === 0) {
    return Array.from({ length: sockets }, (_, id) =>
      node(id, cores === 1 ? String(id) : `${id * cores}-${(id + 1) * cores - 1}`, numa.at),
    );
  }
  return written.map(({ number: id, setting }) => {
    const cpus = properties(setting, 'cpus').get('cpus')?.value ?? '';
    return node(id, cpus.replaceAll(';', ','), setting.at);
  });
}

/** `args:` are words of the command line. */
function extraArguments(config: Config, place: Place, notes: Notes): QemuOption[] {
  const args = config.get('args');
  if (!args) return [];
  return furtherOptions(
    wordsIn(args.value, (index) => args.offset + index),
    place,
    notes,
  );
}
