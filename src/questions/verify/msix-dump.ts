/** MSI and MSI-X tables as a capture holds them: what is written in the device itself. */
import { type Tree, textOf } from '../../formats/linux-capture/tree.ts';

export interface TableEntry {
  readonly addressLo: number;
  readonly data: number;
  readonly masked: boolean;
}

const MSIX = /^entry=(\d+) addr_hi=\S+ addr_lo=(\S+) data=(\S+) ctrl=(\S+)$/gm;
const MSI = /^msi enable=1 .*addr_lo=(\S+) data=(\S+)$/m;

/** By index; empty if the capture has none of the device. */
export function deviceEntries(tree: Tree, bdf: string, msix: boolean): ReadonlyMap<number, TableEntry> {
  const text = textOf(tree, `extra/msix/${bdf}.txt`) ?? '';
  if (!msix) {
    const match = MSI.exec(text);
    return new Map(
      match ? [[0, { addressLo: Number(match[1]), data: Number(match[2]), masked: false }]] : [],
    );
  }
  return new Map(
    [...text.matchAll(MSIX)].map(([, index, lo, data, control]) => [
      Number(index),
      { addressLo: Number(lo), data: Number(data), masked: (Number(control) & 1) !== 0 },
    ]),
  );
}
