/** The devices of a Cloud Hypervisor guest: virtio-pci, with as many queues as the configuration says. */
import type { DriverName } from '../../machine/driver-names.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { SourceValue } from '../text/source-value.ts';

/** How one list of devices becomes virtio devices. */
interface Kind {
  readonly list: string;
  readonly name: string;
  readonly driver: DriverName;
  /** num_queues where none is written. */
  readonly fallback: number;
  /** Queues as irqsim counts them: num_queues counts both directions of a network device. */
  readonly queues: (written: number) => number;
  /** Size of the MSI-X table. */
  readonly vectors: (written: number) => number;
}

const KINDS: readonly Kind[] = [
  {
    list: 'disks',
    name: 'disk',
    driver: 'virtio-blk',
    fallback: 1,
    queues: (n) => n,
    vectors: (n) => n + 1,
  },
  {
    list: 'net',
    name: 'net',
    driver: 'virtio-net',
    fallback: 2,
    queues: (n) => Math.max(1, n >> 1),
    // A control queue has a vector too.
    vectors: (n) => n + 2,
  },
  {
    list: 'fs',
    name: 'fs',
    driver: 'virtio-fs',
    fallback: 1,
    queues: (n) => n,
    vectors: (n) => n + 2,
  },
];

/** Devices with a fixed number of queues, not spread by the kernel: vectors of each, one a queue and one more. */
const PLAIN = {
  pmem: () => 2,
  vsock: () => 4,
  // Inflate and deflate; a third queue reports free pages.
  balloon: (device) => (device.get('free_page_reporting')?.isOn() ? 4 : 3),
  rng: () => 2,
} satisfies Readonly<Record<string, (device: SourceValue) => number>>;

/** Lists whose devices nobody can know from the configuration. */
const UNKNOWN = ['devices', 'user_devices', 'vdpa'];

/** Highest num_queues that the size of an MSI-X table (2048) allows. */
const MAX_QUEUES = 2046;

/** Adds the devices to `sheet`; `boot` is the number of boot vCPUs, which no queue count may exceed. */
export function describeDevices(config: SourceValue, boot: number, sheet: DescriptionBuilder): void {
  for (const kind of KINDS) {
    for (const [index, device] of (config.get(kind.list)?.list() ?? []).entries()) {
      describeDevice(device, index, kind, boot, sheet);
    }
  }
  for (const [key, vectors] of Object.entries(PLAIN)) {
    const written = config.get(key);
    const all = written && Array.isArray(written.value) ? written.list() : written ? [written] : [];
    for (const [index, one] of all.entries()) {
      const name = one.get('id')?.text() ?? `${key}${index}`;
      sheet.device({ name, driver: 'generic', vectors: vectors(one) }, one.place);
    }
  }
  nameImplied(config, sheet);
  for (const list of UNKNOWN) {
    for (const device of config.get(list)?.list() ?? []) {
      const path = device.get('path')?.text() ?? device.get('socket')?.text() ?? list;
      sheet.assume(`${path} is left out: the host device decides how many queues it has`);
    }
  }
}

/** Devices that every guest has unless they are taken away. */
function nameImplied(config: SourceValue, sheet: DescriptionBuilder): void {
  if (!config.get('rng'))
    sheet.assume('without rng there is one of /dev/urandom all the same; it has 2 vectors and is left out');
  if (config.get('console', 'mode')?.text().toLowerCase() !== 'off')
    sheet.assume('the console that is not off is a virtio device; it has 3 vectors and is left out');
}

function describeDevice(
  device: SourceValue,
  index: number,
  kind: Kind,
  boot: number,
  sheet: DescriptionBuilder,
): void {
  const written = device.get('num_queues');
  const count = written?.whole(1, MAX_QUEUES) ?? kind.fallback;
  const queues = kind.queues(count);
  if (queues > boot) {
    sheet.fail(`Queue count (${queues}) must not exceed boot vCPUs (${boot})`, (written ?? device).place, {
      cause: ['Cloud Hypervisor gives CPUs that are plugged later no queues of their own'],
      fix: [`num_queues=${count === queues ? boot : 2 * boot} in this device, or a larger boot= in --cpus`],
    });
  }
  const path = sheet.device(
    {
      name: device.get('id')?.text() ?? `${kind.name}${index}`,
      driver: kind.driver,
      queues,
      vectors: kind.vectors(count),
    },
    device.place,
    { queues: written?.place, vectors: written?.place },
  );
  if (!written)
    sheet.assume(`num_queues=${kind.fallback} is the default of ${kind.list}`, [...path, 'queues']);
  if (device.get('iommu')?.isOn()) {
    sheet.assume('iommu=on is a virtio-iommu, which does not remap interrupts', ['remapping']);
  }
}
