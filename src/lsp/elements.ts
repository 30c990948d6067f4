/** Which part of a machine a place in its text is about: a device, a CPU, all CPUs, or what the APIC mode follows from. */
import type { Path } from '../machine/locate.ts';
import { extentsAround } from './extents.ts';
import { lineOf } from './places.ts';
import type { Known, Read } from './text.ts';

export interface Element {
  readonly kind: 'device' | 'cpu' | 'cpus' | 'mode';
  /** Of the entry in the description. */
  readonly path: Path;
}

interface Placed {
  readonly element: Element;
  readonly offset: number;
}

type Values = Readonly<Record<string, unknown>>;

/** Keys of a description that say which CPUs there are. */
const CPU_KEYS: readonly string[] = ['topology', 'cpus', 'smt', 'packageCpus', 'memoryNodes'];
/** Keys that say nothing about the machine itself. */
const OTHER_KEYS: readonly string[] = [
  '$schema',
  'name',
  'devices',
  'events',
  'expect',
  'levels',
  'suppress',
  'budget',
  'guestOs',
  'notUnderstood',
];

/** Keys of a mapping; none of anything else. */
export const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

/** Where each element of a machine is written, in any of its parts. */
function placedOf({ source }: Read, { open, places }: Known): Placed[] {
  const { raw } = source.result;
  const value = raw.value as Values;
  const placed: Placed[] = [];
  const add = (element: Element, path: Path): void => {
    const place = raw.locate(path);
    if (place?.file === open.file) placed.push({ element, offset: places.offsetOf(place) });
  };
  const addWhole = (element: Element, inside: unknown): void => {
    add(element, element.path);
    for (const key of keysOf(inside)) add(element, [...element.path, key]);
  };
  const entries = (key: string): readonly unknown[] => {
    const list = value[key];
    return Array.isArray(list) ? list : [];
  };
  for (const [at, one] of entries('devices').entries())
    addWhole({ kind: 'device', path: ['devices', at] }, one);
  for (const [at, one] of entries('cpus').entries()) addWhole({ kind: 'cpu', path: ['cpus', at] }, one);
  for (const key of Object.keys(value)) {
    if (OTHER_KEYS.includes(key)) continue;
    addWhole({ kind: CPU_KEYS.includes(key) ? 'cpus' : 'mode', path: [key] }, value[key]);
  }
  return placed;
}

const isOne = (placed: readonly Placed[]): boolean =>
  placed.length > 0 && placed.every(({ element }) => sameAs(element, placed[0].element));

/** All that is said of CPUs as a whole, and of the mode, is one thing. */
const sameAs = (a: Element, b: Element): boolean =>
  a.kind === b.kind && (a.kind === 'cpus' || a.kind === 'mode' || a.path[1] === b.path[1]);

/** The last that begins before the offset, of those on its line; else the first on it. */
function onLine(placed: readonly Placed[], offset: number, text: string): Element | undefined {
  const line = lineOf(text, offset);
  const here = placed.filter((one) => lineOf(text, one.offset) === line).sort((a, b) => a.offset - b.offset);
  return (here.findLast((one) => one.offset <= offset) ?? here[0])?.element;
}

/**
 * The element that an offset is about: the nearest part around it that holds one element, and no part that holds
 * several; where a text has no parts, or several are written on one line, by line.
 */
export async function elementAt(read: Read, known: Known, offset: number): Promise<Element | undefined> {
  const { open, format } = known;
  if (format === undefined) return undefined;
  const placed = placedOf(read, known);
  const around = await extentsAround(open.text, offset, format);
  if (around === null) return onLine(placed, offset, open.text);
  for (const [n, { start, end }] of around.entries()) {
    const inside = placed.filter((one) => start <= one.offset && one.offset < Math.max(end, start + 1));
    if (inside.length === 0) continue;
    // All of a text holds one element by chance.
    const isAll = n === around.length - 1;
    return isOne(inside) && !isAll ? inside[0].element : onLine(inside, offset, open.text);
  }
  return undefined;
}
