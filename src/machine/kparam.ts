/** Values of kernel parameters, read as leniently or strictly as the kernel's own helpers do. */
import { parseCpuList } from '../lib/cpumask.ts';
import { LIMITS } from './limits.ts';

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

/** A CPU list as written in kernel parameters, also "0-31:2/4" (2 of every 4), as a plain list. */
export function kernelCpuList(value: string): string | undefined {
  const plain: string[] = [];
  let cpus = 0;
  for (const part of value.split(',')) {
    const stride = /^(\d+)-(\d+):(\d+)\/(\d+)$/.exec(part);
    if (!stride) {
      if (!/^\d+(-\d+)?$/.test(part)) return undefined;
      plain.push(part);
      continue;
    }
    const [first, last, used, group] = stride.slice(1).map(Number);
    cpus += last - first;
    if (used === 0 || used > group || last < first || cpus > LIMITS.cpus) return undefined;
    for (let cpu = first; cpu <= last; cpu += group) {
      plain.push(`${cpu}-${Math.min(cpu + used - 1, last)}`);
    }
  }
  const list = plain.join(',');
  return readsAsCpuList(list) ? list : undefined;
}

function readsAsCpuList(list: string): boolean {
  try {
    parseCpuList(list);
    return true;
  } catch {
    return false;
  }
}

/** A boolean by its first letters: kstrtobool(). */
export function kstrtobool(value: string): boolean | undefined {
  if (/^([1yt]|on)/i.test(value)) return true;
  if (/^([0nf]|of)/i.test(value)) return false;
  return undefined;
}
