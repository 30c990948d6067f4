/** What the machine shows of its IOMMU beyond the ACPI tables. */
import type { Location } from '../../machine/locate.ts';
import { interruptLines } from './interrupts.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Place } from './place.ts';
import { type Tree, textOf } from './tree.ts';

/** ECAP of an Intel IOMMU. */
const ECAP_EIM = 0x10n;
/** EFR of an AMD IOMMU. */
const EFR_XT_SUP = 0x4n;

/** A bit of a register, and where it was read. */
export interface Found {
  readonly value: boolean;
  readonly at: Location;
}

export interface IommuFacts {
  /** Every Intel unit has 32-bit destinations; undefined: not known. */
  readonly eim: Found | undefined;
  /** An AMD unit has them; `mixed`: not all do. */
  readonly xt: (Found & { readonly mixed: boolean }) | undefined;
  /** Interrupts are remapped on this machine, by the names of their chips. */
  readonly remapped: boolean;
}

interface Register {
  readonly value: bigint;
  readonly at: Location;
}

function registers(tree: Tree, prefix: string, file: string, place: Place): Register[] {
  return tree
    .list('sys/class/iommu')
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const path = `sys/class/iommu/${name}/${file}`;
      const text = textOf(tree, path);
      return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text)
        ? [{ value: BigInt(`0x${text}`), at: place(path) }]
        : [];
    });
}

/** True if all have the bit; the place is that of the one that decides. */
function every(found: readonly Register[], bit: bigint): Found | undefined {
  if (found.length === 0) return undefined;
  const without = found.find(({ value }) => (value & bit) === 0n);
  return { value: without === undefined, at: (without ?? found[0]).at };
}

/** True if any has the bit; the place is that of the first that has. */
function some(found: readonly Register[], bit: bigint): IommuFacts['xt'] {
  if (found.length === 0) return undefined;
  const having = found.filter(({ value }) => (value & bit) !== 0n);
  const mixed = having.length > 0 && having.length < found.length;
  return { value: having.length > 0, at: (having[0] ?? found[0]).at, mixed };
}

/** Looks at sysfs first, then at the log, then at the interrupts. */
export function iommuFacts(tree: Tree, log: KernelLog, place: Place): IommuFacts {
  const logged = log
    .all(/DMAR: dmar\d+: .* ecap ([0-9a-f]{1,16})/g)
    .map(([text, ecap]) => ({ value: BigInt(`0x${ecap}`), at: place(log.path, log.lineOf(text)) }));
  const ecaps = registers(tree, 'dmar', 'intel-iommu/ecap', place);
  return {
    eim: every(ecaps.length > 0 ? ecaps : logged, ECAP_EIM),
    xt: some(registers(tree, 'ivhd', 'amd-iommu/features', place), EFR_XT_SUP),
    remapped: [...interruptLines(tree).values()].some(({ chip }) => chip.startsWith('IR-')),
  };
}
