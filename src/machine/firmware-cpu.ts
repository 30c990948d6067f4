/** A CPU of the description, before the kernel looks at it. */

/** One CPU as firmware lists it, in MADT order. */
export interface FirmwareCpu {
  /** APIC ID, or null for a hot-plug slot whose ID nobody knows yet. */
  readonly apicId: number | null;
  /** NUMA node by firmware (SRAT). */
  readonly node: number;
  /** online: brought up at boot; offline: present, not brought up; absent: not plugged. */
  readonly state: 'online' | 'offline' | 'absent';
  /** Firmware lists the APIC ID a second time, here. */
  readonly duplicate?: boolean;
  /** Its MADT entry is of type 9 (x2APIC) although the APIC ID is below 255. */
  readonly x2apicEntry?: boolean;
  /** Not plugged: its entry carries the Online Capable flag, or not; undefined: as `firmware` of the machine says. */
  readonly onlineCapable?: boolean;
  /** Nobody knows its APIC ID: a free one stands for it. */
  readonly guessed?: boolean;
  /** CPUs that share an L2 cache with it have the same `apicId >> l2Shift`; undefined: those of its core. */
  readonly l2Shift?: number;
}
