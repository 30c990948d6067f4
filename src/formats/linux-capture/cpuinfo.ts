/** /proc/cpuinfo: the APIC IDs of the online CPUs, and what a CPU can do. */
import { type Tree, textOf } from './tree.ts';

/** The file. */
export const CPUINFO = 'proc/cpuinfo';

export interface CpuInfo {
  /** CPU number → APIC ID, of online CPUs. */
  readonly apicIds: ReadonlyMap<number, number>;
  /** CPU number → "physical id", where it is shown. */
  readonly packages: ReadonlyMap<number, number>;
  /** Flags of the first CPU listed. */
  readonly flags: ReadonlySet<string>;
  /** Line of the flags, from 1; 1 if there are none. */
  readonly flagsLine: number;
  readonly modelName: string;
  /** "AuthenticAMD", "GenuineIntel" …; "" if it is not shown. */
  readonly vendor: string;
  /** Line of the APIC ID of a CPU. */
  lineOf(cpu: number): number;
}

/** `apicid` is used: kernels before 6.x cut `initial apicid` to 8 bits. */
export function cpuInfo(tree: Tree): CpuInfo {
  const apicIds = new Map<number, number>();
  const lines = new Map<number, number>();
  const packages = new Map<number, number>();
  let flags: ReadonlySet<string> = new Set();
  let flagsLine = 1;
  let modelName = '';
  let vendor = '';
  let cpu: number | undefined;
  for (const [index, line] of (textOf(tree, CPUINFO) ?? '').split('\n').entries()) {
    const colon = line.indexOf(':');
    const [key, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (line.trim() === '') cpu = undefined;
    else if (key === 'processor') cpu = /^\d{1,9}$/.test(value) ? Number(value) : undefined;
    else if (key === 'apicid' && cpu !== undefined && /^\d{1,10}$/.test(value)) {
      apicIds.set(cpu, Number(value));
      lines.set(cpu, index + 1);
    } else if (key === 'physical id' && cpu !== undefined && /^\d{1,9}$/.test(value)) {
      packages.set(cpu, Number(value));
    } else if (key === 'flags' && flags.size === 0) {
      flags = new Set(value.split(' '));
      flagsLine = index + 1;
    } else if (key === 'model name') modelName ||= value;
    else if (key === 'vendor_id') vendor ||= value;
  }
  return { apicIds, packages, flags, flagsLine, modelName, vendor, lineOf: (known) => lines.get(known) ?? 1 };
}
