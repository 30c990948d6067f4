/** Where the CPU with an index sits: the socket-id … thread-id of QEMU. */
import { apicIdOf, type CpuTopology, cpuCount } from '../../machine/topology.ts';
import type { Notes } from '../notes.ts';
import type { CpuPlace, PluggedCpu } from './facts.ts';
import { deviceMessage } from './props.ts';

type Level = keyof CpuPlace;

/** From the top. */
const LEVELS: readonly (readonly [Level, keyof CpuTopology])[] = [
  ['socket-id', 'sockets'],
  ['die-id', 'dies'],
  ['module-id', 'modules'],
  ['core-id', 'cores'],
  ['thread-id', 'threads'],
];

const FROM_BELOW = LEVELS.toReversed();

export const PLACE_KEYS: readonly Level[] = LEVELS.map(([level]) => level);

/** Place of a CPU index, all levels. */
export function placeOf(index: number, topology: CpuTopology): Required<CpuPlace> {
  const place = { 'socket-id': 0, 'die-id': 0, 'module-id': 0, 'core-id': 0, 'thread-id': 0 };
  let rest = index;
  for (const [level, count] of FROM_BELOW) {
    place[level] = rest % topology[count];
    rest = Math.floor(rest / topology[count]);
  }
  return place;
}

/** Index of the first CPU of a place, levels not given being 0. */
function indexOf(place: CpuPlace, topology: CpuTopology): number {
  return LEVELS.reduce((index, [level, count]) => index * topology[count] + (place[level] ?? 0), 0);
}

/** True if the CPU of `index` lies in a place, whose missing levels mean all. */
export function isIn(index: number, place: CpuPlace, topology: CpuTopology): boolean {
  let rest = index;
  for (const [level, count] of FROM_BELOW) {
    const wanted = place[level];
    if (wanted !== undefined && wanted !== rest % topology[count]) return false;
    rest = Math.floor(rest / topology[count]);
  }
  return true;
}

/** "socket-id: 0, core-id: 1, thread-id: 0": dies and modules only where there are several. */
export function placeText(index: number, topology: CpuTopology): string {
  const place = placeOf(index, topology);
  return LEVELS.filter(
    ([level, count]) => topology[count] > 1 || (level !== 'die-id' && level !== 'module-id'),
  )
    .map(([level]) => `${level}: ${place[level]}`)
    .join(', ');
}

/** Marks cold-plugged CPUs as present; QEMU's own checks are noted. */
export function plugIn(
  plugged: readonly PluggedCpu[],
  present: Uint8Array,
  topology: CpuTopology,
  notes: Notes,
): void {
  for (const cpu of plugged) {
    const outside = LEVELS.find(([level, count]) => (cpu.place[level] ?? 0) >= topology[count]);
    if (outside && cpu.apicId === undefined) {
      const [level, count] = outside;
      const range = `must be in range 0:${topology[count] - 1}`;
      notes.fail(deviceMessage(cpu, `Invalid CPU ${level}: ${cpu.place[level]} ${range}`), cpu.at);
      continue;
    }
    const index =
      cpu.apicId === undefined ? indexOf(cpu.place, topology) : indexOfApicId(cpu.apicId, topology);
    if (index === undefined || index >= present.length) continue;
    if (present[index] === 1) {
      const message = `CPU[${index}] with APIC ID ${apicIdOf(index, topology)} exists`;
      notes.fail(deviceMessage(cpu, message), cpu.at);
    }
    present[index] = 1;
  }
}

/** APIC IDs rise with the index, so it is found by halving. */
function indexOfApicId(apicId: number, topology: CpuTopology): number | undefined {
  let low = 0;
  let high = cpuCount(topology) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (apicIdOf(middle, topology) < apicId) low = middle + 1;
    else high = middle;
  }
  return apicIdOf(low, topology) === apicId ? low : undefined;
}
