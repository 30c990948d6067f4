/** What is said of one machine in a word or two: the rows of every comparison of analyses. */

import type { Analysis } from '../../findings/analyze.ts';
import { wastedVectors } from '../../findings/rules/facts/wasted-vectors.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { type DeviceRun, HEALTHS } from '../../linux/sim/run.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';

/** A name, and the text of one analysis under it. */
export type Facet = readonly [name: string, of: (analysis: Analysis) => string];

/** One facet in which two analyses differ. */
export interface FacetChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** A set as a short list, "none" if it is empty. */
export const cpuList = (mask: CpuMask): string => shortenList(mask.toString()) || 'none';
const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

/** A highest APIC ID as text; "none" where every ID will do. */
export const limitText = (apicId: number): string => (apicId >= NO_LIMIT - 1 ? 'none' : String(apicId));

export const VERDICT_FACETS: readonly Facet[] = [['verdict', ({ summary }) => summary.verdict]];

/** What was described. */
export const MACHINE_FACETS: readonly Facet[] = [
  ['kernel', ({ machine }) => `Linux ${machine.kernel.text}`],
  ['platform', ({ machine }) => machine.platform],
  ['kernel parameters', ({ machine }) => machine.cmdline.text.trim() || 'none'],
  ['policy', ({ policy }) => policy.name],
  ['topology', ({ machine }) => topologyText(machine)],
  ['firmware CPUs', ({ machine }) => String(machine.cpus.length)],
  ['events', ({ run }) => eventsText(run.events)],
  ['ignored CPUs', ({ enumeration }) => String(enumeration.ignored.length)],
];

/** What the kernel decided. */
export const APIC_FACETS: readonly Facet[] = [
  ['kernel panic', ({ apic }) => apic.fatal?.message ?? 'no'],
  ['APIC mode', ({ apic }) => apic.mode],
  ['remapping', ({ apic }) => apic.remapping],
  ['extended ID used', ({ apic }) => yesNo(apic.extDestId)],
  ['APIC ID limit', ({ apic }) => limitText(apic.limit)],
];

export const VECTOR_FACETS: readonly Facet[] = [
  ['vectors a CPU', ({ run }) => String(run.vectors.perCpuCapacity)],
  ['vectors free', ({ run }) => String(run.vectors.globalAvailable)],
  ['vectors reserved', ({ run }) => String(run.vectors.globalReserved)],
  ['vectors in use', ({ run }) => String(run.vectors.totalAllocated)],
];

/** Vectors reserved on unreachable CPUs. */
export const WASTE_FACETS: readonly Facet[] = [
  ['vectors wasted', (analysis) => String(wastedVectors(analysis).vectors)],
];

/** "40 x 8 x 1", "40 x 8 x 1, 200 CPUs of it". */
function topologyText({ shape, cpus }: Analysis['machine']): string {
  if (shape === null) return 'CPUs listed one by one';
  const places = shape.split(' x ').reduce((product, count) => product * Number(count), 1);
  return places === cpus.length ? shape : `${shape}, ${cpus.length} CPU${cpus.length === 1 ? '' : 's'} of it`;
}

function eventsText(events: Analysis['run']['events']): string {
  const refused = events.filter(({ result }) => result === 'refused').length;
  const crash = events.some(({ result }) => result === 'crashed') ? ', one crashes the kernel' : '';
  return `${events.length}${refused > 0 ? `, ${refused} refused` : ''}${crash}`;
}

/** "40 healthy, 24 dead", "none". */
export function healthText({ queues }: DeviceRun): string {
  const counts = HEALTHS.map(() => 0);
  for (const { health } of queues) counts[HEALTHS.indexOf(health)]++;
  const parts = HEALTHS.flatMap((health, n) => (counts[n] > 0 ? [`${counts[n]} ${health}`] : []));
  return parts.join(', ') || 'none';
}

/** "65/65": vectors granted of those asked for. */
export const vectorsText = ({ vectorsGranted, vectorsAsked }: DeviceRun): string =>
  `${vectorsGranted}/${vectorsAsked}`;

/** The facets in which two analyses differ. */
export function changedFacets(facets: readonly Facet[], before: Analysis, after: Analysis): FacetChange[] {
  return facets
    .map(([name, of]) => ({ name, before: of(before), after: of(after) }))
    .filter((facet) => facet.before !== facet.after);
}

function domainText({ domains }: Analysis, name: string): string {
  const domain = domains.find((one) => one.name === name);
  return domain ? limitText(domain.maxApicId) : 'no such messages';
}

/** The highest APIC ID of each kind of message, where it differs; kinds with the same change share a line. */
export function changedDomains(before: Analysis, after: Analysis): FacetChange[] {
  const names = new Set([...before.domains, ...after.domains].map(({ name }) => name));
  const changes = changedFacets(
    [...names].map((name): Facet => [name, (analysis) => domainText(analysis, name)]),
    before,
    after,
  );
  const merged = new Map<string, FacetChange>();
  for (const change of changes) {
    const key = `${change.before} ${change.after}`;
    const known = merged.get(key);
    merged.set(key, known ? { ...known, name: `${known.name}, ${change.name}` } : change);
  }
  return [...merged.values()].map((change) => ({ ...change, name: `limit of ${change.name}` }));
}
