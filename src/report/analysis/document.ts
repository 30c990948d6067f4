/** The report on one machine: is it fine, what is lost, why, what to change, where to look further. */

import type { Analysis } from '../../findings/analyze.ts';
import { whyAllUnknown } from '../../findings/rules/facts/unknown-cpus.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { apicIdNames, shortenList } from '../../lib/ids.ts';
import { isGuessed } from '../../linux/model/enumeration.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import { eventText } from '../../machine/event-text.ts';
import type { Path } from '../../machine/machine.ts';
import type { Document, Fact, Member, Section, StateMap } from '../document/block.ts';
import { changeLines } from '../wording/event-changes.ts';
import { resultText } from '../wording/event-text.ts';
import { kernelLines } from '../wording/kernel-lines.ts';
import { cpuMap } from './cpu-map.ts';
import { deviceSection, queueSections } from './devices.ts';
import { domainSection } from './domains.ts';
import { findingBlocks } from './findings.ts';
import { headline } from './headline.ts';
import { hpetFacts } from './hpet.ts';
import { isolationFact } from './isolation.ts';
import { queueMapSections } from './queue-maps.ts';
import { suppressedSection } from './suppressed.ts';

const MODES: Record<Analysis['apic']['mode'], string> = {
  'xapic-flat': 'xAPIC, flat logical destinations',
  'xapic-physical': 'xAPIC, physical destinations',
  'x2apic-physical': 'x2APIC, physical destinations',
  'x2apic-cluster': 'x2APIC, cluster destinations',
  off: 'off: one CPU, no message interrupts',
};
/** Assumptions in a report that is not verbose. */
const ASSUMPTIONS_SHOWN = 12;

/** "(line 9)", "(proc/cpuinfo line 9)" in a captured machine, "(--set kernel=5.4)" or "(by default)". */
function origin(analysis: Analysis, path: Path | undefined): string {
  if (path === undefined) return '';
  const location = analysis.machine.locate(path);
  if (!location) return ' (by default)';
  const { file, line } = location;
  if (file.startsWith('--')) return ` (${file})`;
  const tree = `${analysis.machine.source.replace(/\/$/, '')}/`;
  return file.startsWith(tree) ? ` (${file.slice(tree.length)} line ${line})` : ` (line ${line})`;
}

/** Texts under one name. */
const fact = (name: string, texts: readonly string[]): Fact[] => [{ name, texts }];

function knownIds(analysis: Analysis, cpus: CpuMask | null): number[] {
  const ids: number[] = [];
  for (const slot of analysis.enumeration.cpus) {
    const { cpu, apicId } = slot;
    if (apicId === null || isGuessed(analysis.machine, slot)) continue;
    if (cpus === null || cpus.test(cpu)) ids.push(apicId);
  }
  return ids.sort((a, b) => a - b);
}

function idsText({ enumeration, machine }: Analysis, ids: readonly number[]): string {
  if (ids.length === 0) return 'APIC IDs unknown';
  const guessed = enumeration.cpus.filter((slot) => isGuessed(machine, slot)).length;
  if (guessed > 0) return `APIC IDs of ${guessed} CPU${guessed === 1 ? '' : 's'} unknown`;
  const [first] = ids;
  const last = ids[ids.length - 1];
  if (first === last) return `APIC ID ${first}`;
  return `APIC IDs ${first}-${last}${ids.length <= last - first ? ' with holes' : ''}`;
}

function machineFacts(analysis: Analysis): Fact[] {
  const { machine, enumeration, run } = analysis;
  const ids = knownIds(analysis, null);
  const possible = enumeration.possible.weight();
  const plugged = run.present.weight();
  const parts = [
    `Linux ${machine.kernel.text} on ${machine.platform}`,
    `${possible} possible CPU${possible === 1 ? '' : 's'}${machine.shape === null ? '' : ` (${machine.shape})`}`,
    plugged === possible ? 'all plugged' : `${plugged} plugged`,
    idsText(analysis, ids),
  ];
  const notModelled = machine.cmdline.notModelled;
  return fact('Machine', [
    parts.join(', '),
    ...(machine.name && machine.source !== '-' ? [`name: ${machine.name}`] : []),
    ...(notModelled.length > 0 ? [`kernel parameters not modelled: ${notModelled.join(' ')}`] : []),
  ]);
}

function apicFacts(analysis: Analysis): Fact[] {
  const { apic } = analysis;
  const limit = apic.limit === NO_LIMIT ? 'no APIC ID limit' : `APIC IDs up to ${apic.limit}`;
  return fact('APIC', [
    apic.fatal ? `kernel panic: ${apic.fatal.message}` : `${MODES[apic.mode]}, ${limit}`,
    ...apic.because.map(
      ({ text, path }, n) => `${n === 0 ? 'because' : 'and'} ${text}${origin(analysis, path)}`,
    ),
  ]);
}

/** Some CPUs under a name; what is said of them goes without saying where there are none. */
function cpuSet(name: string, cpus: CpuMask, text: string): Member {
  const count = cpus.weight();
  return { name, set: { list: shortenList(cpus.toString()), count }, text: count === 0 ? '' : text };
}

function cpuSection(analysis: Analysis, groups: StateMap['groups']): Section {
  const { run, domains, enumeration, apic } = analysis;
  const [{ reachable, unreachable, unknown }] = domains;
  const inSet = (set: CpuMask, other: CpuMask) => CpuMask.and(set, other).weight();
  const lost = inSet(unreachable, run.present);
  const lostIds = apicIdNames(knownIds(analysis, unreachable));
  const lostOnline = inSet(unreachable, run.online);
  const refused = enumeration.cpus.filter(
    ({ cpu, apicId }) => apicId !== null && apicId > apic.limit && unreachable.test(cpu),
  );
  const forGood = refused.filter(({ cpu }) => run.present.test(cpu)).length;
  const ignored = enumeration.ignored;
  const members: Member[] = [
    cpuSet('reachable', reachable, `${inSet(reachable, run.online)} online`),
    cpuSet(
      'unreachable',
      unreachable,
      `${lostIds}; ${lost} plugged${lostOnline > 0 ? `, ${lostOnline} online all the same` : forGood > 0 ? `, ${forGood === lost ? '' : `${forGood} `}offline for good` : ''}`,
    ),
    cpuSet('unknown', unknown, whyAllUnknown(analysis, unknown)),
  ];
  if (ignored.length > 0) {
    const reasons = [...new Set(ignored.map((cpu) => cpu.reason))];
    members.push({
      name: 'ignored',
      text: `${ignored.length} firmware CPU${ignored.length === 1 ? '' : 's'} got no number: ${reasons.join('; ')}`,
    });
  }
  return [
    { kind: 'members', name: 'CPUs', members },
    { ...cpuMap(analysis), ...(groups && { groups }) },
  ];
}

function vectorFacts(analysis: Analysis): Fact[] {
  // CPUs that a policy brings online beyond the reach of messages have no vector to count.
  const { vectors, usable: online } = analysis.run;
  let fullest = -1;
  for (const { cpu, available } of vectors.perCpu) {
    if (online.test(cpu) && (fullest < 0 || available < vectors.perCpu[fullest].available)) fullest = cpu;
  }
  if (fullest < 0) return [];
  const { available, allocated, managed, managedAllocated } = vectors.perCpu[fullest];
  const reserved = managed - managedAllocated;
  return fact('Vectors', [
    `${vectors.perCpuCapacity} a CPU; CPU ${fullest} has the fewest left: ${available} free, ${allocated} in use` +
      (reserved > 0 ? `, ${reserved} reserved for queues not running there` : ''),
  ]);
}

function eventFacts(analysis: Analysis, verbose: boolean): Fact[] {
  const { events } = analysis.run;
  if (events.length === 0) return [];
  const shown = verbose ? events : events.slice(0, 8);
  const lines = shown.flatMap((run) => {
    const changes = changeLines(run);
    const detail = verbose ? changes : changes.slice(0, 2);
    const rest = changes.length - detail.length;
    return [
      [
        `${eventText(run.event)}: ${resultText(run)}`,
        ...detail,
        ...(rest > 0 ? [`${rest} more change${rest === 1 ? '' : 's'}`] : []),
      ].join('; '),
      ...kernelLines(run.messages).map((message) => `  kernel: ${message}`),
    ];
  });
  if (shown.length < events.length) lines.push(`and ${events.length - shown.length} more (-v shows all)`);
  return fact('Events', lines);
}

/** The question that the report raises first: why is that queue dead? */
function whyCommand({ machine, run }: Analysis): string {
  const device = run.devices.find(({ queues }) => queues.some((queue) => queue.health === 'dead'));
  const queue = device?.queues.find((one) => one.health === 'dead');
  const source = machine.source === '-' ? 'INPUT' : machine.source;
  return queue
    ? `irqsim why ${source} queue ${device?.name}:${queue.index}`
    : `irqsim why ${source} device NAME`;
}

function nextSteps(analysis: Analysis, verbose: boolean): Section {
  const [first] = analysis.findings;
  const steps = [
    ...(first ? [`irqsim explain ${first.rule}`] : []),
    ...(analysis.run.events.length > 0 ? ['irqsim replay for the events one by one'] : []),
    ...(analysis.summary.queues.dead > 0 ? [whyCommand(analysis)] : []),
    ...(verbose ? [] : ['irqsim analyze -v for every queue']),
  ];
  return [{ kind: 'code', lines: steps, tone: 'aside' }];
}

/** What the source left to defaults of a product. */
function assumedFacts(analysis: Analysis, verbose: boolean): Fact[] {
  const assumptions = analysis.machine.imported?.assumptions ?? [];
  if (assumptions.length === 0) return [];
  const shown = verbose ? assumptions : assumptions.slice(0, ASSUMPTIONS_SHOWN);
  const rest = assumptions.length - shown.length;
  return fact('Assumed', [
    ...shown.map(({ text }) => text),
    ...(rest > 0 ? [`and ${rest} more (-v shows all)`] : []),
  ]);
}

const facts = (...all: readonly Fact[]): Section => [{ kind: 'facts', facts: all }];

/** What only forms that draw show. */
export interface Drawings {
  readonly groups: StateMap['groups'];
  readonly queues: Section;
  readonly vectors: Section;
}

/** One report; `verbose`: every queue, the queue of each CPU, and the kernel's log. */
export function analysisDocument(analysis: Analysis, verbose: boolean, drawings?: Drawings): Document {
  const told = analysis.apic.because.map((reason) => reason.text);
  return [
    [headline(analysis)],
    facts(...machineFacts(analysis), ...apicFacts(analysis), ...assumedFacts(analysis, verbose)),
    cpuSection(analysis, drawings?.groups),
    domainSection(analysis, verbose),
    deviceSection(analysis, verbose),
    drawings?.queues ?? [],
    facts(...hpetFacts(analysis, verbose), ...vectorFacts(analysis), ...isolationFact(analysis)),
    drawings?.vectors ?? [],
    facts(...eventFacts(analysis, verbose)),
    ...(verbose
      ? [
          ...queueSections(analysis),
          ...queueMapSections(analysis),
          facts(...fact('Kernel', kernelLines(analysis.run.messages))),
        ]
      : []),
    ...findingBlocks(analysis.findings, told).map((block) => [block]),
    suppressedSection(analysis, verbose),
    nextSteps(analysis, verbose),
  ];
}
