/**
 * Accounts for every element of a domain: read elsewhere, or known to have no bearing on CPUs and interrupts, or
 * named as not understood. Names are those of libvirt's domain format up to 12.8.
 */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import type { MayHold } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

/** What is known of an element's children. */
interface Part {
  /** Children whose inside is looked at, by name. */
  readonly inside?: Readonly<Record<string, Part>>;
  /** Children that are taken with all that is in them: read elsewhere, or without bearing. */
  readonly whole: readonly string[];
  /** Attributes; undefined: any. */
  readonly attributes?: readonly string[];
  /** What a child that is not known may hold. */
  readonly mayHold: readonly MayHold[];
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const leaf = (mayHold: readonly MayHold[], attributes: string): Part => ({
  whole: [],
  attributes: words(attributes),
  mayHold,
});

/** Parts that any device may have. */
const ANY_DEVICE =
  'address alias boot acpi driver source target model rom master product vendor serial wwn teaming';

const device = (children = '', inside: Readonly<Record<string, Part>> = {}): Part => ({
  inside,
  whole: words(`${ANY_DEVICE} ${children}`).filter((name) => !Object.hasOwn(inside, name)),
  mayHold: ['devices'],
});

const DISK_DRIVER = leaf(
  ['devices'],
  `name type cache error_policy rerror_policy io ioeventfd event_idx copy_on_read discard iothread
  detect_zeroes discard_no_unref queues queue_size iommu ats packed page_per_vq metadata_cache`,
);

const DEVICES = {
  disk: device(
    `auth backenddomain backingStore blockio encryption geometry iotune mirror readonly shareable
    transient throttlefilters reservations snapshot`,
    { driver: { ...DISK_DRIVER, whole: ['metadata_cache', 'iothreads', 'statistics'] } },
  ),
  controller: device('', {
    driver: {
      ...leaf(
        ['devices'],
        'queues cmd_per_lun max_sectors ioeventfd event_idx iothread iommu ats packed page_per_vq',
      ),
      whole: ['iothreads'],
    },
  }),
  interface: device(
    `mac bandwidth virtualport filterref guest link mtu tune script downscript ip route actual backend
    portOptions portForward vlan port coalesce hub local backenddomain`,
    {
      driver: {
        ...leaf(
          ['devices'],
          `name txmode ioeventfd event_idx queues rx_queue_size tx_queue_size rss rss_hash_report iommu ats packed
          page_per_vq`,
        ),
        whole: ['host', 'guest'],
      },
    },
  ),
  hostdev: device('readonly shareable ip route'),
  filesystem: device('binary readonly space_hard_limit space_soft_limit acl idmap'),
  rng: device('rate backend'),
  memballoon: device('stats'),
  crypto: device('backend'),
  vsock: device('cid'),
  input: device(),
  sound: device('codec audio'),
  video: device('', {}),
  shmem: device('server msi size'),
  memory: device('uuid'),
  iommu: device(),
  tpm: device('backend'),
  panic: device(),
  watchdog: device(),
  graphics: device('listen channel clipboard filetransfer gl image jpeg mouse playback streaming zlib'),
  audio: device('input output'),
  serial: device('protocol log'),
  parallel: device('protocol log'),
  console: device('protocol log'),
  channel: device('protocol log'),
  smartcard: device('certificate database protocol log'),
  hub: device(),
  redirdev: device('protocol log'),
  redirfilter: device('usbdev'),
  nvram: device(),
  lease: device('lockspace key'),
  pstore: device('path size'),
  emulator: device(),
} satisfies Readonly<Record<string, Part>>;

const FEATURES = words(
  `acpi apic pae viridian privnet hap htm kvm xen pvspinlock pmu vmport gic smm tcg ioapic hpt hyperv
  vmcoreinfo async-teardown cfpc sbbc ibs ras ps2 aia ccf-assist msrs capabilities nested-hv`,
);

const CPU: Part = {
  inside: {
    topology: leaf(['CPUs'], 'sockets dies clusters cores threads'),
    numa: {
      inside: { cell: { whole: ['distances', 'cache'], mayHold: ['CPUs'] } },
      whole: ['interconnects'],
      mayHold: ['CPUs'],
    },
    feature: leaf(['CPUs'], 'name policy'),
  },
  whole: words('model vendor cache maxphysaddr'),
  mayHold: ['CPUs'],
};

const OS: Part = {
  whole: words(
    `type loader nvram nvramTemplate boot bootmenu smbios bios firmware kernel initrd shim cmdline dtb acpi
    init initarg initenv initdir inituser initgroup idmap varstore`,
  ),
  mayHold: ['the machine type', 'the kernel'],
};

const DOMAIN: Part = {
  inside: {
    os: OS,
    cpu: CPU,
    features: { whole: FEATURES, mayHold: ['the irqchip', 'CPUs'] },
    clock: { inside: { timer: { whole: ['catchup'], mayHold: [] } }, whole: [], mayHold: [] },
    vcpu: leaf(['CPUs'], 'placement cpuset current'),
    vcpus: {
      inside: { vcpu: leaf(['CPUs'], 'id enabled hotpluggable order') },
      whole: [],
      mayHold: ['CPUs'],
    },
    devices: { inside: DEVICES, whole: [], mayHold: ['devices'] },
  },
  whole: words(
    `name uuid genid title description metadata memory currentMemory maxMemory memtune memoryBacking blkiotune
    iothreads iothreadids defaultiothread cputune numatune resource sysinfo bootloader bootloader_args idmap
    throttlegroups on_poweroff on_reboot on_crash on_lockfailure pm perf seclabel keywrap launchSecurity hwuuid
    fibrechannel`,
  ),
  attributes: words('type id'),
  mayHold: ['CPUs', 'devices', 'the machine type', 'the irqchip'],
};

/** Elements of QEMU's namespace: what they are, without their prefix. */
const QEMU_NAMESPACE = {
  // Read as words of the command line.
  commandline: [],
  capabilities: [],
  deprecation: [],
} as const satisfies Readonly<Record<string, readonly MayHold[]>>;

/** Names the elements and attributes of a domain that are not known. */
export function accountFor(domain: XmlElement, look: Look, notes: Notes): void {
  for (const element of domain.children) {
    const [prefix, name] = element.name.includes(':') ? element.name.split(':') : ['', element.name];
    if (prefix === '') continue;
    if (isKeyOf(QEMU_NAMESPACE, name)) continue;
    notes.notUnderstood(`<${element.name}>`, look.at(element), DOMAIN.mayHold);
  }
  visit(domain, DOMAIN, look, notes);
}

function visit(element: XmlElement, part: Part, look: Look, notes: Notes): void {
  for (const name of element.attributes.keys()) {
    if (!part.attributes || part.attributes.includes(name) || name.startsWith('xmlns')) continue;
    notes.notUnderstood(
      `the attribute ${name}= of <${element.name}>`,
      look.attribute(element, name)?.at,
      part.mayHold,
    );
  }
  for (const one of element.children) {
    const inside = part.inside && lookup(part.inside, one.name);
    if (inside) visit(one, inside, look, notes);
    else if (!part.whole.includes(one.name) && !one.name.includes(':')) {
      notes.notUnderstood(`<${one.name}> in <${element.name}>`, look.at(one), part.mayHold);
    }
  }
}
