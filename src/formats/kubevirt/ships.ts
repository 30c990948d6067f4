/** The libvirt and QEMU that KubeVirt ships, by its version. */
import { parseVersion, type Version, versionText } from '../version.ts';

export interface Shipped {
  /** First version of KubeVirt with these. */
  readonly since: Version;
  readonly libvirt: string;
  readonly qemu: string;
}

/** The newest first. */
const SHIPS: readonly Shipped[] = [
  { since: 1_009, libvirt: '12.5', qemu: '10.1' },
  { since: 1_008, libvirt: '11.9', qemu: '10.1' },
  { since: 1_005, libvirt: '10.10', qemu: '9.1' },
  { since: 1_004, libvirt: '10.5', qemu: '9.0' },
  { since: 0, libvirt: '10.0', qemu: '8.2' },
];

/** What a version of KubeVirt ships. */
export function shippedBy(kubevirt: Version): Shipped {
  return SHIPS.find(({ since }) => kubevirt >= since) ?? SHIPS[SHIPS.length - 1];
}

/** The first KubeVirt that ships a libvirt of this version or newer, as "1.8", with that libvirt. */
export function firstShipping(libvirt: Version): { readonly kubevirt: string; readonly libvirt: string } {
  const found = [...SHIPS].reverse().find((one) => (parseVersion(one.libvirt) ?? 0) >= libvirt) ?? SHIPS[0];
  return { kubevirt: versionText(found.since), libvirt: found.libvirt };
}
