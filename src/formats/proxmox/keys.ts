/** Accounts for every key of a Proxmox VE configuration (qemu-server 9.2) and for its parts: used, without bearing, or named. */
import { lookup } from '../../lib/lookup.ts';
import { names } from '../../lib/names.ts';
import { excerpt } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import type { Notes } from '../notes.ts';
import { type Config, properties, type Setting } from './config.ts';

/** Keys that are read. */
const USED =
  names(`acpi agent amd-sev arch args balloon cores cpu hotplug intel-tdx kvm machine name numa ostype scsihw smp
  sockets template vcpus vga`);

/** Keys that say nothing of CPUs and interrupts. */
const WITHOUT_BEARING =
  names(`affinity allow-ksm autostart bios boot bootdisk cdrom cicustom cipassword citype ciupgrade ciuser
  cpulimit cpuunits description digest freeze hookscript hugepages import-working-storage ivshmem keephugepages keyboard
  localtime lock memory meta migrate_downtime migrate_speed nameserver onboot parent protection reboot
  running-nets-host-mtu runningcpu runningmachine searchdomain shares smbios1 snaptime snapstate spice_enhancements
  sshkeys startdate startup tablet tags tdf vmgenid vmid vmstate vmstatestorage watchdog
  pool storage unique force archive bwlimit live-restore start ha-managed`);

/** Kinds that are numbered. */
const NUMBERED =
  names(`audio efidisk hostpci ide ipconfig net numa parallel rng sata scsi serial tpmstate unused usb virtio
  virtiofs`);

/** What a setting consists of: the key of a first part without one, and the names of all. */
interface Parts {
  readonly implied: string;
  readonly names: ReadonlySet<string>;
  readonly mayHold: readonly MayHold[];
}

const parts = (implied: string, others: string, mayHold: readonly MayHold[]): Parts => ({
  implied,
  names: names(`${implied} ${others}`),
  mayHold,
});

const DISK = parts(
  'file',
  `volume media aio backup bps bps_max_length bps_rd bps_rd_max_length bps_wr bps_wr_max_length cache cyls detect_zeroes discard
  format heads import-from iops iops_max iops_max_length iops_rd iops_rd_max iops_rd_max_length iops_wr iops_wr_max
  iops_wr_max_length iothread mbps mbps_max mbps_rd mbps_rd_max mbps_wr mbps_wr_max model product queues replicate rerror ro
  scsiblock secs serial shared size snapshot ssd trans vendor werror wwn efitype pre-enrolled-keys ms-cert version`,
  ['devices'],
);

const PARTS = {
  cpu: parts('cputype', 'flags hidden hv-vendor-id phys-bits guest-phys-bits reported-model', ['CPUs']),
  machine: parts('type', 'viommu aw-bits enable-s3 enable-s4', [
    'the machine type',
    'the irqchip',
    'devices',
  ]),
  net: parts(
    'model',
    `macaddr bridge firewall link_down mtu queues rate tag trunks host-managed name ip virtio e1000 e1000e e1000-82540em
    e1000-82544gc e1000-82545em i82551 i82557b i82559er ne2k_isa ne2k_pci pcnet rtl8139 vmxnet3`,
    ['devices'],
  ),
  scsi: DISK,
  virtio: DISK,
  sata: DISK,
  ide: DISK,
  efidisk: DISK,
  tpmstate: DISK,
  unused: DISK,
  hostpci: parts(
    'host',
    `mapping device-id vendor-id sub-device-id sub-vendor-id legacy-igd mdev pcie rombar romfile x-vga driver ramfb`,
    ['devices'],
  ),
  usb: parts('host', 'mapping usb3 spice', ['devices']),
  numa: parts('cpus', 'memory hostnodes policy', ['CPUs']),
  virtiofs: parts('dirid', 'cache direct-io expose-acl expose-xattr', ['devices']),
  rng: parts('source', 'max_bytes period', ['devices']),
  audio: parts('device', 'driver', ['devices']),
  agent: parts('enabled', 'type freeze-fs-on-backup guest-fsfreeze fstrim_cloned_disks', ['devices']),
  vga: parts('type', 'memory clipboard', ['devices']),
  'amd-sev': parts('type', 'no-debug no-key-sharing kernel-hashes allow-smt', ['the irqchip']),
  'intel-tdx': parts('type', 'attestation vsock-cid vsock-port', ['the irqchip']),
} as const satisfies Readonly<Record<string, Parts>>;

/** Values that are known, where an unknown one may change the machine. */
const VALUES = {
  viommu: names('intel virtio'),
  vga: names('cirrus none qxl qxl2 qxl3 qxl4 serial0 serial1 serial2 serial3 std virtio virtio-gl vmware'),
  agent: names('virtio isa'),
  hotplug: names('network disk cpu memory usb cloudinit 0 1'),
  ostype: names('other wxp w2k w2k3 w2k8 wvista win7 win8 win10 win11 l24 l26 solaris'),
} as const;

/** Names the keys and parts that are not known. */
export function accountForKeys(config: Config, notes: Notes): void {
  for (const [key, setting] of config) {
    const kind = /^(.*?)\d{1,4}$/.exec(key)?.[1];
    const isNumbered = kind !== undefined && NUMBERED.has(kind);
    if (!isNumbered && !USED.has(key) && !WITHOUT_BEARING.has(key)) {
      notes.notUnderstood(`${key}:`, setting.at, ['CPUs', 'devices', 'the machine type']);
      continue;
    }
    // "numa: 1" is a switch, "numa0:" a node.
    const part =
      key === 'numa' ? undefined : lookup<Readonly<Record<string, Parts>>>(PARTS, isNumbered ? kind : key);
    if (part) nameParts(key, setting, part, notes);
    nameValues(key, setting, notes);
  }
}

function nameParts(
  key: string,
  setting: Setting,
  { implied, names: known, mayHold }: Parts,
  notes: Notes,
): void {
  for (const [name, { value }] of properties(setting, implied)) {
    // The model, which devices.ts names.
    const isModel = implied === 'model' && setting.value.startsWith(name);
    if (isModel || known.has(name) || /[$`]/.test(name)) continue;
    notes.notUnderstood(
      `${excerpt(name === value ? name : `${name}=${value}`)} of ${key}:`,
      setting.at,
      mayHold,
    );
  }
}

function nameValues(key: string, setting: Setting, notes: Notes): void {
  const { at } = setting;
  const name = (
    value: string | undefined,
    values: ReadonlySet<string>,
    what: string,
    mayHold: readonly MayHold[],
  ) => {
    if (value === undefined || value === '' || values.has(value) || /[$`]/.test(value)) return;
    notes.notUnderstood(`${what} ${excerpt(value)}`, at, mayHold);
  };
  const part = (implied: string, of: string) => properties(setting, implied).get(of)?.value;
  if (key === 'machine') name(part('type', 'viommu'), VALUES.viommu, 'viommu=', ['devices', 'the irqchip']);
  if (key === 'vga') name(part('type', 'type'), VALUES.vga, 'vga:', ['devices']);
  if (key === 'agent') name(part('enabled', 'type'), VALUES.agent, 'the agent type', ['devices']);
  if (key === 'ostype') name(setting.value, VALUES.ostype, 'ostype:', ['CPUs', 'devices']);
  if (key !== 'hotplug') return;
  for (const kind of setting.value.split(/[,;]/)) name(kind.trim(), VALUES.hotplug, 'hotplug:', ['CPUs']);
}
