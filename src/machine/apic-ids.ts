/**
 * Where APIC IDs end: one table of the limits that hardware, messages and the kernel set. Each names the highest ID
 * that still works, but for the two that are counts or first values, which say so.
 */

/** xAPIC mode: IDs of 8 bits, of which 0xff is the broadcast address. */
export const XAPIC_MAX_ID = 0xfe;

/** The first ID that only an x2APIC entry of the MADT and x2APIC mode can have. */
export const FIRST_X2APIC_ID = XAPIC_MAX_ID + 1;

/** A destination field of 8 bits: a message, an IO-APIC entry or a remapping entry without EIM. 0xff counts. */
export const MSI_MAX_ID = 0xff;

/** The extended destination ID: 15 bits in a message without remapping. */
export const EXT_DEST_MAX_ID = 0x7fff;

/** Highest CPU number and APIC ID that Hyper-V's remapping stub gives IO-APIC interrupts to. */
export const HYPERV_STUB_MAX = 0xff;

/** MAX_LOCAL_APIC, a count: the kernel takes no APIC ID at or above it. */
export const MAX_LOCAL_APIC = 0x8000;

/** x2APIC mode: IDs of 32 bits, of which 0xffffffff is the broadcast address. */
export const MAX_APIC_ID = 0xfffffffe;

/** `apic->max_apic_id` where no APIC ID is refused. */
export const NO_LIMIT = 0xffffffff;
