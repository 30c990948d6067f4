/** The JSON report, schemaVersion 1 (`irqsim schema report` describes it). Fields are only ever added. */

import type { Analysis, SuppressedFinding } from '../findings/analyze.ts';
import type { Finding } from '../findings/rules/rule.ts';
import type { CpuMask } from '../lib/cpumask.ts';
import { jsonText } from '../lib/json-text.ts';
import { isGuessed } from '../linux/model/enumeration.ts';
import type { CpuReach, DomainReach } from '../linux/model/reach.ts';
import type { DeviceRun, InterruptRow, QueueMap, QueueRow } from '../linux/sim/run.ts';
import { pathText } from '../machine/locate.ts';
import type { Import } from '../machine/machine.ts';
import { isolationJson } from './analysis/isolation.ts';
import { eventJson } from './event-json.ts';
import { type Frame, framed } from './reporter.ts';

export const SCHEMA_VERSION = 1;

/** Lists are made once per mask: queues of like devices share their masks. */
function listCache(): (mask: CpuMask) => string {
  const lists = new Map<CpuMask, string>();
  return (mask) => {
    const known = lists.get(mask);
    if (known !== undefined) return known;
    const list = mask.toString();
    lists.set(mask, list);
    return list;
  };
}

/** Runs of CPUs whose known APIC IDs follow each other. */
function apicIdRuns(analysis: Analysis): { cpu: number; apicId: number; count: number }[] {
  const runs: { cpu: number; apicId: number; count: number }[] = [];
  for (const slot of analysis.enumeration.cpus) {
    const { cpu, apicId } = slot;
    if (apicId === null || isGuessed(analysis.machine, slot)) continue;
    const last = runs[runs.length - 1];
    if (last && last.cpu + last.count === cpu && last.apicId + last.count === apicId) last.count++;
    else runs.push({ cpu, apicId, count: 1 });
  }
  return runs;
}

function interrupt(row: InterruptRow, list: (mask: CpuMask) => string): object {
  const { irq, vectorIndex, managed, affinity, effective, vector, lost, pending } = row;
  const common = { irq, vectorIndex, managed, affinity: list(affinity), effective, vector };
  return { ...common, ...(lost === undefined ? {} : { lost }), ...(pending ? { pending } : {}) };
}

/** What the MSI-X entry of a stopped queue holds (docs/model/interrupt-life.md#states). */
const MSIX_WHEN: Readonly<Record<NonNullable<QueueRow['stopped']>, (row: QueueRow) => string>> = {
  'never-started': ({ effective }) => `vector 0xef on CPU ${effective}, masked`,
  'shut-down': () => 'all zero, masked',
};

function queue(row: QueueRow, list: (mask: CpuMask) => string): object {
  const { index, irq, vectorIndex, managed, affinity, effective, vector, state, health, stopped } = row;
  const common = {
    index,
    irq,
    vectorIndex,
    managed,
    affinity: list(affinity),
    effective,
    vector,
    state,
    health,
  };
  return {
    ...common,
    ...(row.lost === undefined ? {} : { lost: row.lost }),
    ...(row.pending ? { pending: true } : {}),
    ...(stopped === undefined ? {} : { stopped, msix: MSIX_WHEN[stopped](row) }),
    ...(row.redirectedTo === undefined ? {} : { redirectedTo: row.redirectedTo }),
  };
}

/** A map of the block layer: which queue takes the requests of which CPUs. */
function mapJson({ type, entries }: QueueMap, list: (mask: CpuMask) => string): object {
  return {
    type,
    cpus: entries.map(({ cpus, queue: index, fallback }) => ({ cpus: list(cpus), queue: index, fallback })),
  };
}

/** A domain in its place in the tree, with its sets. */
function domainJson(
  { name, parent, maxApicId, ...sets }: DomainReach,
  list: (mask: CpuMask) => string,
): object {
  return { name, parent, maxApicId, ...reachJson(sets, list) };
}

function reachJson({ reachable, unreachable, unknown }: CpuReach, list: (mask: CpuMask) => string): object {
  return { reachable: list(reachable), unreachable: list(unreachable), unknown: list(unknown) };
}

function device(run: DeviceRun, domains: readonly DomainReach[], list: (mask: CpuMask) => string): object {
  const domain = domains.find(({ name }) => name === run.domain);
  return {
    name: run.name,
    driver: run.driver,
    domain: run.domain,
    ...(run.behind === undefined ? {} : { behind: run.behind }),
    ...(domain && { reach: reachJson(domain, list) }),
    vectorsAsked: run.vectorsAsked,
    vectorsGranted: run.vectorsGranted,
    health: run.health,
    ...(run.fallback === null ? {} : { fallback: run.fallback }),
    queues: run.queues.map((row) => queue(row, list)),
    ...(run.maps.length === 0 ? {} : { maps: run.maps.map((map) => mapJson(map, list)) }),
    interrupts: run.interrupts.map((row) => interrupt(row, list)),
  };
}

/** The HPET's channels that have interrupts; a free one has a number only. */
function hpetJson({ machine, run }: Analysis, list: (mask: CpuMask) => string): object {
  const timers = run.hpet.map(({ affinity, ...timer }) => ({
    ...timer,
    affinity: affinity === null ? null : list(affinity),
  }));
  return { channels: machine.hpet.channels, timers };
}

/** Where an imported machine comes from; paths are those of the description, as text. */
function importJson({ format, assumptions, refusals }: Import): object {
  return {
    format,
    assumptions: assumptions.map(({ text, path }) => ({ text, path: path ? pathText(path) : null })),
    refusals: refusals.map(({ location, ...refusal }) => ({ ...refusal, location: location ?? null })),
  };
}

/** What was analysed. */
export function machineJson({ machine, policy }: Pick<Analysis, 'machine' | 'policy'>): object {
  const { name, source, kernel, platform } = machine;
  return { name, source, kernel: kernel.text, platform, policy: policy.name };
}

/**
 * One finding; `location` is null where a default is the cause. `overridden` is there if users gave it another level:
 * the level it would have, and where that is written.
 */
export function findingJson(finding: Finding): object {
  const { rule, level, message, cause, fix, cpus, devices, location, overridden } = finding;
  return {
    rule,
    level,
    message,
    cause,
    fix,
    cpus: cpus?.toString() ?? '',
    devices,
    location: location ?? null,
    ...(overridden ? { overridden } : {}),
  };
}

/** A finding that does not count: `suppression` says who decided so, why, until when, and where that is written. */
function suppressedJson({ finding, by, reason, until, location }: SuppressedFinding): object {
  return { ...findingJson(finding), suppression: { by, reason, until: until ?? null, location } };
}

/** What every JSON document begins with: the version of its form, and what wrote it. */
export const documentHead = (version: string) => ({
  schemaVersion: SCHEMA_VERSION,
  tool: { name: 'irqsim', version },
});

/** Nothing where no isolation parameter is given. */
function isolationOf(analysis: Analysis): object {
  const isolation = isolationJson(analysis);
  return isolation === null ? {} : { isolation };
}

/** The report as a plain object, ready for JSON.stringify. `vectors: false` leaves out the per-CPU list. */
export function jsonReport(analysis: Analysis, version: string, options: { vectors: boolean }): object {
  const { machine, apic, enumeration, domains, innerDomains, run, findings, suppressed, summary } = analysis;
  const list = listCache();
  const { perCpu, globalAvailable, globalReserved, totalAllocated } = run.vectors;
  const [headline] = domains;
  return {
    ...documentHead(version),
    machine: machineJson(analysis),
    apic: {
      mode: apic.mode,
      remapping: apic.remapping,
      extDestId: apic.extDestId,
      maxApicId: apic.limit,
      because: apic.because.map((reason) => reason.text),
      ...(apic.fatal ? { fatal: apic.fatal.message } : {}),
    },
    cpus: {
      possible: list(enumeration.possible),
      present: list(run.present),
      online: list(run.online),
      boot: 0,
      ignored: enumeration.ignored.map(({ apicId, reason }) => ({ apicId, reason })),
      apicIds: apicIdRuns(analysis),
    },
    reach: reachJson(headline, list),
    domains: [...domains, ...innerDomains].map((domain) => domainJson(domain, list)),
    ...(run.hpet.length === 0 ? {} : { hpet: hpetJson(analysis, list) }),
    devices: run.devices.map((one) => device(one, domains, list)),
    vectors: { globalAvailable, globalReserved, totalAllocated, ...(options.vectors ? { perCpu } : {}) },
    ...isolationOf(analysis),
    events: run.events.map(eventJson),
    ...(run.hangs.length === 0
      ? {}
      : { hangs: run.hangs.map((hang) => ({ ...hang, cpus: list(hang.cpus) })) }),
    findings: findings.map(findingJson),
    suppressed: suppressed.map(suppressedJson),
    messages: run.messages,
    notModelled: machine.cmdline.notModelled,
    ...(machine.imported ? { imported: importJson(machine.imported) } : {}),
    summary,
  };
}

/** One object for one input, an array for several. */
export const jsonFrame = (inputs: number): Frame =>
  inputs === 1 ? { open: '', between: '', close: '\n' } : { open: '[\n', between: ',\n', close: '\n]\n' };

/** One line for each input. */
export const ndjsonFrame = (): Frame => ({ open: '', between: '\n', close: '\n' });

export const json = framed(jsonFrame, (analysis, options) =>
  jsonText(jsonReport(analysis, options.version, options), 2),
);

export const ndjson = framed(ndjsonFrame, (analysis, options) =>
  jsonText(jsonReport(analysis, options.version, options)),
);
