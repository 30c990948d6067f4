/** CPUs of a machine whose MADT could not be read: those that are known to run, and slots for the rest. */
import { CpuMask, formatList } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { inputError, type Location } from '../../machine/locate.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { cpuSet } from './cpu-set.ts';
import { CPUINFO } from './cpuinfo.ts';
import type { KernelLog } from './kernel-log.ts';
import { shownNodes } from './nodes.ts';
import type { TopologyEvidence } from './topology.ts';
import { type Tree, textOf } from './tree.ts';

/** One file for each CPU, in kernels from 6.9. */
const TOPO_DIR = 'sys/kernel/debug/x86/topo/cpus';
const CPU_DIR = 'sys/devices/system/cpu';

/** APIC IDs by debugfs (kernels from 6.9), which lists absent CPUs too. */
function debugfsIds(tree: Tree): Map<number, number> {
  const ids = new Map<number, number>();
  for (const name of tree.list(TOPO_DIR)) {
    const match = /^apicid:\s+([0-9a-f]+)$/m.exec(textOf(tree, `${TOPO_DIR}/${name}`) ?? '');
    if (match && /^\d+$/.test(name)) ids.set(Number(name), Number.parseInt(match[1], 16));
  }
  return ids;
}

/** APIC IDs that the log names when CPUs come online after the boot. */
function loggedIds(log: KernelLog): Map<number, number> {
  const lines = log.all(/Booting Node +\d+,? Processor +(\d{1,5}) APIC 0x([0-9a-f]{1,8})/g);
  return new Map(lines.map(([, cpu, id]) => [Number(cpu), Number.parseInt(id, 16)]));
}

/**
 * APIC IDs for CPUs that are present and show none: one that is free between those of their neighbours, else the
 * first that is free. A guess, to be named.
 */
function guessedIds(known: ReadonlyMap<number, number>, unknown: readonly number[]): Map<number, number> {
  const ids = new Map(known);
  const taken = new Set(known.values());
  for (const cpu of unknown) {
    const below = [...ids].filter(([other]) => other < cpu).sort(([a], [b]) => b - a)[0]?.[1] ?? -1;
    const last = ![...known.keys()].some((other) => other > cpu);
    let id = last ? 0 : below + 1;
    while (taken.has(id)) id++;
    taken.add(id);
    ids.set(cpu, id);
  }
  return ids;
}

/** Sets cpus, in the order of CPU numbers. Throws InputError if no CPU is known. */
export function describeRunningCpus(
  sheet: DescriptionBuilder,
  { tree, info, log, place }: TopologyEvidence,
  l2Of: (apicId: number) => number | undefined,
): void {
  const told = new Map([...loggedIds(log), ...debugfsIds(tree), ...info.apicIds]);
  const possible = cpuSet(tree, 'possible');
  if (info.apicIds.size === 0) {
    const { file } = place(CPUINFO);
    throw inputError(
      file,
      'neither sys/firmware/acpi/tables/APIC nor proc/cpuinfo tells the APIC IDs of the CPUs',
    );
  }
  const present = cpuSet(tree, 'present') ?? CpuMask.of(LIMITS.cpus, info.apicIds.keys());
  const silent = present.toArray().filter((cpu) => !told.has(cpu));
  const ids = guessedIds(told, silent);
  const nodes = shownNodes(tree);
  const known = [...ids].sort(([a], [b]) => a - b);
  known.forEach(([cpu, apicId], index) => {
    const path = ['cpus', index];
    sheet.set([...path, 'apicId'], apicId, placeOfId(cpu));
    const shown = nodes.get(cpu);
    if (shown && shown.node > 0) sheet.set([...path, 'node'], shown.node, place(shown.path));
    const l2 = l2Of(apicId);
    if (l2 !== undefined) sheet.set([...path, 'l2'], l2, place(CPU_DIR));
    if (!info.apicIds.has(cpu) && !present.test(cpu))
      sheet.set([...path, 'state'], 'absent', place(`${CPU_DIR}/present`));
  });
  const others = (possible?.weight() ?? known.length) - known.length;
  if (others > 0) {
    const path = ['cpus', known.length];
    sheet.set([...path, 'count'], others, place(`${CPU_DIR}/possible`));
    sheet.set([...path, 'state'], 'absent', place(`${CPU_DIR}/present`));
  }
  if (silent.length > 0) nameGuess(sheet, silent);
  sheet.assume(
    `there is no MADT in the input: the ${told.size} CPUs whose APIC ID is known are taken as firmware's list` +
      (others > 0 ? `, the other ${others} possible CPUs as slots with unknown ID` : ''),
    ['cpus'],
  );

  function placeOfId(cpu: number): Location {
    if (info.apicIds.has(cpu)) return place(CPUINFO, info.lineOf(cpu));
    return place(told.has(cpu) ? `${TOPO_DIR}/${cpu}` : `${CPU_DIR}/present`);
  }
}

/** What a guessed ID would decide is not known. */
function nameGuess(sheet: DescriptionBuilder, silent: readonly number[]): void {
  const one = silent.length === 1;
  const list = formatList(silent);
  sheet.notUnderstood(
    one
      ? `the APIC ID of CPU ${list}, which does not run (a free one is taken)`
      : `the APIC IDs of CPUs ${list}, which do not run (free ones are taken)`,
    undefined,
    ['CPUs'],
    'give a capture with the ACPI tables (irqsim capture as root)',
  );
}
