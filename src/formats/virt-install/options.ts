/** Options of virt-install: how they are written, and which say nothing of CPUs, interrupts and devices. */
import { lookup } from '../../lib/lookup.ts';
import { names } from '../../lib/names.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import type { Props } from '../qemu/facts.ts';
import { type Place, parseOption } from '../qemu/option.ts';
import type { Word } from '../text/shell.ts';

/** Options without bearing, with all that is behind them. */
export const NO_BEARING =
  names(`name memory ram import cdrom location pxe install unattended cloud-init graphics serial parallel
  redirdev smartcard tpm panic watchdog audio autoconsole noautoconsole wait noreboot print-xml dry-run check connect
  description metadata events resource sysinfo keywrap security seclabel blkiotune memorybacking memtune numatune cputune
  pm autostart transient destroy-on-exit debug quiet initrd-inject extra-args idmap container accelerate hvm
  nographics vnc sdl prompt force nodisks numcpus uuid`);

/** Switches that take no value. */
const SWITCHES =
  names(`import pxe autoconsole noautoconsole noreboot dry-run autostart transient destroy-on-exit debug quiet
  accelerate hvm paravirt nographics vnc sdl noacpi noapic prompt force nonetworks nodisks`);

/** Short options, and old names, by the long one. */
const ALIASES = {
  n: 'name',
  r: 'memory',
  c: 'cdrom',
  l: 'location',
  f: 'disk',
  w: 'network',
  d: 'debug',
  q: 'quiet',
  v: 'hvm',
  p: 'paravirt',
  u: 'uuid',
  x: 'extra-args',
  controllers: 'controller',
  net: 'network',
  'host-device': 'hostdev',
  'os-type': 'os-variant',
  osinfo: 'os-variant',
} as const;

export interface Given {
  /** In full, without dashes. */
  readonly name: string;
  readonly value: Word | undefined;
  readonly word: Word;
}

/** `--name value`, `--name=value` and `-n value`; other words are `loose`. */
export function optionsOf(words: readonly Word[]): { options: readonly Given[]; loose: readonly Word[] } {
  const options: Given[] = [];
  const loose: Word[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const [, written, inline] = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word.text) ?? [];
    if (written === undefined) {
      if (word.text !== '') loose.push(word);
      continue;
    }
    const name = lookup(ALIASES, written) ?? written;
    if (inline !== undefined) {
      const skip = word.text.length - inline.length;
      const value = { ...word, text: inline, at: (offset: number) => word.at(offset + skip) };
      options.push({ name, word, value });
    } else if (SWITCHES.has(name) || /^--?[A-Za-z]/.test(words[index + 1]?.text ?? '--')) {
      options.push({ name, word, value: undefined });
    } else options.push({ name, word, value: words[++index] });
  }
  return { options, loose };
}

/** The part before the first comma, as libvirt's tools take it. */
const FIRST = {
  vcpus: 'vcpus',
  disk: 'path',
  network: 'type',
  controller: 'type',
  cpu: 'model',
  hostdev: 'name',
  iommu: 'model',
  filesystem: 'source',
  machine: 'machine',
  'virt-type': 'virt-type',
  arch: 'arch',
  'os-variant': 'os-variant',
  launchSecurity: 'type',
  memballoon: 'model',
  rng: 'type',
  sound: 'model',
  video: 'model',
  vsock: 'model',
  input: 'type',
  channel: 'type',
  console: 'type',
  shmem: 'name',
  memdev: 'model',
  boot: 'boot',
} as const;

/** The part behind it, where it may have no name either. */
const SECOND = { filesystem: 'target' } as const;

/** The parts of an option, by name. */
export function propsOf({ name, value }: Given, place: Place): Props {
  if (!value) return new Map();
  const written = value.text.split(',');
  const implied = [lookup(FIRST, name), lookup(SECOND, name)];
  const { props } = parseOption('virt-install', value, place);
  return new Map(
    [...props].map(([key, fact], index) => {
      const own = implied[index];
      return own === undefined || written[index]?.includes('=')
        ? [key, fact]
        : [own, { ...fact, value: key }];
    }),
  );
}

/** Parts of options that are read or have no bearing, and what others may hold. */
export interface KnownParts {
  readonly parts: RegExp;
  readonly mayHold: readonly MayHold[];
}

const ANY_DEVICE =
  'address\\..*|alias\\.name|boot[._]order|boot\\.loadparm|rom[._].*|acpi\\.index|source[._]?.*|clearxml';
const VIRTIO = 'driver[._](?:name|iommu|ats|packed|page_per_vq|ioeventfd|event_idx)';
const device = (parts: string): KnownParts => ({
  parts: new RegExp(`^(?:${ANY_DEVICE}|${VIRTIO}|${parts})$`),
  mayHold: ['devices'],
});

export const PARTS = {
  vcpus: {
    parts:
      /^(?:vcpus|maxvcpus|sockets|dies|clusters|cores|threads|cpuset|(?:vcpu\.)?(?:current|placement|cpuset))$/,
    mayHold: ['CPUs'],
  },
  cpu: {
    parts:
      /^(?:model|mode|match|check|migratable|secure|clearxml|vendor|model[._](?:fallback|vendor_id)|cache\..*|maxphysaddr\..*|[+-][\w.-]+|(?:force|require|optional|disable|forbid)|topology\.(?:sockets|dies|cores|threads|clusters))$/,
    mayHold: ['CPUs'],
  },
  features: {
    parts:
      /^(?:clearxml|acpi|apic(?:[._]eoi)?|eoi|pae|hap|viridian|privnet|pmu(?:\.state)?|pvspinlock(?:\.state)?|smm(?:\.state)?|smm\.tseg.*|vmport(?:\.state)?|gic[._]version|vmcoreinfo(?:\.state)?|vmcoreinfo|kvm[._]hidden(?:\.state)?|kvm\.(?:hint-dedicated|poll-control|pv-ipi)\.state|ioapic\.driver|hyperv[._].*|htm\.state|msrs\.unknown)$/,
    mayHold: ['CPUs', 'the irqchip'],
  },
  machine: { parts: /^machine$/, mayHold: ['the machine type'] },
  'virt-type': { parts: /^virt-type$/, mayHold: ['the machine type', 'the irqchip'] },
  arch: { parts: /^arch$/, mayHold: ['CPUs'] },
  'os-variant': {
    parts: /^(?:os-variant|name|id|short-id|detect|require)$/,
    mayHold: ['devices'],
  },
  boot: {
    parts:
      /^(?:boot|cdrom|hd|network|fd|menu|uefi|bootmenu\..*|bios\..*|smbios[._]mode|init.*|kernel|initrd|dtb|kernel_args|cmdline|loader.*|nvram.*|firmware.*|rebootTimeout|useserial|boot\d+\.dev|acpi\..*|arch|machine|domain_type|os_type|emulator|shim)$/,
    mayHold: ['the machine type', 'the kernel'],
  },
  clock: {
    parts: /^(?:offset|clearxml|\w+_(?:present|tickpolicy)|timer\d+\..*|timezone|basis|adjustment|start)$/,
    mayHold: [],
  },
  launchSecurity: {
    parts:
      /^(?:type|policy|cbitpos|reducedPhysBits|dhCert|session|kernelHashes|authorKey|vcek|guestVisibleWorkarounds|idBlock|idAuth|hostData|mrConfigId|mrOwner|mrOwnerConfig|quoteGenerationService\..*)$/,
    mayHold: ['the irqchip'],
  },
  disk: device(
    `path|size|device|bus|format|cache|io|discard|detect_zeroes|perms|sparse|readonly|shareable|transient.*|type|pool|vol|serial|wwn
    |snapshot(?:[._]policy)?|sgio|startup_policy|logical_block_size|physical_block_size|blockio\\..*|backing_(?:store|format)|removable
    |target(?:[._](?:dev|bus|removable|rotation_rate))?|driver[._](?:queues|queue_size|cache|io|discard|detect_zeroes|type|copy_on_read|error_policy|iothread|metadata_cache.*)
    |error_policy|iotune\\..*|(?:read|write|total)_(?:bytes|iops)_sec|geometry\\..*|reservations\\..*|seclabel.*|model|mirror.*|encryption.*|iothread`.replace(
      /\s+/g,
      '',
    ),
  ),
  network: device(
    `type|bridge|network|model(?:\\.type)?|mac(?:[._]address)?|target(?:\\.dev|_dev)?|filterref.*|portgroup|virtualport.*|link[._]state|mtu\\.size
    |driver[._](?:queues|rx_queue_size|tx_queue_size|txmode|rss|host.*|guest.*)|trustGuestRxFilters|hostdev|bandwidth\\..*|tune\\..*|backend\\..*|portForward.*|passt|xpath.*|managed|script.*`.replace(
      /\s+/g,
      '',
    ),
  ),
  controller: device(
    `type|model|index|ports|vectors|master(?:\\.startport)?|target\\..*|driver[._](?:queues|cmd_per_lun|max_sectors|iothread)|maxGrantFrames|num_pcie_root_ports`,
  ),
  hostdev: device('name|type|mode|managed|driver[._]name|teaming.*|mac.*|virtualport.*|model|display|ramfb'),
  filesystem: device(
    `type|accessmode|mode|target(?:\\.dir)?|readonly|space_.*|driver[._](?:type|format|wrpolicy|queue|queue_size)|binary\\..*|fmode|dmode|multidevs`,
  ),
  iommu: device(
    `model|driver[._](?:intremap|eim|caching_mode|xtsup|iotlb|aw_bits|dma_translation|passthrough|granule)`,
  ),
  memballoon: device('model|autodeflate|freePageReporting|stats[._]period'),
  rng: device(
    'type|device|model|backend[._].*|rate[._].*|(?:host|port|service|mode|path|protocol|connect|bind).*',
  ),
  sound: device('model|codec\\d*\\..*|audio\\.id|multichannel|streams'),
  video: device('model(?:[._].*)?|heads|vram|ram|vgamem|vram64|driver\\..*'),
  vsock: device('model|auto[._]?cid|cid(?:[._].*)?'),
  input: device('type|bus|model'),
  channel: device('type|name|target[._]?.*|host|port|protocol.*|path|mode|log\\..*|clipboard.*|mouse.*'),
  console: device('type|target[._]?.*|path|host|port|protocol.*|log\\..*'),
  memdev: device('model|access|discard|uuid|target\\..*'),
  shmem: device('name|role|model(?:\\.type)?|size.*|server\\.path|msi\\.(?:enabled|vectors|ioeventfd)'),
} as const satisfies Readonly<Record<string, KnownParts>>;
