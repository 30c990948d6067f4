/** A checked list of CPUs → the `cpus` of a description again, neighbours in one entry. */
import { formatList } from '../../../lib/cpumask.ts';
import type { FirmwareCpu, Machine } from '../../../machine/machine.ts';

interface Run {
  readonly cpu: FirmwareCpu;
  readonly ids: number[];
  count: number;
}

/** Starts a run where node or state change, where an ID goes down or is missing, and at the boot CPU. */
function joins({ cpu, ids }: Run, next: FirmwareCpu): boolean {
  if (cpu.node !== next.node || cpu.state !== next.state || cpu.l2Shift !== next.l2Shift) return false;
  if (cpu.duplicate !== next.duplicate || cpu.x2apicEntry !== next.x2apicEntry) return false;
  if (cpu.guessed !== next.guessed) return false;
  if (cpu.onlineCapable !== next.onlineCapable) return false;
  if (cpu.apicId === null || next.apicId === null) return cpu.apicId === next.apicId;
  return next.apicId > ids[ids.length - 1];
}

function entry({ cpu, ids, count }: Run, boot: boolean): Record<string, unknown> {
  return {
    ...(cpu.apicId === null ? { count } : { apicId: ids.length === 1 ? ids[0] : formatList(ids) }),
    ...(cpu.node === 0 ? {} : { node: cpu.node }),
    ...(cpu.state === 'online' ? {} : { state: cpu.state }),
    ...(cpu.l2Shift === undefined ? {} : { l2: 2 ** cpu.l2Shift }),
    ...(cpu.duplicate ? { duplicate: true } : {}),
    ...(cpu.guessed ? { guessed: true } : {}),
    ...(cpu.x2apicEntry ? { entry: 'x2apic' } : {}),
    ...(cpu.onlineCapable === undefined ? {} : { onlineCapable: cpu.onlineCapable }),
    ...(boot ? { boot: true } : {}),
  };
}

/**
 * Entries for the CPUs of `machine` that `keep` wants, in firmware order. `boot` is the index of the boot CPU in
 * `machine.cpus`; it is marked unless it is the first online CPU that is kept.
 */
export function cpuList(
  machine: Pick<Machine, 'cpus'>,
  keep: (index: number) => boolean,
  boot: number,
): readonly Record<string, unknown>[] {
  const kept = [...machine.cpus.keys()].filter(keep);
  const first = kept.find((index) => machine.cpus[index].state === 'online');
  const marked = first === boot ? -1 : boot;
  const runs: (Run & { readonly boot: boolean })[] = [];
  for (const index of kept) {
    const cpu = machine.cpus[index];
    const last = runs[runs.length - 1];
    if (last && !last.boot && index !== marked && joins(last, cpu)) {
      last.count++;
      if (cpu.apicId !== null) last.ids.push(cpu.apicId);
    } else {
      const ids = cpu.apicId === null ? [] : [cpu.apicId];
      runs.push({ cpu, ids, count: 1, boot: index === marked });
    }
  }
  return runs.map((run) => entry(run, run.boot));
}
