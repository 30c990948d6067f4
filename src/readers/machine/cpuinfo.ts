/** /proc/cpuinfo: the APIC IDs of the online CPUs, and what a CPU can do. */
import { type Tree, textOf } from './tree.ts';

export interface CpuInfo {
  /** CPU number → APIC ID, of online CPUs. */
  readonly apicIds: ReadonlyMap<number, number>;
  /** Flags of the first CPU listed. */
  readonly flags: ReadonlySet<string>;
  readonly modelName: string;
}

/** `apicid` is used: kernels before 6.x cut `initial apicid` to 8 bits. */
export function cpuInfo(tree: Tree): CpuInfo {
  const apicIds = new Map<number, number>();
  let flags: ReadonlySet<string> = new Set();
  let modelName = '';
  for (const block of (textOf(tree, 'proc/cpuinfo') ?? '').split(/\n\s*\n/)) {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
      }),
    );
    const cpu = fields.get('processor');
    const apicId = fields.get('apicid');
    if (cpu && apicId && /^\d+$/.test(cpu) && /^\d+$/.test(apicId)) apicIds.set(Number(cpu), Number(apicId));
    if (flags.size === 0) flags = new Set(fields.get('flags')?.split(' ') ?? []);
    modelName ||= fields.get('model name') ?? '';
  }
  return { apicIds, flags, modelName };
}
