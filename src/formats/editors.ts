/** The editors, one a format; each is loaded when it is first used. A new one is one file and one line here. */
import type { Editor } from './editor.ts';
import { provenEditor } from './proof.ts';

export const EDITORS: readonly Editor[] = [
  provenEditor('native', async () => (await import('./native/edit.ts')).writeNative),
  provenEditor('libvirt', async () => (await import('./libvirt/edit.ts')).writeLibvirt),
  provenEditor('qemu', async () => (await import('./qemu/edit.ts')).writeQemu),
  provenEditor('kubevirt', async () => (await import('./kubevirt/edit.ts')).writeKubevirt),
  provenEditor('proxmox', async () => (await import('./proxmox/edit.ts')).writeProxmox),
  provenEditor(
    'cloud-hypervisor',
    async () => (await import('./cloud-hypervisor/edit.ts')).writeCloudHypervisor,
  ),
];

/** The editor of the format with this name; undefined for formats that are only read. */
export function editorOf(format: string): Editor | undefined {
  return EDITORS.find((one) => one.format === format);
}
