/** PCI configuration space: the size of a device's MSI-X table, and the buses behind a bridge. */
import type { BusRange } from '../acpi/scopes.ts';
import { type Tree, textOf } from './tree.ts';

const STATUS = 6;
const HAS_CAPABILITIES = 0x10;
const FIRST_CAPABILITY = 0x34;
const MSIX = 0x11;
const HEADER_TYPE = 0x0e;
const BRIDGE = 1;
const SECONDARY_BUS = 0x19;
const SUBORDINATE_BUS = 0x1a;

/** Without root rights only the first 64 bytes can be read, and they do not tell. */
export function msixTableSize(tree: Tree, device: string): number | undefined {
  const config = tree.read(`sys/bus/pci/devices/${device}/config`);
  return (config && fromConfig(config)) ?? fromTableDump(tree, device);
}

function fromConfig(config: Uint8Array): number | undefined {
  if (config.length < 256 || (config[STATUS] & HAS_CAPABILITIES) === 0) return undefined;
  let at = config[FIRST_CAPABILITY] & 0xfc;
  // At most 48 capabilities fit: a chain that goes round ends here.
  for (let left = 48; left > 0 && at >= 0x40; left--) {
    if (config[at] === MSIX) return ((config[at + 2] | (config[at + 3] << 8)) & 0x7ff) + 1;
    at = config[at + 1] & 0xfc;
  }
  return undefined;
}

function fromTableDump(tree: Tree, device: string): number | undefined {
  const match = /^msix .*\bsize=(\d{1,4})\b/m.exec(textOf(tree, `extra/msix/${device}.txt`) ?? '');
  return match ? Number(match[1]) : undefined;
}

/** The buses behind a bridge; null: the device is none; undefined: its configuration was not kept. */
export function busesBehind(tree: Tree, device: string): BusRange | null | undefined {
  const config = tree.read(`sys/bus/pci/devices/${device}/config`);
  if (config === undefined || config.length < 64) return undefined;
  if ((config[HEADER_TYPE] & 0x7f) !== BRIDGE) return null;
  return { secondary: config[SECONDARY_BUS], subordinate: config[SUBORDINATE_BUS] };
}
