/** CPUs of the MADT → the `cpus` list of a description. */
import { FIRST_X2APIC_ID } from '../../machine/apic-ids.ts';
import type { Location } from '../../machine/locate.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { type MadtCpu, madtCpus } from './madt.ts';
import type { AcpiTable } from './table.ts';

export interface CpuListOptions {
  /** NUMA node by APIC ID (SRAT); empty: one node. */
  readonly nodeOf: ReadonlyMap<number, number>;
  /** APIC ID of the CPU the kernel started on, if it is known. */
  readonly bootApicId?: number | undefined;
  /** CPUs that share the L2 cache of an APIC ID, where they are not those of its core. */
  readonly l2Of: (apicId: number) => number | undefined;
}

/** Neighbours in the table with ascending IDs, one node and one state. */
interface Run {
  first: number;
  last: number;
  readonly node: number;
  readonly enabled: boolean;
  readonly boot: boolean;
  readonly l2: number | undefined;
  readonly duplicate: boolean;
  /** An entry of type 9 for an APIC ID that one of type 0 could hold. */
  readonly wide: boolean;
  /** A disabled entry without the Online Capable flag, where others have it. */
  readonly incapable: boolean;
  readonly offset: number;
}

function runsOf(cpus: readonly MadtCpu[], { nodeOf, bootApicId, l2Of }: CpuListOptions): Run[] {
  const firstEnabled = cpus.find(({ enabled }) => enabled)?.apicId;
  const marksBoot = bootApicId !== undefined && bootApicId !== firstEnabled;
  const anyCapable = cpus.some(({ enabled, onlineCapable }) => !enabled && onlineCapable);
  const runs: Run[] = [];
  const seen = new Set<number>();
  for (const { apicId, enabled, onlineCapable, offset, type } of cpus) {
    const node = nodeOf.get(apicId) ?? 0;
    const duplicate = seen.has(apicId);
    seen.add(apicId);
    const wide = type === 9 && apicId < FIRST_X2APIC_ID;
    const incapable = anyCapable && !enabled && !onlineCapable;
    const boot = marksBoot && enabled && apicId === bootApicId && !duplicate;
    const l2 = l2Of(apicId);
    const run = runs.at(-1);
    if (
      run &&
      run.last + 1 === apicId &&
      run.node === node &&
      run.enabled === enabled &&
      run.l2 === l2 &&
      run.duplicate === duplicate &&
      run.wide === wide &&
      run.incapable === incapable &&
      !run.boot &&
      !boot
    ) {
      run.last = apicId;
    } else
      runs.push({ first: apicId, last: apicId, node, enabled, boot, l2, duplicate, wide, incapable, offset });
  }
  return runs;
}

/** Sets `cpus` and `firmware.onlineCapable`. Throws InputError for a table without CPUs. */
export function describeCpus(sheet: DescriptionBuilder, madt: AcpiTable, options: CpuListOptions): void {
  const listed = madtCpus(madt);
  if (!listed.some(({ enabled }) => enabled)) throw madt.error(4, 'the APIC table lists no enabled CPU');
  const at = (offset: number): Location => ({ file: madt.file, line: 1, column: offset + 1 });
  runsOf(listed, options).forEach(
    ({ first, last, node, enabled, boot, l2, duplicate, wide, incapable, offset }, index) => {
      const path = ['cpus', index];
      sheet.set([...path, 'apicId'], first === last ? first : `${first}-${last}`, at(offset));
      if (node !== 0) sheet.set([...path, 'node'], node, at(offset));
      if (!enabled) sheet.set([...path, 'state'], 'absent', at(offset));
      if (boot) sheet.set([...path, 'boot'], true, at(offset));
      if (l2 !== undefined) sheet.set([...path, 'l2'], l2, at(offset));
      if (duplicate) sheet.set([...path, 'duplicate'], true, at(offset));
      if (incapable) sheet.set([...path, 'onlineCapable'], false, at(offset));
      if (wide) sheet.set([...path, 'entry'], 'x2apic', at(offset));
    },
  );
  describeOnlineCapable(sheet, listed, at);
}

function describeOnlineCapable(
  sheet: DescriptionBuilder,
  cpus: readonly MadtCpu[],
  at: (offset: number) => Location,
): void {
  const absent = cpus.filter(({ enabled }) => !enabled);
  if (absent.length === 0) return;
  const capable = absent.some(({ onlineCapable }) => onlineCapable);
  sheet.set(['firmware', 'onlineCapable'], capable, at(absent[0].offset));
}
