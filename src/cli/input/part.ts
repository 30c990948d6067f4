/**
 * An object of a large input of many, such as what kubectl prints of a cluster: it is read by itself while the others
 * come, so that memory is that of the largest object, whatever the input holds.
 */
import { SPECS } from '../../formats/kubevirt/guest.ts';
import { HOLDS } from '../../formats/kubevirt/template.ts';
import { isKeyOf } from '../../lib/lookup.ts';

export interface Part {
  /** From 0, objects that are no guests included. */
  readonly number: number;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly column: number;
  /** Null: longer than the limit, or cut off by the end of the input, or what `problem` says. */
  readonly bytes: Uint8Array | null;
  readonly problem?: string | undefined;
  /** Its kind could not be seen: it may be no guest. */
  readonly isUnsure?: boolean;
}

export interface Splitter {
  /** The parts that end in this piece of the input: guests, what holds guests, and what guests refer to. */
  readonly push: (bytes: Buffer) => readonly Part[];
  /** What is left at the end of the input. */
  readonly end: () => readonly Part[];
}

/** Guests, and objects that hold guests. */
export const holdsGuest = (kind: string): boolean => isKeyOf(SPECS, kind) || isKeyOf(HOLDS, kind);

/** What guests refer to by name. */
export const isCompanion = (kind: string): boolean =>
  /^VirtualMachine(?:Cluster)?(?:Instancetype|Preference)$/.test(kind);

/** True for objects that are kept; the others of a cluster are passed over. */
export const isKept = (kind: string): boolean => holdsGuest(kind) || isCompanion(kind);
