/** Values of kernel parameters, read as leniently or strictly as the kernel's own helpers do. */
import { CpuMask } from '../lib/cpumask.ts';
import type { Kernel } from './kernel.ts';

/** Leading integer in decimal, hex (0x) or octal (0), whatever follows: get_option(). */
export function leadingInt(value: string): number | undefined {
  const match = /^(-?)(?:(0x[0-9a-f]+)|(0[0-7]*)|([1-9]\d*))/i.exec(value);
  if (!match) return undefined;
  const [, sign, hex, octal, decimal] = match;
  const size = hex ? Number(hex) : octal ? Number.parseInt(octal, 8) : Number(decimal);
  // The kernel's int is 32 bits wide.
  return (sign === '-' ? -size : size) | 0;
}

/** A whole unsigned integer and nothing after it: kstrtouint(). */
export function wholeUint(value: string): number | undefined {
  if (!/^\+?(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(value)) return undefined;
  const number = leadingInt(value.replace('+', ''));
  return number !== undefined && number >= 0 ? number : undefined;
}

/** One part of a kernel CPU list: "3", "0-7", "0-31:2/4" (2 of every 4), "4-N" (to the last CPU), "all". */
const REGION = /^(?:all|(\d+|N)(?:-(\d+|N)(?::(\d+)\/(\d+))?)?)$/;

/** True if bitmap_parselist() can read the text, whatever the machine; "" and blanks are an empty list. */
export function isCpuList(value: string): boolean {
  return regionsOf(value) !== null;
}

function regionsOf(value: string): RegExpExecArray[] | null {
  const regions: RegExpExecArray[] = [];
  for (const part of value.split(',')) {
    const text = part.trim();
    if (text === '') continue;
    const match = REGION.exec(text);
    if (!match || (match[3] !== undefined && !(Number(match[3]) > 0 && Number(match[3]) <= Number(match[4]))))
      return null;
    const [, first, last] = match;
    if (first !== undefined && last !== undefined && Number(first) > Number(last)) return null;
    regions.push(match);
  }
  return regions;
}

/**
 * The CPUs of a list, of `nbits` that there are; null if this kernel cannot read it. CPUs beyond the last are
 * left out. Mirrors bitmap_parselist() of lib/bitmap.c: `N` is the last CPU since 5.13, `all` is 0-N since 5.14.
 */
export function cpulistParse(kernel: Kernel, value: string, nbits: number): CpuMask | null {
  const regions = regionsOf(value);
  if (!regions) return null;
  if (/N/.test(value) && !kernel.has('cpulist-last-cpu')) return null;
  if (/all/.test(value) && !kernel.has('cpulist-all')) return null;
  const mask = new CpuMask(nbits);
  const number = (text: string) => (text === 'N' ? nbits - 1 : Number(text));
  for (const [, from, to, used, group] of regions) {
    const first = from === undefined ? 0 : number(from);
    const last = Math.min(nbits - 1, from === undefined ? nbits - 1 : number(to ?? from));
    const step = group === undefined ? nbits : Number(group);
    const take = used === undefined ? nbits : Number(used);
    for (let cpu = first; cpu <= last; cpu += step) mask.setRange(cpu, Math.min(cpu + take - 1, last));
  }
  return mask;
}

/** A boolean by its first letters: kstrtobool(). */
export function kstrtobool(value: string): boolean | undefined {
  if (/^([1yt]|on)/i.test(value)) return true;
  if (/^([0nf]|of)/i.test(value)) return false;
  return undefined;
}
