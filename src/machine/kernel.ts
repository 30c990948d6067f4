/**
 * Linux releases, and the one table of kernel behaviours that changed between them. Nothing else in
 * irqsim compares versions: code asks `kernel.has('behaviour-name')`.
 */

import { lookup } from '../lib/lookup.ts';
import { BEHAVIOURS, type Behaviour, type BehaviourName, type Series } from './behaviours.ts';
import { enterpriseProfile } from './enterprise.ts';

/** The oldest release whose behaviour is modelled. */
export const OLDEST_KERNEL = '4.19';
/** The newest release whose behaviour is modelled: the default profile. */
export const NEWEST_KERNEL = '7.3';
/** Last minor release of each major series that has ended: 6.20 or 5.20 never existed. */
const LAST_MINOR: Readonly<Record<number, number>> = { 4: 20, 5: 19, 6: 19 };
/** Distribution kernels that golden data names; each behaves as the release it was forked from. */
const ALIASES = { 'rhel8.5': '5.10.13' } as const;

/** A release: `patch` is null for a bare "6.12", which means the newest known 6.12.y. */
export interface KernelRelease {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | null;
}

/** A kernel profile: what a release does, by behaviour name. */
export interface Kernel extends KernelRelease {
  /** As the user wrote it. */
  readonly text: string;
  has(name: BehaviourName): boolean;
}

export type { Behaviour, BehaviourName };

/** "6.12", "6.12.41", "v5.4", "6.12.117+deb12-amd64", "6.6.87.2-microsoft-standard-WSL2" → release; null if it is not one. */
export function parseRelease(text: string): KernelRelease | null {
  const match = /^v?(\d{1,2})\.(\d{1,3})(?:\.(\d{1,4})(?:\.\d{1,4}(?=-))?)?(?:[-+~_ ].*)?$/.exec(text.trim());
  if (!match) return null;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: match[3] === undefined ? null : Number(match[3]),
  };
}

function compareSeries(a: KernelRelease, b: KernelRelease): number {
  return a.major - b.major || a.minor - b.minor;
}

function release(text: string): KernelRelease {
  const parsed = parseRelease(text);
  if (!parsed) throw new RangeError(`"${text}" is not a kernel release such as 6.12 or 6.12.41`);
  return parsed;
}

/** True if `kernel` is `since` or newer; a bare series is its newest stable release. */
function atLeast(kernel: KernelRelease, since: string): boolean {
  const from = release(since);
  const order = compareSeries(kernel, from);
  if (order !== 0) return order > 0;
  return kernel.patch === null || kernel.patch >= (from.patch ?? 0);
}

const seriesOf = ({ major, minor }: Pick<KernelRelease, 'major' | 'minor'>): Series => `${major}.${minor}`;

function behaves(kernel: KernelRelease, behaviour: Behaviour): boolean {
  const backport = behaviour.backports?.[seriesOf(kernel)];
  const began =
    behaviour.since === undefined ||
    atLeast(kernel, behaviour.since) ||
    (backport !== undefined && (kernel.patch === null || kernel.patch >= backport));
  const ended =
    behaviour.until !== undefined &&
    (atLeast(kernel, behaviour.until) ||
      (() => {
        const end = behaviour.endedIn?.[seriesOf(kernel)];
        return end !== undefined && (kernel.patch === null || kernel.patch >= end);
      })());
  return began && !ended;
}

function modelled(text: string, parsed: KernelRelease): KernelRelease {
  const last = LAST_MINOR[parsed.major];
  if (compareSeries(parsed, release(OLDEST_KERNEL)) < 0) {
    throw new RangeError(`kernel ${text} is older than the oldest modelled release, ${OLDEST_KERNEL}`);
  }
  if (compareSeries(parsed, release(NEWEST_KERNEL)) > 0) {
    throw new RangeError(`kernel ${text} is newer than the newest modelled release, ${NEWEST_KERNEL}`);
  }
  if (last !== undefined && parsed.minor > last) {
    throw new RangeError(
      `kernel ${text} does not exist: ${parsed.major}.${last} was the last ${parsed.major}.x release`,
    );
  }
  return parsed;
}

/**
 * The oldest point release that a bare series stands for, "5.4.261" for 5.4: from that one on, all behave alike. Null
 * for a release with a patch level, and for a series whose point releases do not differ in what is modelled.
 */
export function oldestPointRelease({ major, minor, patch }: KernelRelease): string | null {
  if (patch !== null) return null;
  const series = seriesOf({ major, minor });
  const levels = BEHAVIOURS.flatMap(({ backports, endedIn }: Behaviour) => [
    backports?.[series] ?? 0,
    endedIn?.[series] ?? 0,
  ]);
  const last = Math.max(...levels);
  return last === 0 ? null : `${series}.${last}`;
}

const cache = new Map<string, Kernel>();

/**
 * The profile of a release. Throws `RangeError` for text that is not a release, a release that never
 * existed, or one outside OLDEST_KERNEL .. NEWEST_KERNEL.
 */
export function kernelProfile(text: string): Kernel {
  const known = cache.get(text);
  if (known) return known;
  const alias = lookup(ALIASES, text) ?? enterpriseProfile(text)?.release;
  const parsed = modelled(text, release(alias ?? text));
  const active = new Set<BehaviourName>();
  for (const behaviour of BEHAVIOURS) if (behaves(parsed, behaviour)) active.add(behaviour.name);
  const kernel: Kernel = { ...parsed, text, has: (name) => active.has(name) };
  cache.set(text, kernel);
  return kernel;
}
