/** The messages, by subsystem. A new one is one entry in a file here. */
import type { MessageEntry } from '../entry.ts';
import { BRINGUP_MESSAGES } from './bringup.ts';
import { ENUMERATION_MESSAGES } from './enumeration.ts';
import { LIBVIRT_MESSAGES } from './libvirt.ts';
import { QEMU_MESSAGES } from './qemu.ts';
import { QEMU_TOPOLOGY_MESSAGES } from './qemu-topology.ts';
import { REMAPPING_MESSAGES } from './remapping.ts';
import { TIMER_MESSAGES } from './timers.ts';
import { TOPOLOGY_MESSAGES } from './topology.ts';
import { USER_SPACE_MESSAGES } from './user-space.ts';
import { VECTOR_MESSAGES } from './vectors.ts';
import { X2APIC_MESSAGES } from './x2apic.ts';
import { X2APIC_OFF_MESSAGES } from './x2apic-off.ts';

export interface Subsystem {
  readonly name: string;
  readonly entries: readonly MessageEntry[];
}

export const SUBSYSTEMS: readonly Subsystem[] = [
  { name: 'CPU numbers (Linux)', entries: [...TOPOLOGY_MESSAGES, ...ENUMERATION_MESSAGES] },
  { name: 'CPU bring-up (Linux)', entries: BRINGUP_MESSAGES },
  { name: 'x2APIC (Linux)', entries: [...X2APIC_MESSAGES, ...X2APIC_OFF_MESSAGES] },
  { name: 'interrupt remapping (Linux)', entries: REMAPPING_MESSAGES },
  { name: 'vectors and affinity (Linux)', entries: VECTOR_MESSAGES },
  { name: 'timers (Linux)', entries: TIMER_MESSAGES },
  { name: 'QEMU', entries: [...QEMU_MESSAGES, ...QEMU_TOPOLOGY_MESSAGES] },
  { name: 'libvirt, Proxmox, Cloud Hypervisor', entries: LIBVIRT_MESSAGES },
  { name: 'user space', entries: USER_SPACE_MESSAGES },
];

export const MESSAGES: readonly MessageEntry[] = SUBSYSTEMS.flatMap(({ entries }) => entries);
