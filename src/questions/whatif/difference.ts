/** All that differs between two analyses. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import { type CpuSetChange, changedSets, changedUsable, type UsableCpus } from './cpu-sets.ts';
import { changedDevices, type DeviceChange, tallyDevices } from './devices.ts';
import {
  APIC_FACETS,
  changedDomains,
  changedFacets,
  type FacetChange,
  MACHINE_FACETS,
  VECTOR_FACETS,
  WASTE_FACETS,
} from './facets.ts';
import { changedFindings, type FindingChanges } from './findings.ts';
import { type Pairing, pairCpus, samenessOf } from './pairing.ts';
import type { QueueTally } from './queues.ts';

/** Two analyses, and what differs between them; lists are empty where nothing does. */
export interface Difference {
  readonly before: Analysis;
  readonly after: Analysis;
  /** What was described, and what the kernel decided. */
  readonly facets: readonly FacetChange[];
  readonly pairing: Pairing;
  readonly sets: readonly CpuSetChange[];
  readonly usable: UsableCpus;
  readonly devices: readonly DeviceChange[];
  readonly queues: QueueTally;
  readonly vectors: readonly FacetChange[];
  readonly findings: FindingChanges;
  /** Findings that users decided not to count. */
  readonly suppressed: FindingChanges;
}

const DECISIONS = [...MACHINE_FACETS, ...APIC_FACETS];
const VECTORS = [...VECTOR_FACETS, ...WASTE_FACETS];

const suppressedOf = ({ suppressed }: Analysis): Finding[] => suppressed.map(({ finding }) => finding);

/** Compares two analyses, of one machine with and without changes or of two machines. Pure; linear in both. */
export function differenceOf(before: Analysis, after: Analysis): Difference {
  const pairing = pairCpus(before.enumeration, after.enumeration);
  const devices = changedDevices(before.run.devices, after.run.devices, samenessOf(pairing));
  return {
    before,
    after,
    facets: [...changedFacets(DECISIONS, before, after), ...changedDomains(before, after)],
    pairing,
    sets: changedSets(before, after, pairing),
    usable: changedUsable(before, after, pairing),
    devices,
    queues: tallyDevices(devices),
    vectors: changedFacets(VECTORS, before, after),
    findings: changedFindings(before.findings, after.findings),
    suppressed: changedFindings(suppressedOf(before), suppressedOf(after)),
  };
}

/** True if no part of the difference has anything to say. */
export function nothingDiffers(difference: Difference): boolean {
  const { facets, pairing, sets, devices, vectors, findings, suppressed, before, after } = difference;
  const lists = [facets, sets, devices, vectors, ...listsOf(findings), ...listsOf(suppressed)];
  return (
    pairing.renumbered === null &&
    before.summary.verdict === after.summary.verdict &&
    lists.every(({ length }) => length === 0)
  );
}

const listsOf = ({ gone, came, changed }: FindingChanges) => [gone, came, changed];
