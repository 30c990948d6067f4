/** What the machine shows of its IOMMU beyond the ACPI tables. */
import type { KernelLog } from './kernel-log.ts';
import { type Tree, textOf } from './tree.ts';

/** ECAP of an Intel IOMMU. */
const ECAP_EIM = 0x10n;
/** EFR of an AMD IOMMU. */
const EFR_XT_SUP = 0x4n;

export interface IommuFacts {
  /** Every Intel unit has 32-bit destinations; undefined: not known. */
  readonly eim: boolean | undefined;
  readonly xt: boolean | undefined;
  /** Interrupts are remapped on this machine, by the names of their chips. */
  readonly remapped: boolean;
}

function registers(tree: Tree, prefix: string, file: string): bigint[] {
  return tree
    .list('sys/class/iommu')
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const text = textOf(tree, `sys/class/iommu/${name}/${file}`);
      return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text) ? [BigInt(`0x${text}`)] : [];
    });
}

const every = (values: readonly bigint[], bit: bigint): boolean | undefined =>
  values.length === 0 ? undefined : values.every((value) => (value & bit) !== 0n);

/** Looks at sysfs first, then at the log, then at the interrupts. */
export function iommuFacts(tree: Tree, log: KernelLog): IommuFacts {
  const logged = log.all(/DMAR: dmar\d+: .* ecap ([0-9a-f]{1,16})/g).map((match) => BigInt(`0x${match[1]}`));
  const ecaps = registers(tree, 'dmar', 'intel-iommu/ecap');
  const remapped = /\bIR-/.test(textOf(tree, 'proc/interrupts') ?? '');
  return {
    eim: every(ecaps.length > 0 ? ecaps : logged, ECAP_EIM),
    xt: every(registers(tree, 'ivhd', 'amd-iommu/features'), EFR_XT_SUP),
    remapped,
  };
}
