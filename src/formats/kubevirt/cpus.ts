/** The vCPUs of a KubeVirt domain: requested ones, and the sockets that can be plugged later. */
import { LIMITS } from '../../machine/limits.ts';
import type { Location } from '../../machine/locate.ts';
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
  /** True if the ratio made maxSockets. */
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
    ? fromInstancetype(guest, guest.instancetype)
    : fromDomain(guest.domain, notes);
  const { sockets, cores, threads } = counts;
  if (sockets * cores * threads > LIMITS.cpus) {
    throw guest.domain.fail(
      `the domain has ${sockets * cores * threads} vCPUs; the limit is ${LIMITS.cpus} CPUs`,
    );
  }
  const written = (guest.instancetype ?? guest.domain).get(
    ...(guest.instancetype ? ['spec'] : []),
    'cpu',
    'maxSockets',
  );
  if (written && written.value !== 0) {
    const maxSockets = Math.max(sockets, written.whole(1, LIMITS.cpus));
    return { ...counts, maxSockets, byRatio: false, at: { ...counts.at, maxSockets: written.place } };
  }
  const fitting = Math.floor(HOTPLUG_LIMIT / (cores * threads));
  const maxSockets = Math.max(sockets, Math.min(sockets * HOTPLUG_RATIO, fitting));
  notes.assume(
    `without cpu.maxSockets ${HOTPLUG_RATIO} times the sockets are possible, up to ${HOTPLUG_LIMIT} vCPUs, for CPU hotplug ` +
      `(liveUpdateConfiguration.maxHotplugRatio): ${sockets} of ${maxSockets} are plugged, ` +
      `${maxSockets * cores * threads} vCPUs are possible`,
    ['topology', 'max'],
  );
  return { ...counts, maxSockets, byRatio: true, at: { ...counts.at, maxSockets: undefined } };
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
function fromInstancetype({ preference }: Guest, instancetype: SourceValue): Counts {
  const guest = instancetype.get('spec', 'cpu', 'guest');
  if (!guest) throw instancetype.fail('the instancetype has no spec.cpu.guest');
  const count = guest.whole(1, LIMITS.cpus);
  const at = { sockets: guest.place, cores: guest.place, threads: guest.place, maxSockets: undefined };
  const wanted = preference?.get('spec', 'cpu', 'preferredCPUTopology')?.text() ?? 'sockets';
  const ratio = preference?.get('spec', 'cpu', 'spreadOptions', 'ratio')?.whole(1, LIMITS.cpus) ?? 2;
  const layout = wanted.toLowerCase().replace(/^prefer/, '');
  if (layout === 'cores') return { sockets: 1, cores: count, threads: 1, at };
  if (layout === 'threads') return { sockets: 1, cores: 1, threads: count, at };
  if (layout === 'spread' && count % ratio === 0)
    return { sockets: count / ratio, cores: ratio, threads: 1, at };
  return { sockets: count, cores: 1, threads: 1, at };
}
