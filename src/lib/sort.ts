/**
 * The kernel's heapsort (lib/sort.c). It is not stable, and the order in which it leaves equal keys is
 * part of every spreading result, so it is mirrored step by step. Two variants: until 6.8 one element
 * was extracted at a time; since 6.9 two are, and ties descend to the other child.
 */

/** Which of the kernel's two heapsorts. */
export type SortVariant = 'one-at-a-time' | 'two-at-a-time';

/** Parallel arrays being sorted: `items[i]` travels with `keys[i]`. */
interface Heap {
  readonly keys: Int32Array;
  readonly items: Int32Array;
  readonly tiesGoRight: boolean;
}

function swap({ keys, items }: Heap, a: number, b: number): void {
  const key = keys[a];
  const item = items[a];
  keys[a] = keys[b];
  items[a] = items[b];
  keys[b] = key;
  items[b] = item;
}

/** The leaf that the path of larger children leads to from `root`, in a heap of `size` elements. */
function leafBelow({ keys, tiesGoRight }: Heap, root: number, size: number): number {
  let at = root;
  while (2 * at + 2 < size) {
    const left = 2 * at + 1;
    const order = keys[left] - keys[left + 1];
    at = order > 0 || (order === 0 && !tiesGoRight) ? left : left + 1;
  }
  return 2 * at + 2 === size ? 2 * at + 1 : at;
}

/** Bottom-up sift: the root goes to its place on the path, the elements above it move up one step. */
function sift(heap: Heap, root: number, size: number): void {
  const { keys } = heap;
  let at = leafBelow(heap, root, size);
  while (at !== root && keys[root] >= keys[at]) at = (at - 1) >> 1;
  for (let slot = at; slot !== root; ) {
    swap(heap, root, slot);
    // The root position carries the element displaced last; it belongs one step up the path.
    slot = (slot - 1) >> 1;
  }
}

function extractOneAtATime(heap: Heap, count: number): void {
  for (let size = count - 1; size > 0; size--) {
    swap(heap, 0, size);
    sift(heap, 0, size);
  }
}

function extractTwoAtATime(heap: Heap, count: number): void {
  const { keys } = heap;
  let size = count;
  while (size > 3) {
    size--;
    swap(heap, 0, size);
    const second = keys[1] <= keys[2] ? 2 : 1;
    size--;
    swap(heap, second, size);
    sift(heap, second, size);
    sift(heap, 0, size);
  }
  size--;
  swap(heap, 0, size);
  if (size === 2 && keys[0] > keys[1]) swap(heap, 0, 1);
}

/**
 * Sorts `items` by ascending `keys`, both in place, leaving equal keys in the kernel's order.
 * Mirrors sort() of lib/sort.c: 'one-at-a-time' as in 5.2 - 6.8, 'two-at-a-time' as in 6.9 and later.
 * Both arrays have the same length.
 */
export function kernelSort(keys: Int32Array, items: Int32Array, variant: SortVariant): void {
  const count = keys.length;
  if (count < 2) return;
  const heap: Heap = { keys, items, tiesGoRight: variant === 'two-at-a-time' };
  for (let root = (count >> 1) - 1; root >= 0; root--) sift(heap, root, count);
  if (variant === 'two-at-a-time') extractTwoAtATime(heap, count);
  else extractOneAtATime(heap, count);
}
