/** Elements and attributes of libvirt's domain format (up to 12.8): read elsewhere, or without bearing on CPUs and interrupts. */
import type { MayHold } from '../../machine/not-understood.ts';

/** What is known of an element. */
export interface Part {
  /** Children whose inside is looked at, by name. */
  readonly inside?: Readonly<Record<string, Part>>;
  /** Children that are read elsewhere, or have no bearing: what they hold is held against the idle parts. */
  readonly whole: readonly string[];
  /** Attributes; undefined: any. */
  readonly attributes?: readonly string[];
  /** What a child or an attribute that is not known may hold. */
  readonly mayHold: readonly MayHold[];
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const leaf = (mayHold: readonly MayHold[], attributes: string): Part => ({
  whole: [],
  attributes: words(attributes),
  mayHold,
});

const ADDRESS = leaf(
  ['devices'],
  'type domain bus slot function multifunction controller target unit port reg cssid ssid devno iobase irq base uuid',
);
const MODEL = {
  ...leaf(['devices'], 'name type heads vram vram64 ram vgamem primary blob edid'),
  whole: words('acceleration resolution'),
};

/** Parts that any device may have. */
const ANY_DEVICE = 'alias boot acpi source rom master product vendor serial wwn teaming virtualport';

function device(attributes: string, children = '', inside: Part['inside'] = {}): Part {
  return {
    inside: { address: ADDRESS, ...inside },
    whole: words(`${ANY_DEVICE} ${children}`),
    attributes: words(attributes),
    mayHold: ['devices'],
  };
}

/** Settings of virtio that any of its devices has. */
const VIRTIO = 'iommu ats packed page_per_vq';
const driver = (attributes: string, children = ''): { readonly driver: Part } => ({
  driver: { ...leaf(['devices'], `${VIRTIO} ${attributes}`), whole: words(children) },
});

/** Devices that have no message interrupts, or none that anybody decides here: taken with all that is in them. */
const WHOLE_DEVICES = words(
  `emulator graphics audio serial parallel smartcard hub redirdev redirfilter nvram lease pstore panic watchdog tpm`,
);

const CHARACTER = device('type tty', 'protocol log encryption', {
  target: leaf(['devices'], 'type name state port address'),
});

const DEVICES = {
  disk: device(
    'type device model snapshot rawio sgio',
    `auth backenddomain backingStore blockio encryption geometry iotune mirror readonly shareable transient throttlefilters
    reservations snapshot`,
    {
      target: leaf(['devices'], 'dev bus tray removable rotation_rate dpofua'),
      ...driver(
        `name type cache error_policy rerror_policy io ioeventfd event_idx copy_on_read discard iothread detect_zeroes
        discard_no_unref queues queue_size`,
        'metadata_cache iothreads statistics',
      ),
    },
  ),
  controller: device('type index model ports vectors maxEventChannels maxGrantFrames', '', {
    model: leaf(['devices'], 'name'),
    target: {
      ...leaf(['devices'], 'chassisNr chassis port busNr index hotplug memReserve'),
      whole: ['node'],
    },
    ...driver('queues cmd_per_lun max_sectors ioeventfd event_idx iothread', 'iothreads'),
  }),
  interface: device(
    'type managed trustGuestRxFilters model',
    `mac bandwidth filterref guest link mtu tune script downscript ip route actual backend portOptions portForward vlan port
    coalesce hub local backenddomain`,
    {
      target: leaf(['devices'], 'dev managed'),
      model: leaf(['devices'], 'type'),
      ...driver(
        'name txmode ioeventfd event_idx queues rx_queue_size tx_queue_size rss rss_hash_report model',
        'host guest',
      ),
    },
  ),
  hostdev: device('mode type managed sgio rawio model display ramfb', 'readonly shareable ip route', {
    ...driver('name model iommufd'),
  }),
  filesystem: device(
    'type accessmode fmode dmode multidevs model',
    'binary readonly space_hard_limit space_soft_limit acl idmap',
    { target: leaf(['devices'], 'dir'), ...driver('type format name wrpolicy queue queue_size') },
  ),
  rng: device('model', 'rate backend', driver('')),
  memballoon: device('model autodeflate freePageReporting', 'stats', driver('')),
  crypto: device('model type', 'backend', driver('queues')),
  vsock: device('model', 'cid', driver('')),
  input: device('type bus model', '', driver('')),
  sound: device('model multichannel streams', 'codec audio', driver('')),
  video: device('', '', { model: MODEL, ...driver('name vgaconf') }),
  shmem: device('name role', 'size', {
    model: leaf(['devices'], 'type'),
    server: leaf(['devices'], 'path'),
    msi: leaf(['devices'], 'enabled vectors ioeventfd'),
  }),
  memory: device('model access discard', 'uuid', {
    target: {
      ...leaf(['devices'], 'dynamicMemslots'),
      whole: words('size node label block requested current readonly address'),
    },
    ...driver(''),
  }),
  iommu: device(
    'model',
    '',
    driver(
      `intremap caching_mode eim iotlb aw_bits dma_translation passthrough xtsup pciBus granule accel cmdqv ril ssidsize oas pasid`,
    ),
  ),
  console: CHARACTER,
  channel: CHARACTER,
} as const satisfies Readonly<Record<string, Part>>;

/** Features that are switches, and what they may have. */
const FEATURES: Part = {
  inside: {
    acpi: leaf(['CPUs'], ''),
    apic: leaf(['the irqchip'], 'eoi'),
    ioapic: leaf(['the irqchip'], 'driver'),
    pmu: leaf([], 'state'),
    kvm: {
      whole: words('hidden hint-dedicated poll-control pv-ipi dirty-ring'),
      attributes: [],
      mayHold: ['CPUs'],
    },
    hyperv: {
      whole: words(
        `relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush ipi evmcs
        avic emsr_bitmap xmm_input`,
      ),
      attributes: ['mode'],
      mayHold: ['CPUs'],
    },
  },
  whole: words(
    `pae viridian privnet hap htm xen pvspinlock vmport gic smm tcg hpt vmcoreinfo async-teardown cfpc sbbc ibs ras
    ps2 aia ccf-assist msrs capabilities nested-hv`,
  ),
  attributes: [],
  mayHold: ['the irqchip', 'CPUs'],
};

const CPU: Part = {
  inside: {
    topology: leaf(['CPUs'], 'sockets dies clusters cores threads'),
    numa: {
      inside: {
        cell: {
          whole: ['distances', 'cache'],
          attributes: words('id cpus memory unit memAccess discard'),
          mayHold: ['CPUs'],
        },
      },
      whole: ['interconnects'],
      attributes: [],
      mayHold: ['CPUs'],
    },
    feature: leaf(['CPUs'], 'name policy removed'),
    model: leaf(['CPUs'], 'fallback vendor_id'),
    cache: leaf([], 'level mode'),
    maxphysaddr: leaf([], 'mode bits limit'),
  },
  whole: ['vendor'],
  attributes: words('mode match check migratable deprecated_features'),
  mayHold: ['CPUs'],
};

const OS: Part = {
  inside: { type: leaf(['the machine type'], 'arch machine') },
  whole: words(
    `loader nvram nvramTemplate boot bootmenu smbios bios firmware kernel initrd shim cmdline dtb acpi init initarg initenv
    initdir inituser initgroup idmap varstore`,
  ),
  attributes: ['firmware'],
  mayHold: ['the machine type', 'the kernel'],
};

export const DOMAIN: Part = {
  inside: {
    os: OS,
    cpu: CPU,
    features: FEATURES,
    clock: {
      inside: {
        timer: {
          whole: ['catchup'],
          attributes: words('name present track tickpolicy frequency mode'),
          mayHold: [],
        },
      },
      whole: [],
      attributes: words('offset adjustment basis timezone start'),
      mayHold: [],
    },
    vcpu: leaf(['CPUs'], 'placement cpuset current'),
    vcpus: {
      inside: { vcpu: leaf(['CPUs'], 'id enabled hotpluggable order') },
      whole: [],
      attributes: [],
      mayHold: ['CPUs'],
    },
    devices: { inside: DEVICES, whole: WHOLE_DEVICES, attributes: [], mayHold: ['devices'] },
    launchSecurity: {
      whole: words(
        `cbitpos reducedPhysBits policy dhCert session guestVisibleWorkarounds idBlock idAuth hostData mrConfigId mrOwner
        mrOwnerConfig quoteGenerationService`,
      ),
      attributes: words('type kernelHashes authorKey vcek'),
      mayHold: ['the irqchip'],
    },
  },
  whole: words(
    `name uuid genid title description metadata memory currentMemory maxMemory memtune memoryBacking blkiotune
    iothreads iothreadids defaultiothread cputune numatune resource sysinfo bootloader bootloader_args idmap
    throttlegroups on_poweroff on_reboot on_crash on_lockfailure pm perf seclabel keywrap hwuuid fibrechannel`,
  ),
  attributes: words('type id'),
  mayHold: ['CPUs', 'devices', 'the machine type', 'the irqchip'],
};

/** Values of attributes and texts that are known, where another one may change the machine. */
export interface KnownValues {
  /** The elements, from the domain down; the last may occur many times. */
  readonly path: readonly string[];
  readonly attribute: string;
  readonly values: RegExp;
  readonly mayHold: readonly MayHold[];
}

const values = (
  path: string,
  attribute: string,
  known: string,
  mayHold: readonly MayHold[],
): KnownValues => ({
  path: path.split('/'),
  attribute,
  values: new RegExp(`^(?:${words(known).join('|')})$`, 'i'),
  mayHold,
});

export const VALUES: readonly KnownValues[] = [
  values('cpu', 'mode', 'custom host-model host-passthrough maximum', ['CPUs']),
  values('cpu/feature', 'policy', 'force require optional disable forbid', ['CPUs']),
  values('features/ioapic', 'driver', 'kvm qemu', ['the irqchip']),
  values('launchSecurity', 'type', 'sev sev-snp tdx s390-pv', ['the irqchip']),
  values('clock/timer', 'name', 'platform pit rtc hpet tsc kvmclock hypervclock armvtimer', []),
  values('devices/disk', 'type', 'file block dir network volume nvme vhostuser vhostvdpa', ['devices']),
  values('devices/disk', 'device', 'disk cdrom floppy lun', ['devices']),
  values('devices/disk/target', 'bus', 'ide scsi virtio xen usb sata fdc sd uml nvme', ['devices']),
  values(
    'devices/interface',
    'type',
    'network bridge ethernet user direct internal hostdev vhostuser vdpa udp server client mcast null vds',
    ['devices'],
  ),
  values('devices/hostdev', 'mode', 'subsystem capabilities', ['devices']),
  values('devices/console/target', 'type', 'serial virtio xen sclp sclplm lxc openvz uml', ['devices']),
  values('devices/channel/target', 'type', 'virtio guestfwd xen', ['devices']),
  values('devices/input', 'bus', 'usb ps2 xen virtio parallels none', ['devices']),
  values('devices/input', 'type', 'mouse tablet keyboard passthrough evdev', ['devices']),
  values('devices/sound', 'model', 'ac97 es1370 ich6 ich7 ich9 pcspk sb16 usb virtio', ['devices']),
  values(
    'devices/video/model',
    'type',
    'vga cirrus vmvga xen vbox virtio qxl parallels gop none bochs ramfb',
    ['devices'],
  ),
  values('devices/shmem/model', 'type', 'ivshmem ivshmem-plain ivshmem-doorbell', ['devices']),
  values('devices/memory', 'model', 'dimm nvdimm virtio-pmem virtio-mem sgx-epc', ['devices']),
  values('devices/vsock', 'model', 'virtio virtio-transitional virtio-non-transitional', ['devices']),
];
