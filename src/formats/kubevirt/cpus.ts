/** The vCPUs of a KubeVirt domain: requested ones, and the sockets that can be plugged later. */
import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import { excerpt, type Location } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import type { SourceValue } from '../text/source-value.ts';
import type { Guest } from './guest.ts';

/** liveUpdateConfiguration.maxHotplugRatio where the cluster does not set it. */
const HOTPLUG_RATIO = 4;
/** vCPUs beyond which the ratio makes no further sockets. */
const HOTPLUG_LIMIT = 512;

export interface Cpus {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  /** Sockets that are possible. */
  readonly maxSockets: number;
  /** Places of the counts; undefined for defaults. */
  readonly at: Readonly<Record<'sockets' | 'cores' | 'threads' | 'maxSockets', Location | undefined>>;
  /** True if the ratio that KubeVirt has by itself made maxSockets. */
  readonly byRatio: boolean;
}

/** vCPUs that the guest starts with. */
export const requested = ({ sockets, cores, threads }: Cpus): number => sockets * cores * threads;

/** vCPUs that can ever be. */
export const possible = ({ maxSockets, cores, threads }: Cpus): number => maxSockets * cores * threads;

type Counts = Omit<Cpus, 'maxSockets' | 'byRatio'>;

/** Throws InputError for counts that are no numbers, or beyond irqsim's own limit. */
export function readCpus(guest: Guest, notes: Notes): Cpus {
  const counts = guest.instancetype
    ? fromInstancetype(guest, guest.instancetype, notes)
    : fromDomain(guest.domain, notes);
  const { sockets, cores, threads } = counts;
  if (sockets * cores * threads > LIMITS.cpus) {
    throw guest.domain.fail(
      `the domain has ${sockets * cores * threads} vCPUs; the limit is ${LIMITS.cpus} CPUs`,
    );
  }
  return { ...counts, ...maxSockets(guest, counts, notes) };
}

const TOO_MANY = 'Number of sockets in CPU topology is greater than the maximum sockets allowed';

/** The sockets that are possible: what the guest says, or else the cluster (setupCPUHotplug of virt-api). */
function maxSockets(
  guest: Guest,
  { sockets, cores, threads, at }: Counts,
  notes: Notes,
): Pick<Cpus, 'maxSockets' | 'byRatio' | 'at'> {
  const own = (guest.instancetype ?? guest.domain).get(
    ...(guest.instancetype ? ['spec'] : []),
    'cpu',
    'maxSockets',
  );
  const live = guest.cluster?.get('liveUpdateConfiguration');
  const written = [own, live?.get('maxCpuSockets')].find((one) => one && one.value !== 0);
  if (written) {
    const most = written.whole(1, LIMITS.cpus);
    if (most < sockets)
      notes.fail(TOO_MANY, written.place, { cause: [`${sockets} sockets, ${most} allowed`] });
    return { maxSockets: Math.max(sockets, most), byRatio: false, at: { ...at, maxSockets: written.place } };
  }
  const rollOut = guest.cluster?.get('vmRolloutStrategy');
  if (rollOut?.text() === 'Stage')
    return { maxSockets: sockets, byRatio: false, at: { ...at, maxSockets: rollOut.place } };
  const ratio = live?.get('maxHotplugRatio');
  const times = ratio?.whole(1, LIMITS.cpus) ?? HOTPLUG_RATIO;
  const most = Math.max(sockets, Math.min(sockets * times, Math.floor(HOTPLUG_LIMIT / (cores * threads))));
  if (ratio) return { maxSockets: most, byRatio: false, at: { ...at, maxSockets: ratio.place } };
  notes.assume(
    `without cpu.maxSockets ${HOTPLUG_RATIO} times the sockets are possible, up to ${HOTPLUG_LIMIT} vCPUs, for CPU hotplug ` +
      `(liveUpdateConfiguration.maxHotplugRatio): ${sockets} of ${most} are plugged, ` +
      `${most * cores * threads} vCPUs are possible`,
    ['topology', 'max'],
  );
  return { maxSockets: most, byRatio: true, at: { ...at, maxSockets: undefined } };
}

/** cpu.sockets, cores and threads; none of them: as many sockets as CPUs are limited or requested. */
function fromDomain(domain: SourceValue, notes: Notes): Counts {
  const part = (key: string) => domain.get('cpu', key);
  const [sockets, cores, threads] = [part('sockets'), part('cores'), part('threads')];
  const one = (value: SourceValue | undefined) => (value ? Math.max(1, value.whole(0, LIMITS.cpus)) : 1);
  const isOpen = [sockets, cores, threads].every((value) => value === undefined || value.value === 0);
  const resource = isOpen
    ? (domain.get('resources', 'limits', 'cpu') ?? domain.get('resources', 'requests', 'cpu'))
    : undefined;
  if (isOpen && !resource) notes.assume('one vCPU is the default', ['topology']);
  return {
    sockets: resource ? quantity(resource) : one(sockets),
    cores: one(cores),
    threads: one(threads),
    at: {
      sockets: (resource ?? sockets)?.place,
      cores: cores?.place,
      threads: threads?.place,
      maxSockets: undefined,
    },
  };
}

/** "2", 2 or "1500m" → CPUs, rounded up. */
function quantity(resource: SourceValue): number {
  const [, digits, milli] = /^(\d{1,9}(?:\.\d{1,9})?)(m?)$/.exec(resource.text()) ?? [];
  const count = Math.ceil(Number(digits) / (milli ? 1000 : 1));
  if (!(count <= LIMITS.cpus))
    throw resource.fail('resources: a number of CPUs such as 2 or 500m is expected');
  return Math.max(1, count);
}

/** The vCPUs of an instancetype, laid out as the preference likes. */
function fromInstancetype({ preference }: Guest, instancetype: SourceValue, notes: Notes): Counts {
  const guest = instancetype.get('spec', 'cpu', 'guest');
  if (!guest) throw instancetype.fail('the instancetype has no spec.cpu.guest');
  const count = guest.whole(1, LIMITS.cpus);
  const at = { sockets: guest.place, cores: guest.place, threads: guest.place, maxSockets: undefined };
  const wanted = preference?.get('spec', 'cpu', 'preferredCPUTopology');
  const layout = (wanted?.text() ?? 'sockets').toLowerCase().replace(/^prefer/, '');
  if (layout === 'spread') return { ...spread(count, preference, notes), at };
  const laidOut = lookup(LAYOUTS, layout);
  if (!laidOut && wanted)
    notes.notUnderstood(`preferredCPUTopology ${excerpt(layout)}`, wanted.place, ['CPUs']);
  return { sockets: 1, cores: 1, threads: 1, [laidOut ?? 'sockets']: count, at };
}

/** Which level has all vCPUs, by the topology that is preferred. */
const LAYOUTS = { sockets: 'sockets', cores: 'cores', threads: 'threads', any: 'sockets' } as const;

/** Threads a core where vCPUs are spread over three levels. */
const SPREAD_THREADS = 2;

/** vCPUs over two levels or three, in a ratio (spreadOptions; generally known of 1.4 and newer). */
function spread(
  count: number,
  preference: SourceValue | undefined,
  notes: Notes,
): Pick<Counts, 'sockets' | 'cores' | 'threads'> {
  const spec = preference?.get('spec');
  const written = spec?.get('cpu', 'spreadOptions', 'ratio') ?? spec?.get('preferSpreadSocketToCoreRatio');
  const ratio = written && written.value !== 0 ? written.whole(1, LIMITS.cpus) : 2;
  const across = spec?.get('cpu', 'spreadOptions', 'across');
  const levels = across?.text() ?? 'SocketsCores';
  const inner = levels === 'SocketsCoresThreads' ? ratio * SPREAD_THREADS : ratio;
  if (count % inner !== 0) {
    notes.fail(
      `${count} vCPUs of the instancetype are not divisible by ${inner}, as the preference asks`,
      written?.place,
    );
    return { sockets: count, cores: 1, threads: 1 };
  }
  const outer = count / inner;
  if (levels === 'CoresThreads') return { sockets: 1, cores: outer, threads: ratio };
  if (levels === 'SocketsCoresThreads') return { sockets: outer, cores: ratio, threads: SPREAD_THREADS };
  if (levels !== 'SocketsCores')
    notes.notUnderstood(`spreadOptions.across ${excerpt(levels)}`, across?.place, ['CPUs']);
  return { sockets: outer, cores: ratio, threads: 1 };
}
