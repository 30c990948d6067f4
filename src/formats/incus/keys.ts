/** Accounts for the keys of an Incus instance: used, without bearing on CPUs and interrupts, or named. */
import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { ANYTHING } from '../qemu/account.ts';
import type { SourceValue } from '../text/source-value.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of the instance itself. */
const FIELDS =
  words(`architecture config devices ephemeral profiles stateful description created_at expanded_config
  expanded_devices name status status_code last_used_at location type project backups snapshots state restore used_by
  source instance_type start`);

/** Of `config`: read, or without bearing. */
const CONFIG =
  /^(?:limits\.(?:cpu|cpu\.(?:allowance|priority|nodes|pin_strategy)|(?:memory|disk|network|hugepages|kernel|ingress|egress|max|processes)\b.*)|(?:user|image|volatile|environment|cloud-init|boot|cluster|snapshots|backups|migration|nvidia|placement|ubuntu_pro|oci|linux|systemd)\..*|security\.(?:iommu|secureboot|csm|guestapi|agent\.metrics|sev|sev\..*|protection\..*|devlxd|devlxd\..*|promiscuous|delegate_bpf.*|nesting|privileged|idmap\..*|syscalls\..*|bpffs\..*)|agent\..*|raw\.(?:qemu|lxc|idmap|apparmor|seccomp))$/;

/** What changes QEMU beyond its command line. */
const CHANGES_QEMU = /^raw\.qemu\./;

/** Keys that only system containers have. */
export const CONTAINER_KEY =
  /^(?:volatile\.(?:idmap\.|last_state\.idmap)|security\.(?:privileged|nesting|idmap\.|syscalls\.)|raw\.(?:lxc|idmap|seccomp)$|nvidia\.runtime)/;

/** Keys of devices by their type: read, or without bearing. */
const DEVICE_KEYS = {
  nic: /^(?:name|network|nictype|parent|hwaddr|host_name|mtu|vlan|vlan\..*|ipv4\..*|ipv6\..*|limits\..*|security\..*|boot\.priority|queue\.tx\.length|gvrp|attached|acceleration|acceleration\..*|connected|maas\..*|mode|nested|io\.bus|ovn\..*|vrf|txqueuelen|bridge|pci)$/,
  disk: /^(?:path|pool|source|source\..*|size|size\.state|readonly|required|optional|shift|limits\..*|boot\.priority|io\.(?:bus|cache|threads)|bus|attached|recursive|propagation|raw\.mount\.options|ceph\..*|dependent|wwn|initial\..*)$/,
  gpu: /^(?:gputype|pci|vendorid|productid|id|mdev|mig\..*|uid|gid|mode|attached)$/,
  pci: /^(?:address|firmware|attached)$/,
  infiniband: /^(?:name|nictype|parent|hwaddr|mtu|attached)$/,
  usb: /^(?:vendorid|productid|serial|busnum|devnum|mode|uid|gid|required|attached)$/,
  tpm: /^(?:path|pathrm)$/,
  proxy: /^.*$/,
  none: /^.*$/,
} satisfies Readonly<Record<string, RegExp>>;

export type DeviceType = keyof typeof DEVICE_KEYS;

/** Names what is not known of the instance and of its `config`. */
export function accountForKeys(instance: SourceValue, config: SourceValue | undefined, notes: Notes): void {
  for (const key of instance.keys()) {
    const value = instance.get(key);
    if (value && !FIELDS.has(key)) notes.notUnderstood(excerpt(key), value.place, ['CPUs', 'devices']);
  }
  for (const key of config?.keys() ?? []) {
    const value = config?.get(key);
    if (!value || CONFIG.test(key)) continue;
    if (CHANGES_QEMU.test(key)) {
      notes.notUnderstood(key, value.place, ANYTHING, 'give the qemu.conf of the running machine');
    } else notes.notUnderstood(excerpt(key), value.place, mayHold(key));
  }
}

/** What an unknown key may be about, by the name in front of it. */
function mayHold(key: string) {
  return /^(?:limits|security|raw|cpu|machine|qemu)\b/.test(key) ? ANYTHING : [];
}

/** Names a device of an unknown type, and unknown keys of the others. */
export function accountForDevice(name: string, type: string, device: SourceValue, notes: Notes): void {
  if (!isKeyOf(DEVICE_KEYS, type)) {
    notes.notUnderstood(`${excerpt(name)}, a device of the type ${excerpt(type)}`, device.place, ['devices']);
    return;
  }
  for (const key of device.keys()) {
    const value = device.get(key);
    if (!value || key === 'type' || DEVICE_KEYS[type].test(key)) continue;
    notes.notUnderstood(`${excerpt(key)} of ${excerpt(name)}`, value.place, ['devices']);
  }
}
