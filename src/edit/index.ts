/** The editors, one a format; each is loaded when it is first used. A new one is one file and one line here. */
import type { Editor } from './editor.ts';
import { provenEditor } from './proof.ts';

export const EDITORS: readonly Editor[] = [
  provenEditor('native', async () => (await import('./native.ts')).writeNative),
  provenEditor('libvirt', async () => (await import('./libvirt.ts')).writeLibvirt),
  provenEditor('qemu', async () => (await import('./qemu.ts')).writeQemu),
  provenEditor('kubevirt', async () => (await import('./kubevirt.ts')).writeKubevirt),
  provenEditor('proxmox', async () => (await import('./proxmox.ts')).writeProxmox),
  provenEditor('cloud-hypervisor', async () => (await import('./cloud-hypervisor.ts')).writeCloudHypervisor),
];

/** The editor of the format with this name; undefined for formats that are only read. */
export function editorOf(format: string): Editor | undefined {
  return EDITORS.find((one) => one.format === format);
}
