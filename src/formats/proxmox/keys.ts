/** Accounts for every key of a Proxmox VE configuration (qemu-server 9.2): used, without bearing, or named. */
import type { Notes } from '../notes.ts';
import type { Config } from './config.ts';

/** Keys that are read. */
const USED = `acpi agent amd-sev arch args balloon cores cpu hotplug intel-tdx kvm machine name numa ostype scsihw smp
  sockets template vcpus vga`;

/** Keys that say nothing of CPUs and interrupts. */
const WITHOUT_BEARING = `affinity allow-ksm autostart bios boot bootdisk cdrom cicustom cipassword citype ciupgrade ciuser
  cpulimit cpuunits description digest freeze hookscript hugepages import-working-storage ivshmem keephugepages keyboard
  localtime lock memory meta migrate_downtime migrate_speed nameserver onboot parent protection reboot
  running-nets-host-mtu runningcpu runningmachine searchdomain shares smbios1 snaptime snapstate spice_enhancements
  sshkeys startdate startup tablet tags tdf vmgenid vmid vmstate vmstatestorage watchdog
  pool storage unique force archive bwlimit live-restore start ha-managed`;

/** Kinds that are numbered. */
const NUMBERED = `audio efidisk hostpci ide ipconfig net numa parallel rng sata scsi serial tpmstate unused usb virtio
  virtiofs`;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const KEYS = words(`${USED} ${WITHOUT_BEARING}`);
const KINDS = words(NUMBERED);

/** Names the keys that are not known. */
export function accountForKeys(config: Config, notes: Notes): void {
  for (const [key, { at }] of config) {
    const kind = /^(.*?)\d{1,4}$/.exec(key)?.[1];
    if (KEYS.has(key) || (kind !== undefined && KINDS.has(kind))) continue;
    notes.notUnderstood(`${key}:`, at, ['CPUs', 'devices', 'the machine type']);
  }
}
