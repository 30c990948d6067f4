/**
 * A set of CPU numbers as the kernel's `struct cpumask`: a bitmap over `Uint32Array`, with the
 * kernel's list form ("0-3,8") as its text. Mirrors lib/cpumask.c and lib/bitmap-str.c.
 *
 * All masks of one machine have the same `nbits`; binary operations rely on that.
 */

const WORD_BITS = 32;

/** Number of set bits in a 32-bit word (SWAR, as arch-independent `hweight32`). */
function hweight32(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Index of the lowest set bit of a non-zero word. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** A mutable set of CPU numbers `0 .. nbits-1`. */
export class CpuMask {
  readonly nbits: number;
  /** The bitmap itself, for the engine's inner loops to read. Bits at and above `nbits` are always 0. */
  readonly words: Uint32Array;
  /** Words below `#begin` and from `#end` on are 0: masks of queues hold few of the CPUs of a large machine. */
  #begin: number;
  #end = 0;

  constructor(nbits: number) {
    this.nbits = nbits;
    this.words = new Uint32Array((nbits + WORD_BITS - 1) >>> 5);
    this.#begin = this.words.length;
  }

  /** Words below this one are 0. */
  get begin(): number {
    return this.#begin;
  }

  /** Words from this one on are 0. */
  get end(): number {
    return this.#end;
  }

  /** Words from `begin` up to `end` may be other than 0 from now on. */
  #widen(begin: number, end: number): void {
    if (begin < this.#begin) this.#begin = begin;
    if (end > this.#end) this.#end = Math.min(end, this.words.length);
  }

  /** A mask holding exactly these CPUs. */
  static of(nbits: number, cpus: Iterable<number>): CpuMask {
    const mask = new CpuMask(nbits);
    for (const cpu of cpus) mask.set(cpu);
    return mask;
  }

  /** CPUs `from .. to`, both included; empty when `to < from`. */
  static range(nbits: number, from: number, to: number): CpuMask {
    return new CpuMask(nbits).setRange(from, to);
  }

  /** Every CPU below `nbits`. */
  static full(nbits: number): CpuMask {
    return CpuMask.range(nbits, 0, nbits - 1);
  }

  /** Reads the kernel's list form. Throws `RangeError` (see {@link parseCpuList}) or on a CPU >= nbits. */
  static parse(list: string, nbits: number): CpuMask {
    const mask = new CpuMask(nbits);
    for (const [first, last] of parseCpuList(list)) {
      if (last >= nbits) throw new RangeError(`CPU ${last} is outside 0-${nbits - 1}`);
      mask.setRange(first, last);
    }
    return mask;
  }

  static and(a: CpuMask, b: CpuMask): CpuMask {
    return a.clone().andWith(b);
  }

  static or(a: CpuMask, b: CpuMask): CpuMask {
    return a.clone().orWith(b);
  }

  static andNot(a: CpuMask, b: CpuMask): CpuMask {
    return a.clone().andNotWith(b);
  }

  clone(): CpuMask {
    return new CpuMask(this.nbits).copyFrom(this);
  }

  copyFrom(other: CpuMask): this {
    return this.clearAll().orWith(other);
  }

  set(cpu: number): this {
    const w = cpu >>> 5;
    this.words[w] |= 1 << (cpu & 31);
    this.#widen(w, w + 1);
    return this;
  }

  clear(cpu: number): this {
    this.words[cpu >>> 5] &= ~(1 << (cpu & 31));
    return this;
  }

  test(cpu: number): boolean {
    return ((this.words[cpu >>> 5] >>> (cpu & 31)) & 1) === 1;
  }

  setRange(from: number, to: number): this {
    let cpu = from;
    if (from <= to) this.#widen(from >>> 5, (to >>> 5) + 1);
    while (cpu <= to && (cpu & 31) !== 0) this.set(cpu++);
    for (; cpu + 31 <= to; cpu += WORD_BITS) this.words[cpu >>> 5] = 0xffffffff;
    while (cpu <= to) this.set(cpu++);
    return this;
  }

  clearAll(): this {
    const a = this.words;
    for (let w = this.#begin; w < this.#end; w++) a[w] = 0;
    this.#begin = a.length;
    this.#end = 0;
    return this;
  }

  andWith(other: CpuMask): this {
    const a = this.words;
    const b = other.words;
    for (let w = this.#begin; w < this.#end; w++) a[w] &= b[w];
    return this;
  }

  orWith(other: CpuMask): this {
    const a = this.words;
    const b = other.words;
    for (let w = other.#begin; w < other.#end; w++) a[w] |= b[w];
    this.#widen(other.#begin, other.#end);
    return this;
  }

  andNotWith(other: CpuMask): this {
    const a = this.words;
    const b = other.words;
    for (let w = this.#begin; w < this.#end; w++) a[w] &= ~b[w];
    return this;
  }

  isEmpty(): boolean {
    const a = this.words;
    for (let w = this.#begin; w < this.#end; w++) if (a[w] !== 0) return false;
    return true;
  }

  equals(other: CpuMask): boolean {
    return this.isSubsetOf(other) && other.isSubsetOf(this);
  }

  intersects(other: CpuMask): boolean {
    const a = this.words;
    const b = other.words;
    const end = Math.min(this.#end, other.#end);
    for (let w = Math.max(this.#begin, other.#begin); w < end; w++) if ((a[w] & b[w]) !== 0) return true;
    return false;
  }

  isSubsetOf(other: CpuMask): boolean {
    const a = this.words;
    const b = other.words;
    for (let w = this.#begin; w < this.#end; w++) if ((a[w] & ~b[w]) !== 0) return false;
    return true;
  }

  /** Number of CPUs in the set (`cpumask_weight`). */
  weight(): number {
    let sum = 0;
    const a = this.words;
    for (let w = this.#begin; w < this.#end; w++) if (a[w] !== 0) sum += hweight32(a[w]);
    return sum;
  }

  /** Number of CPUs in both sets (`cpumask_weight_and`). */
  weightAnd(other: CpuMask): number {
    let sum = 0;
    const a = this.words;
    const b = other.words;
    for (let w = this.#begin; w < this.#end; w++) sum += hweight32(a[w] & b[w]);
    return sum;
  }

  /** Lowest CPU of the set, or -1. */
  first(): number {
    return this.next(-1);
  }

  /** Lowest CPU above `after`, or -1. */
  next(after: number): number {
    const a = this.words;
    const from = Math.max(after + 1, this.#begin << 5);
    let w = from >>> 5;
    if (w >= this.#end) return -1;
    let word = a[w] & (0xffffffff << (from & 31));
    while (word === 0) {
      if (++w >= this.#end) return -1;
      word = a[w];
    }
    return (w << 5) + lowestBit(word);
  }

  /** Lowest CPU in both sets, or -1 (`cpumask_first_and`). */
  firstAnd(other: CpuMask): number {
    const a = this.words;
    const b = other.words;
    for (let w = this.#begin; w < this.#end; w++) {
      const word = a[w] & b[w];
      if (word !== 0) return (w << 5) + lowestBit(word);
    }
    return -1;
  }

  /** Calls `visit` for every CPU, ascending. */
  forEach(visit: (cpu: number) => void): void {
    const a = this.words;
    for (let w = this.#begin; w < this.#end; w++) {
      let word = a[w];
      while (word !== 0) {
        const bit = word & -word;
        visit((w << 5) + 31 - Math.clz32(bit));
        word ^= bit;
      }
    }
  }

  toArray(): number[] {
    const cpus: number[] = [];
    this.forEach((cpu) => {
      cpus.push(cpu);
    });
    return cpus;
  }

  /** The kernel's list form (`%*pbl`): "0-3,8"; the empty set is the empty string. */
  toString(): string {
    const parts: string[] = [];
    let first = this.first();
    while (first >= 0) {
      let last = first;
      while (last + 1 < this.nbits && this.test(last + 1)) last++;
      parts.push(first === last ? `${first}` : `${first}-${last}`);
      first = this.next(last);
    }
    return parts.join(',');
  }
}

/** Kernel list form of sorted numbers that need not be CPUs (APIC IDs, queue numbers). */
export function formatList(sorted: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === sorted[j] + 1) j++;
    parts.push(i === j ? `${sorted[i]}` : `${sorted[i]}-${sorted[j]}`);
    i = j + 1;
  }
  return parts.join(',');
}

/**
 * Splits a list such as "0-3,8" or "0x100-0x13f" into inclusive ranges, in the order written.
 * Throws `RangeError` naming the offending part. The empty string is the empty list.
 */
export function parseCpuList(list: string): [first: number, last: number][] {
  const text = list.trim();
  if (text === '') return [];
  return text.split(',').map((part) => {
    const match = /^\s*(0x[0-9a-f]+|\d+)(?:\s*-\s*(0x[0-9a-f]+|\d+))?\s*$/i.exec(part);
    if (!match) throw new RangeError(`"${part.trim()}" is not a number or a range such as 0-3`);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first) throw new RangeError(`the range ${part.trim()} runs backwards`);
    return [first, last];
  });
}
