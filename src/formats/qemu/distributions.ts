/** Machine types that distributions name after their releases, and the QEMU that each release ships. */
import { isKeyOf } from '../../lib/lookup.ts';
import type { Version } from '../version.ts';

/** Ubuntu's names (launchpad); a suffix such as "-hpb" changes nothing here. */
const UBUNTU = {
  trusty: 2000,
  xenial: 2005,
  yakkety: 2006,
  zesty: 2008,
  artful: 2010,
  bionic: 2011,
  cosmic: 2012,
  disco: 3001,
  eoan: 4000,
  focal: 4002,
  groovy: 5000,
  hirsute: 5002,
  impish: 6000,
  jammy: 6002,
  kinetic: 7000,
  lunar: 7002,
  mantic: 8000,
  noble: 8002,
  oracular: 9000,
  plucky: 9002,
  questing: 10_001,
} as const satisfies Readonly<Record<string, Version>>;

/** Red Hat's releases; each row counts up to the next (general knowledge, not measured). */
const RHEL: readonly (readonly [release: number, qemu: Version])[] = [
  [6000, 12],
  [7000, 1005],
  [7003, 2003],
  [7004, 2009],
  [7005, 2010],
  [7006, 2012],
  [8000, 2012],
  [8001, 4000],
  [8002, 4002],
  [8003, 5001],
  [8004, 5002],
  [8005, 6000],
  [8006, 6002],
  [9000, 7000],
  [9002, 7002],
  [9004, 8002],
  [9006, 9001],
  [10_000, 10_000],
];

/** Most CPUs of Red Hat's q35 types, where their users report it; other releases lie between. */
const RHEL_CPUS: readonly (readonly [release: number, cpus: number])[] = [
  [8006, 710],
  [9006, 4096],
];

const rhelRelease = (name: string): number | undefined => {
  const numbers = /(?:^|-)rhel(\d+)\.(\d+)/.exec(name);
  return numbers ? Number(numbers[1]) * 1000 + Number(numbers[2]) : undefined;
};

/**
 * Most CPUs of a q35 type of Red Hat, which are others than upstream's: at least `least`, at most `most`. Undefined for
 * other names.
 */
export function rhelCpus(name: string): { readonly least: number; readonly most: number } | undefined {
  const release = rhelRelease(name);
  if (release === undefined) return undefined;
  return {
    least: RHEL_CPUS.findLast(([from]) => from <= release)?.[1] ?? 0,
    most: RHEL_CPUS.find(([from]) => from >= release)?.[1] ?? Number.POSITIVE_INFINITY,
  };
}

/** The upstream version that a distribution's name stands for: "focal", "rhel7.6.0"; undefined for other names. */
export function distributionVersion(release: string): Version | undefined {
  const [name] = release.split('-');
  if (isKeyOf(UBUNTU, name)) return UBUNTU[name];
  const wanted = rhelRelease(release);
  if (wanted === undefined) return undefined;
  return RHEL.findLast(([from]) => from <= wanted)?.[1];
}
