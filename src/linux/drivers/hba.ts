/** SCSI host adapters: reply queues sized by the firmware's vectors and a CPU count, spread as managed. */
import { afterPre, type DriverPlan, type DriverProfile, type Formula, type ProbeCounts } from './driver.ts';

/** How one adapter driver sizes its reply queues. */
interface HbaFacts {
  readonly summary: string;
  readonly formula: Formula;
  readonly counts: 'possible' | 'online';
  /** Vectors before the reply queues that keep the default affinity. */
  readonly pre: number;
  /** Vectors asked for, given the CPU counts and the firmware's limit. */
  readonly vectors: (counts: ProbeCounts, firmware: number) => number;
}

/** MSI-X vectors of current adapters when the description does not say. */
const DEFAULT_VECTORS = 128;

type HbaName = 'megaraid_sas' | 'mpt3sas' | 'mpi3mr' | 'smartpqi';

const FACTS: Readonly<Record<HbaName, HbaFacts>> = {
  megaraid_sas: {
    summary: '1 low-latency vector, then managed reply queues, up to one per online CPU',
    formula: { text: 'min(online CPUs + 1, firmware vectors)', by: 'megasas_init_fw' },
    counts: 'online',
    pre: 1,
    vectors: ({ online }, firmware) => Math.min(online + 1, firmware),
  },
  mpt3sas: {
    summary: 'managed reply queues, up to one per online CPU',
    formula: { text: 'min(online CPUs, firmware vectors)', by: '_base_enable_msix' },
    counts: 'online',
    pre: 0,
    vectors: ({ online }, firmware) => Math.min(online, firmware),
  },
  mpi3mr: {
    summary: '1 admin vector, then managed operational queues, up to one per possible CPU',
    formula: { text: 'min(possible CPUs + 1, firmware vectors)', by: 'mpi3mr_setup_isr' },
    counts: 'possible',
    pre: 1,
    vectors: ({ possible }, firmware) => Math.min(possible + 1, firmware),
  },
  smartpqi: {
    summary: 'managed queue groups, up to one per online CPU; every vector is managed',
    formula: { text: 'min(online CPUs, firmware vectors)', by: 'pqi_enable_msix_interrupts' },
    counts: 'online',
    pre: 0,
    vectors: ({ online }, firmware) => Math.min(online, firmware),
  },
};

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

const profileOf = (name: HbaName, facts: HbaFacts): DriverProfile => ({
  name,
  summary: facts.summary,
  formula: facts.formula,
  hintedBy: null,
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
});

export const hostAdapters: Readonly<Record<HbaName, DriverProfile>> = {
  megaraid_sas: profileOf('megaraid_sas', FACTS.megaraid_sas),
  mpt3sas: profileOf('mpt3sas', FACTS.mpt3sas),
  mpi3mr: profileOf('mpi3mr', FACTS.mpi3mr),
  smartpqi: profileOf('smartpqi', FACTS.smartpqi),
};
