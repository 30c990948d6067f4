/**
 * Machine types: families, limits, and what changed with which version
 * (docs/model/importing.md#qemu-machine-types).
 */
import { lookup } from '../../lib/lookup.ts';
import { type Stack, versionOf } from '../stack.ts';
import { parseVersion, type Version } from '../version.ts';
import { distributionVersion, rhelCpus } from './distributions.ts';

export type Family = 'i440fx' | 'q35' | 'microvm' | 'isapc' | 'xenfv' | 'other';

export interface MachineType {
  readonly family: Family;
  /** The name in full: what "q35" means is "pc-q35-10.0". */
  readonly name: string;
  /** Which QEMU it behaves like. */
  readonly version: Version;
  /** Where `version` comes from: the name, a distribution's release, or nothing but the QEMU that runs. */
  readonly versionFrom: 'name' | 'distribution' | 'qemu';
}

/** Names without a version, and how the name in full begins. */
const SHORT = {
  pc: { family: 'i440fx', prefix: 'pc-i440fx' },
  q35: { family: 'q35', prefix: 'pc-q35' },
  microvm: { family: 'microvm', prefix: '' },
  isapc: { family: 'isapc', prefix: '' },
  xenfv: { family: 'xenfv', prefix: '' },
} as const satisfies Readonly<Record<string, { family: Family; prefix: string }>>;

/** Prefixes of names with a version; the oldest ones of the i440FX have nothing else. */
const LONG: readonly (readonly [RegExp, Family])[] = [
  [/^pc-q35-/, 'q35'],
  [/^pc-i440fx-/, 'i440fx'],
  [/^xenfv-/, 'xenfv'],
  [/^pc-(?=\d)/, 'i440fx'],
];

/** What a name means to a QEMU of `version` (its text is `qemu`). */
export function machineType(name: string, qemu: string, version: Version): MachineType {
  const [plain] = name.split('+');
  const short = lookup(SHORT, plain);
  if (short) {
    const [major, minor = '0'] = qemu.split('.');
    const full = short.prefix === '' ? plain : `${short.prefix}-${major}.${minor}`;
    return { family: short.family, name: full, version, versionFrom: 'name' };
  }
  const long = LONG.find(([prefix]) => prefix.test(plain));
  const release = long ? plain.replace(long[0], '') : plain;
  const own = long && parseVersion(release);
  const distribution = distributionVersion(release);
  return {
    family: long?.[1] ?? (plain === 'ubuntu' ? 'i440fx' : 'other'),
    name: plain,
    version: own ?? distribution ?? version,
    versionFrom: own !== undefined ? 'name' : distribution !== undefined ? 'distribution' : 'qemu',
  };
}

/** Most CPUs of a q35 machine: up to this version, that many. */
const Q35_CPUS: readonly (readonly [Version, number])[] = [
  [2007, 255],
  [8000, 288],
  [8002, 1024],
  [Number.POSITIVE_INFINITY, 4096],
];

const MAX_CPUS: Readonly<Record<Exclude<Family, 'q35'>, number>> = {
  i440fx: 255,
  microvm: 288,
  isapc: 1,
  xenfv: 128,
  other: Number.POSITIVE_INFINITY,
};

/** Largest `maxcpus` of a machine type: a distribution's own lies between `least` and `most`. */
export function maxCpus({ family, version, name }: MachineType): { least: number; most: number } {
  const upstream =
    family === 'q35'
      ? (Q35_CPUS.find(([upTo]) => version <= upTo) ?? Q35_CPUS[Q35_CPUS.length - 1])[1]
      : MAX_CPUS[family];
  const own = family === 'q35' ? rhelCpus(name) : undefined;
  return own
    ? { least: Math.max(own.least, Math.min(upstream, own.most)), most: own.most }
    : { least: upstream, most: upstream };
}

/** The machine type from which on something holds. */
const SINCE = {
  'smp-prefers-cores': 6002,
  'queues-follow-cpus': 5002,
  'net-vectors-follow-queues': 6000,
  'rng-has-vectors': 7002,
  'balloon-has-vectors': 10_000,
  'blk-vectors-follow-queues': 2012,
  'q35-has-e1000e': 2012,
  'ext-dest-id': 5002,
} as const;

/** Whether a machine type behaves the newer way. */
export function since(type: MachineType, switchName: keyof typeof SINCE): boolean {
  return type.version >= SINCE[switchName];
}

/** In-kernel interrupt chips are split by default on these. */
export function splitsByDefault({ family, name }: MachineType): boolean {
  return family === 'microvm' || name === 'pc-q35-4.0';
}

/**
 * FADT revision by family (docs/model/importing.md#qemu-machine-types): absent CPUs count under a hypervisor.
 */
export function fadtRevision({ family }: MachineType): string {
  if (family === 'q35') return '3.0';
  return family === 'microvm' ? '5.1' : '1.0';
}

/** The oldest machine types of QEMU releases (measured for 11.1). */
const OLDEST_TYPES: readonly (readonly [qemu: Version, type: Version])[] = [[11_001, 5002]];

/** True if a QEMU has no such type: newer than itself, gone, or no name of one. */
export function isUnsupported({ family, version, versionFrom }: MachineType, qemu: Version): boolean {
  if (family === 'other') return true;
  if (versionFrom !== 'name') return false;
  return version > qemu || isGone(version, qemu);
}

const isGone = (type: Version, qemu: Version): boolean =>
  OLDEST_TYPES.some(([since, oldest]) => qemu >= since && type < oldest);

/** Older QEMUs, the newest first, and a machine type that each was seen to have (measured). */
const STILL_HAVE: readonly (readonly [qemu: string, type: Version])[] = [
  ['10.0', 2011],
  ['7.2', 0],
];

/** The QEMU that runs a machine. */
export interface QemuVersion {
  readonly text: string;
  readonly version: Version;
  /** Why it is not the newest, where nobody named one. */
  readonly because: string | undefined;
  /** The machine type is newer than what is known, and nobody named a QEMU that lacks it. */
  readonly isBehind: boolean;
}

/**
 * The QEMU whose rules count for a machine type as it is written: that of the stack, else the newest that is known, or
 * the newest that was seen to have the type where it is gone. Throws InputError for a version that is none.
 */
export function qemuFor(stack: Stack, written: string | undefined): QemuVersion {
  const { text, version } = versionOf(stack, 'qemu');
  const type = machineType(written ?? 'pc', text, version);
  const named = stack.qemu === undefined && type.versionFrom === 'name';
  const newest = { text, version, because: undefined, isBehind: named && type.version > version };
  if (!named || !isGone(type.version, version)) return newest;
  const [older] = STILL_HAVE.find(([, oldest]) => type.version >= oldest) ?? STILL_HAVE[0];
  const because = `QEMU ${text} has no ${type.name} any more: an older one, ${older}, is taken`;
  return { ...versionOf({ qemu: older }, 'qemu'), because, isBehind: false };
}

/**
 * The QEMU that a product runs: the one that it ships, or the one of the machine type where that is newer; undefined for
 * a type that no QEMU which is known has. Throws InputError for a version that is none.
 */
export function shippedQemu(ships: string, type: string | undefined): string | undefined {
  const { text, version } = versionOf({ qemu: ships }, 'qemu');
  const { version: wanted, versionFrom } = machineType(type ?? 'pc', text, version);
  if (versionFrom !== 'name' || wanted <= version) return ships;
  return wanted > versionOf({}, 'qemu').version ? undefined : `${Math.floor(wanted / 1000)}.${wanted % 1000}`;
}
