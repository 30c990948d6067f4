/** Where the CPU with an index sits: the socket-id … thread-id of QEMU. */
import { apicIdOf, type CpuTopology, cpuCount } from '../../machine/topology.ts';
import type { CpuPlace } from './facts.ts';

export type Level = keyof CpuPlace;

/** From the top. */
export const LEVELS: readonly (readonly [Level, keyof CpuTopology])[] = [
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
export function indexOf(place: CpuPlace, topology: CpuTopology): number {
  return LEVELS.reduce((index, [level, count]) => index * topology[count] + (place[level] ?? 0), 0);
}

/** True if no CPU can have a place. */
export function isNowhere(place: CpuPlace, topology: CpuTopology): boolean {
  return LEVELS.some(([level, count]) => (place[level] ?? 0) >= topology[count]);
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

/** APIC IDs rise with the index, so it is found by halving. */
export function indexOfApicId(apicId: number, topology: CpuTopology): number | undefined {
  let low = 0;
  let high = cpuCount(topology) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (apicIdOf(middle, topology) < apicId) low = middle + 1;
    else high = middle;
  }
  return apicIdOf(low, topology) === apicId ? low : undefined;
}
