/**
 * Where APIC IDs end: one table of the limits that hardware, messages and the kernel set. Each names the highest ID
 * that still works, but for first values, counts and the IDs that stand for no CPU, which say so.
 */

/** xAPIC mode: IDs of 8 bits, of which the highest is the broadcast address. */
export const XAPIC_MAX_ID = 0xfe;

/** The xAPIC broadcast address; in a local APIC entry of the MADT: no CPU. */
export const XAPIC_BROADCAST = 0xff;

/** The first ID that only an x2APIC entry of the MADT and x2APIC mode can have. */
export const FIRST_X2APIC_ID = XAPIC_MAX_ID + 1;

/**
 * A destination field of 8 bits, whose mask it is too: a message, an IO-APIC entry or a remapping entry without EIM.
 * 0xff counts.
 */
export const MSI_MAX_ID = 0xff;

/** The logical ID of x2APIC cluster mode in a field of 8 bits: the first eight CPUs of cluster 0. */
export const CLUSTER_MAX_ID = 7;

/** The extended destination ID: 15 bits in a message without remapping. */
export const EXT_DEST_MAX_ID = 0x7fff;

/** Highest CPU number and APIC ID that Hyper-V's remapping stub gives IO-APIC interrupts to. */
export const HYPERV_STUB_MAX = 0xff;

/** MAX_LOCAL_APIC, a count: the kernel takes no APIC ID at or above it. */
export const MAX_LOCAL_APIC = 0x8000;

/** BAD_APICID: what the kernel prints as the ID of a CPU whose ID it does not know. */
export const BAD_APICID = 0xffff;

/** x2APIC mode, and 32-bit destinations of every kind: the highest is the broadcast address. */
export const MAX_APIC_ID = 0xfffffffe;

/** The x2APIC broadcast address; in an x2APIC entry of the MADT: no CPU. */
export const X2APIC_BROADCAST = 0xffffffff;

/** `apic->max_apic_id` where no APIC ID is refused. */
export const NO_LIMIT = 0xffffffff;
