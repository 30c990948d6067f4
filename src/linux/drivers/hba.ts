/** SCSI host adapters: reply queues sized by the firmware's vectors and a CPU count, spread as managed. */
import { afterPre, type DriverPlan, type DriverProfile, type ProbeCounts } from './driver.ts';

/** How one adapter driver sizes its reply queues. */
interface HbaFacts {
  readonly name: string;
  readonly summary: string;
  readonly counts: 'possible' | 'online';
  /** Vectors before the reply queues that keep the default affinity. */
  readonly pre: number;
  /** Vectors asked for, given the CPU counts and the firmware's limit. */
  readonly vectors: (counts: ProbeCounts, firmware: number) => number;
}

/** MSI-X vectors of current adapters when the description does not say. */
const DEFAULT_VECTORS = 128;

const FACTS: readonly HbaFacts[] = [
  {
    name: 'megaraid_sas',
    summary: '1 low-latency vector, then managed reply queues, up to one per online CPU',
    counts: 'online',
    pre: 1,
    vectors: ({ online }, firmware) => Math.min(online + 1, firmware),
  },
  {
    name: 'mpt3sas',
    summary: 'managed reply queues, up to one per online CPU',
    counts: 'online',
    pre: 0,
    vectors: ({ online }, firmware) => Math.min(online, firmware),
  },
  {
    name: 'mpi3mr',
    summary: '1 admin vector, then managed operational queues, up to one per possible CPU',
    counts: 'possible',
    pre: 1,
    vectors: ({ possible }, firmware) => Math.min(possible + 1, firmware),
  },
  {
    name: 'smartpqi',
    summary: 'managed queue groups, up to one per online CPU; every vector is managed',
    counts: 'online',
    pre: 0,
    vectors: ({ online }, firmware) => Math.min(online, firmware),
  },
];

function plan(facts: HbaFacts, firmware: number, counts: ProbeCounts): DriverPlan {
  const asked = Math.max(facts.pre + 1, facts.vectors(counts, firmware));
  return {
    queues: asked - facts.pre,
    vectorsAsked: asked,
    tableSize: firmware,
    attempts: [
      {
        minvec: Math.max(1, facts.pre),
        maxvec: asked,
        affinity: { pre: facts.pre, post: 0 },
        // With fewer vectors than asked the driver keeps one queue on the last vector it has.
        vectorOf: (queue, granted) =>
          queue === 0 ? Math.min(facts.pre, granted - 1) : afterPre(facts.pre)(queue, granted),
      },
    ],
  };
}

export const hostAdapters: readonly DriverProfile[] = FACTS.map((facts) => ({
  name: facts.name,
  summary: facts.summary,
  counts: facts.counts,
  managed: true,
  // The admin vector, or a reply queue that the driver uses for low latency.
  withoutOther: 'dead',
  plan: (device, counts) =>
    plan(
      facts,
      device.vectors ?? (device.queues === undefined ? DEFAULT_VECTORS : device.queues + facts.pre),
      counts,
    ),
}));
