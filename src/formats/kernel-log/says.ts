/** What lines of a kernel log mean, wherever the log was found: the hypervisor, x2APIC, CPUs that come and go. */
import type { Platform } from '../../machine/machine.ts';
import type { KernelLog } from './log.ts';

/** A value, and the line that says it. */
export interface SaidValue<T> {
  readonly value: T;
  readonly line: number;
}

/** The first text of a table that the log holds. */
function firstSaid<T>(
  log: KernelLog,
  table: readonly (readonly [text: string, value: T])[],
): SaidValue<T> | undefined {
  for (const [text, value] of table) {
    const line = log.lineOf(text);
    if (line !== undefined) return { value, line };
  }
  return undefined;
}

/** What the kernel calls a hypervisor that it detected. */
const DETECTED: readonly (readonly [text: string, platform: Platform])[] = [
  ['Hypervisor detected: KVM', 'kvm'],
  ['Hypervisor detected: Microsoft Hyper-V', 'hyperv'],
  ['Hypervisor detected: Xen HVM', 'xen-hvm'],
  ['Hypervisor detected: Xen PVH', 'xen-pvh'],
  ['Hypervisor detected: VMware', 'vmware'],
  ['Hypervisor detected: ACRN', 'acrn'],
  ['Hypervisor detected: Jailhouse', 'jailhouse'],
  ['Hypervisor detected: Bhyve', 'bhyve'],
  ['Booting paravirtualized kernel on KVM', 'kvm'],
];

/** The hypervisor that the kernel detected; undefined if it says of none. */
export function loggedPlatform(log: KernelLog): SaidValue<Platform> | undefined {
  return firstSaid(log, DETECTED);
}

/** What the kernel says of x2APIC as firmware left it. */
const HANDED_OVER: readonly (readonly [text: string, x2apic: 'locked' | 'enabled'])[] = [
  ['locked in x2apic mode', 'locked'],
  ['Cannot disable locked x2apic', 'locked'],
  ['x2apic: enabled by BIOS', 'enabled'],
  ['x2apic already enabled.', 'enabled'],
];

/** How firmware handed x2APIC over, where the kernel says that it was on. */
export function handedOver(log: KernelLog): SaidValue<'locked' | 'enabled'> | undefined {
  return firstSaid(log, HANDED_OVER);
}

/** What the kernel says of a CPU's coming and going; the last word counts. Group 1: its number. */
const WORDS: readonly (readonly [pattern: RegExp, word: Word])[] = [
  [/CPU (\d{1,5}) is now offline/g, 'taken offline'],
  [/Booting Node +\d+,? Processor +(\d{1,5}) APIC/g, 'started'],
  [/native_cpu_up: bad cpu (\d{1,5})/g, 'refused'],
  [/CPU (\d{1,5}) has invalid APIC ID/g, 'refused'],
  [/failed\(-?\d+\) to wakeup CPU#(\d{1,5})/g, 'refused'],
];
type Word = 'taken offline' | 'started' | 'refused';

/** What the log said last of each CPU, by number. */
export function lastWords(log: KernelLog): Map<number, Word> {
  const words = WORDS.flatMap(([pattern, word]) =>
    log.all(pattern).map((match) => ({ cpu: Number(match[1]), at: match.index, word })),
  );
  return new Map(words.sort((a, b) => a.at - b.at).map(({ cpu, word }) => [cpu, word]));
}
