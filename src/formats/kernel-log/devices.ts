/** Devices of which a kernel log tells the queues or the vectors; those of which it does not are named. */
import type { DriverName } from '../../machine/driver-names.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { type LogEvidence, saidBy, smallNumber } from './evidence.ts';

/** What a line tells of a device. */
interface Told {
  /** Queues with an interrupt each. */
  readonly queues?: number;
  /** Queues without. */
  readonly poll?: number;
  readonly vectors?: number;
  /** nvme: queues for reads only, of `queues`. */
  readonly read?: number;
}

/** A line of a driver. Group 1 of the pattern is the name of the device, the others are numbers. */
interface DeviceLine {
  readonly driver: DriverName;
  readonly pattern: RegExp;
  readonly tells: (numbers: readonly number[]) => Told;
}

const byType = ([own, read, poll]: readonly number[]): Told => ({ queues: own + read, read, poll });
/** A vector for each pair of queues, and one for the device itself. */
const byPairs = (pairs: readonly number[]): Told => ({ vectors: Math.max(...pairs) + 1 });
const byVectors = ([vectors]: readonly number[]): Told => ({ vectors });
const nothing = (): Told => ({});

const TYPES = String.raw`(\d+)/(\d+)/(\d+) default/read/poll queues`;
const PCI = String.raw`([\da-f]{4,5}:[\da-f]{2}:[\da-f]{2}\.[\da-f])`;

const LINES: readonly DeviceLine[] = [
  { driver: 'nvme', pattern: /^nvme (nvme\d+): pci function /, tells: nothing },
  { driver: 'nvme', pattern: new RegExp(`^nvme (nvme\\d+): ${TYPES}`), tells: byType },
  { driver: 'virtio-blk', pattern: new RegExp(`^virtio_blk (virtio\\d+): ${TYPES}`), tells: byType },
  { driver: 'virtio-blk', pattern: /^virtio_blk (virtio\d+): \[/, tells: nothing },
  { driver: 'virtio-scsi', pattern: new RegExp(`^virtio_scsi (virtio\\d+): ${TYPES}`), tells: byType },
  { driver: 'virtio-net', pattern: /^virtio_net (virtio\d+)[ :]/, tells: nothing },
  { driver: 'virtio-fs', pattern: /^virtiofs (virtio\d+)[ :]/, tells: nothing },
  {
    driver: 'generic',
    pattern: new RegExp(`^igb ${PCI}: Using MSI-X interrupts\\. (\\d+) rx queue\\(s\\), (\\d+) tx queue`),
    tells: byPairs,
  },
  {
    driver: 'generic',
    pattern: new RegExp(`^igc ${PCI}: Using MSI-X interrupts\\. (\\d+) rx queue\\(s\\), (\\d+) tx queue`),
    tells: byPairs,
  },
  {
    driver: 'generic',
    pattern: new RegExp(
      `^ixgbe ${PCI}: Multiqueue Enabled: Rx Queue count = (\\d+), Tx Queue count = (\\d+)`,
    ),
    tells: byPairs,
  },
  {
    driver: 'generic',
    pattern: new RegExp(`^vmxnet3 ${PCI}: # of Tx queues : (\\d+), # of Rx queues : (\\d+)`),
    tells: byPairs,
  },
  {
    driver: 'megaraid_sas',
    pattern: new RegExp(`^megaraid_sas ${PCI}: [Ff]irmware supports msix\\s*: \\((\\d+)\\)`),
    tells: byVectors,
  },
  { driver: 'mpt3sas', pattern: /^(mpt[23]sas_cm\d+): MSI-X vectors supported: (\d+)/, tells: byVectors },
  { driver: 'mpi3mr', pattern: /^(mpi3mr\d+): MSI-X vectors supported: (\d+)/, tells: byVectors },
  { driver: 'smartpqi', pattern: new RegExp(`^smartpqi ${PCI}: `), tells: nothing },
];

/** Drivers of devices with many vectors, which do not log how many. */
const SILENT =
  /^(mlx4_core|mlx5_core|ice|i40e|iavf|fm10k|bnxt_en|bnx2x|ena|gve|qede|qed|be2net|cxgb4|sfc|atlantic|qla2xxx|lpfc|hpsa|aacraid|hisi_sas_v3_hw|fnic|enic|nfp|hns3|mana|idpf|ionic|atl1c|r8169|xhci_hcd|ahci|qat_\w+|idxd|ioatdma|nvidia|amdgpu|i915|xe) ([\da-f]{4,5}:[\da-f]{2}:[\da-f]{2}\.[\da-f]): /;

export interface LoggedDevice {
  readonly name: string;
  readonly driver: DriverName;
  readonly line: number;
  readonly told: Told;
}

/** Devices by the order of their first lines; what the first line with numbers says of each counts. */
export function loggedDevices(evidence: LogEvidence): LoggedDevice[] {
  const found = new Map<string, LoggedDevice>();
  const said = LINES.flatMap((device) =>
    saidBy(evidence, device.pattern).map((hit) => ({ device, hit })),
  ).sort((a, b) => a.hit.line - b.hit.line);
  for (const { device, hit } of said) {
    const [name, ...numbers] = hit.groups;
    const counts = numbers.map((text) => smallNumber(text, 65_535) ?? 0);
    const known = found.get(name);
    const told = device.tells(counts);
    if (!known || Object.keys(known.told).length === 0)
      found.set(name, { name, driver: device.driver, line: known?.line ?? hit.line, told });
  }
  return [...found.values()];
}

/** The log says how many queues or vectors it has. */
export const isTold = ({ told }: LoggedDevice): boolean => (told.queues ?? 0) > 0 || (told.vectors ?? 0) > 0;

/** Parameters without which a driver does not come to the queues that it logs. */
export function impliedParameters(devices: readonly LoggedDevice[], cmdline: string): string[] {
  const most = (driver: DriverName, count: (told: Told) => number | undefined) =>
    devices.reduce(
      (max, device) => Math.max(max, device.driver === driver ? (count(device.told) ?? 0) : 0),
      0,
    );
  const own = devices.find(({ driver, told }) => driver === 'nvme' && (told.read ?? 0) > 0)?.told;
  const wanted: readonly [parameter: string, value: number][] = [
    ['nvme.write_queues', own ? (own.queues ?? 0) - (own.read ?? 0) : 0],
    ['nvme.poll_queues', most('nvme', ({ poll }) => poll)],
    ['virtio_blk.poll_queues', most('virtio-blk', ({ poll }) => poll)],
  ];
  return wanted.flatMap(([parameter, value]) =>
    value > 0 && !cmdline.includes(`${parameter}=`) ? [`${parameter}=${value}`] : [],
  );
}

/** Names by driver: "virtio1, virtio2 (virtio-net)". */
function namesOf(devices: readonly { name: string; driver: string }[]): string {
  const byDriver = new Map<string, string[]>();
  for (const { name, driver } of devices) byDriver.set(driver, [...(byDriver.get(driver) ?? []), name]);
  return [...byDriver]
    .map(([driver, names]) => {
      const shown =
        names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
      return `${shown} (${driver})`;
    })
    .join(', ');
}

/** Adds a device with what the log tells of it. */
export function setLogged(
  sheet: DescriptionBuilder,
  { name, driver, line, told }: LoggedDevice,
  at: LogEvidence['at'],
  remapped?: boolean,
): void {
  const place = at(line);
  // Poll queues come off those that a device offers.
  const queues = told.queues && told.queues + (told.poll ?? 0);
  const device = { name, driver, queues, vectors: told.vectors, remapped };
  sheet.device(device, place, { queues: place, vectors: place });
}

/** Sets devices. No log lists all of a machine's, so that is always named. */
export function describeLoggedDevices(
  sheet: DescriptionBuilder,
  evidence: LogEvidence,
  devices: readonly LoggedDevice[],
): void {
  for (const device of devices.filter(isTold)) setLogged(sheet, device, evidence.at);
  describeUntold(
    sheet,
    evidence,
    devices.filter((device) => !isTold(device)),
  );
}

/** Names devices whose queues nothing tells. `tabled`: whether /proc/interrupts has one of a name; absent: there is none. */
export function describeUntold(
  sheet: DescriptionBuilder,
  evidence: LogEvidence,
  devices: readonly LoggedDevice[],
  tabled?: (name: string) => boolean,
): void {
  const silent = saidBy(evidence, SILENT).map(({ groups: [driver, name] }) => ({ name, driver }));
  const open = [...devices, ...silent]
    .filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
    .filter(({ name }) => !tabled?.(name));
  const others = tabled
    ? 'how many queues and vectors the devices offer at most (those that they use are taken)'
    : 'devices whose drivers log no queues, and how many queues the others offer at most';
  const unnamed = tabled ? 'how many the others offer at most' : 'devices that the log does not name';
  sheet.notUnderstood(
    open.length === 0
      ? others
      : `how many queues or vectors these devices have: ${namesOf(open)}; and ${unnamed}`,
    undefined,
    ['devices'],
    tabled
      ? 'lspci -vv (MSI-X: Count=) tells, or a capture: irqsim capture as root'
      : 'lspci -vv (MSI-X: Count=) and /proc/interrupts tell, or a capture: irqsim capture as root',
  );
}
