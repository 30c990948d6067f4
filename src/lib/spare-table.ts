/**
 * Room for vector tables, which are most of what a small machine takes: whoever boots such machines by the thousand
 * clears one table again and again, for less than what fresh memory costs.
 */

/** Entries that are kept at most: 1 MiB, the tables of 1,024 CPUs. */
const KEPT = 2 ** 18;

const NOTHING = new Int32Array(0);
/** All of it is 0. */
let spare: Int32Array<ArrayBuffer> = NOTHING;

/** A table of zeros. */
export function takeTable(size: number): Int32Array<ArrayBuffer> {
  if (size === 0 || spare.length < size) return new Int32Array(size);
  const table = spare.subarray(0, size);
  spare = NOTHING;
  return table;
}

/** For the next machine: nobody may look at it any more. */
export function giveBackTable(table: Int32Array<ArrayBuffer>): void {
  const whole = new Int32Array(table.buffer);
  if (whole.length > KEPT || whole.length <= spare.length) return;
  table.fill(0);
  spare = whole;
}
