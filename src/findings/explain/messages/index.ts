/** The messages, by subsystem. A new one is one entry in a file here. */
import type { MessageEntry } from '../entry.ts';
import { AFFINITY_TOOL_MESSAGES } from './affinity-tools.ts';
import { APIC_SETUP_MESSAGES } from './apic-setup.ts';
import { BRINGUP_MESSAGES } from './bringup.ts';
import { CPU_COUNT_MESSAGES } from './cpu-counts.ts';
import { CPU_OFFLINE_MESSAGES } from './cpu-offline.ts';
import { CPU_START_MESSAGES } from './cpu-start.ts';
import { DRIVER_QUEUE_MESSAGES } from './driver-queues.ts';
import { DRIVER_TROUBLE_MESSAGES } from './driver-troubles.ts';
import { DRIVER_VECTOR_MESSAGES } from './driver-vectors.ts';
import { ENUMERATION_MESSAGES } from './enumeration.ts';
import { FIRMWARE_TABLE_MESSAGES } from './firmware-tables.ts';
import { HYPERVISOR_LOG_MESSAGES } from './hypervisor-logs.ts';
import { IRQ_CORE_MESSAGES } from './irq-core.ts';
import { ISOLATION_MESSAGES } from './isolation.ts';
import { LIBVIRT_MESSAGES } from './libvirt.ts';
import { QEMU_MESSAGES } from './qemu.ts';
import { QEMU_TOPOLOGY_MESSAGES } from './qemu-topology.ts';
import { REMAPPING_MESSAGES } from './remapping.ts';
import { REMAPPING_FAULT_MESSAGES } from './remapping-faults.ts';
import { RUNTIME_MESSAGES } from './runtime.ts';
import { STRAY_INTERRUPT_MESSAGES } from './stray-interrupts.ts';
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
  {
    name: 'CPU numbers (Linux)',
    entries: [
      ...TOPOLOGY_MESSAGES,
      ...ENUMERATION_MESSAGES,
      ...FIRMWARE_TABLE_MESSAGES,
      ...CPU_COUNT_MESSAGES,
    ],
  },
  {
    name: 'CPUs that come and go (Linux)',
    entries: [...BRINGUP_MESSAGES, ...CPU_START_MESSAGES, ...CPU_OFFLINE_MESSAGES],
  },
  { name: 'x2APIC (Linux)', entries: [...X2APIC_MESSAGES, ...X2APIC_OFF_MESSAGES] },
  { name: 'APIC and IO-APIC (Linux)', entries: APIC_SETUP_MESSAGES },
  { name: 'interrupt remapping (Linux)', entries: [...REMAPPING_MESSAGES, ...REMAPPING_FAULT_MESSAGES] },
  {
    name: 'vectors and affinity (Linux)',
    entries: [...VECTOR_MESSAGES, ...IRQ_CORE_MESSAGES, ...STRAY_INTERRUPT_MESSAGES],
  },
  {
    name: 'queues and drivers (Linux)',
    entries: [...DRIVER_QUEUE_MESSAGES, ...DRIVER_VECTOR_MESSAGES, ...DRIVER_TROUBLE_MESSAGES],
  },
  { name: 'isolation (Linux)', entries: ISOLATION_MESSAGES },
  { name: 'while it runs (Linux)', entries: RUNTIME_MESSAGES },
  { name: 'timers (Linux)', entries: TIMER_MESSAGES },
  { name: 'QEMU', entries: [...QEMU_MESSAGES, ...QEMU_TOPOLOGY_MESSAGES] },
  { name: 'libvirt, Proxmox, Cloud Hypervisor', entries: LIBVIRT_MESSAGES },
  { name: 'Xen', entries: HYPERVISOR_LOG_MESSAGES },
  { name: 'user space', entries: [...USER_SPACE_MESSAGES, ...AFFINITY_TOOL_MESSAGES] },
];

export const MESSAGES: readonly MessageEntry[] = SUBSYSTEMS.flatMap(({ entries }) => entries);
