/** A text for each editor that it can write something into, and what it then writes. */
import type { Intent } from '../../../src/formats/intent.ts';

/** What is tried of an editor: a text of its format, an intent, and a part of the text that then is in it. */
export interface EditorCase {
  readonly text: string;
  readonly intent: Intent;
  readonly written: string;
}

const extDestId: Intent = { kind: 'ext-dest-id' };

/** By the name of the format. */
export const EDITOR_CASES: Readonly<Record<string, EditorCase>> = {
  native: { text: 'platform: kvm\nextDestId: off\n', intent: extDestId, written: 'extDestId: on' },
  libvirt: {
    text: "<domain type='kvm'><vcpu>2</vcpu><os><type machine='q35'>hvm</type></os><features><acpi/></features></domain>",
    intent: extDestId,
    written: "<ioapic driver='qemu'/>",
  },
  qemu: {
    text: 'qemu-system-x86_64 -M q35 -accel kvm -smp 2',
    intent: extDestId,
    written: 'kernel-irqchip=split',
  },
  kubevirt: {
    text: 'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec:\n  domain:\n    cpu: { sockets: 2 }\n    devices: {}\n',
    intent: { kind: 'hpet', present: false },
    written: 'hpet: { present: false }',
  },
  proxmox: {
    text: 'cores: 4\nmachine: q35\nscsi0: a,size=1G\nscsihw: virtio-scsi-single\n',
    intent: extDestId,
    written: 'kernel-irqchip=split',
  },
  'cloud-hypervisor': {
    text: '{"cpus": {"boot_vcpus": 2}, "payload": {"cmdline": "ro"}}',
    intent: { kind: 'parameters', add: ['nr_cpus=2'], remove: [] },
    written: '"ro nr_cpus=2"',
  },
};
