/** The SRAT: which proximity domain, and so which NUMA node, an APIC ID belongs to. */
import { type AcpiTable, entriesOf, needLength } from './table.ts';

const ENTRIES = 48;
const ENABLED = 1;
const APIC_ENTRY = 0;
const MEMORY_ENTRY = 1;
const X2APIC_ENTRY = 2;

/**
 * NUMA node by APIC ID. Nodes are numbered as acpi_map_pxm_to_node() does: domains of CPUs first, in the
 * order of the table, then those of memory. Throws InputError for entries that cannot be.
 */
export function sratNodes(table: AcpiTable): ReadonlyMap<number, number> {
  const nodeOfDomain = new Map<number, number>();
  const nodeOf = new Map<number, number>();
  const node = (domain: number): number => {
    const known = nodeOfDomain.get(domain);
    if (known !== undefined) return known;
    nodeOfDomain.set(domain, nodeOfDomain.size);
    return nodeOfDomain.size - 1;
  };
  for (const entry of entriesOf(table, ENTRIES)) {
    const { type, offset } = entry;
    if (type === APIC_ENTRY) {
      needLength(table, entry, 16);
      if ((table.u32(offset + 4) & ENABLED) === 0) continue;
      const high = table.u8(offset + 9) | (table.u8(offset + 10) << 8) | (table.u8(offset + 11) << 16);
      nodeOf.set(table.u8(offset + 3), node(high * 256 + table.u8(offset + 2)));
    } else if (type === X2APIC_ENTRY) {
      needLength(table, entry, 24);
      if ((table.u32(offset + 12) & ENABLED) !== 0)
        nodeOf.set(table.u32(offset + 8), node(table.u32(offset + 4)));
    } else if (type === MEMORY_ENTRY) needLength(table, entry, 40);
  }
  return nodeOf;
}
