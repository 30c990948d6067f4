/** What a kernel log says of CPUs: how many, with which APIC IDs, on which nodes, and which did not come up. */
import { MAX_APIC_ID } from '../../machine/apic-ids.ts';
import { MAX_NODE } from '../../machine/limits.ts';
import { type LogEvidence, saidBy, smallNumber } from './evidence.ts';

/** A CPU of a list that firmware made. */
export interface ListedId {
  readonly apicId: number;
  readonly node: number | undefined;
  /** False: the entry is there, the CPU is not. */
  readonly enabled: boolean;
  readonly line: number;
}

/** A number, and the line that says it. */
export interface Counted {
  readonly value: number;
  readonly line: number;
}

export interface CpuFacts {
  /** CPUs that are plugged, and slots besides, also those past what the kernel may number. */
  readonly present: Counted | undefined;
  readonly slots: number;
  /** Some of the slots get no number. */
  readonly exceeds: boolean;
  /** Online at the end of the boot. */
  readonly broughtUp: Counted | undefined;
  /** nr_cpu_ids: the number of possible CPUs. */
  readonly nrCpuIds: Counted | undefined;
  /** Entries of the MADT, in order; empty where the log does not print them. */
  readonly madt: readonly ListedId[];
  /** Entries of the SRAT, in order. */
  readonly srat: readonly ListedId[];
  /** CPU number → APIC ID, where a line has both. */
  readonly ids: ReadonlyMap<number, Counted>;
  /** CPU number → node, of CPUs that came online. */
  readonly nodes: ReadonlyMap<number, number>;
  /** Plugged CPUs that got no number, by APIC ID. */
  readonly beyondLimit: readonly Counted[];
  /** CPUs that the kernel refused to start for their APIC ID. */
  readonly refused: ReadonlyMap<number, number>;
  /** CPUs that did not answer, with the line. */
  readonly silent: ReadonlyMap<number, number>;
  /** Entries that the kernel took no account of. */
  readonly rejected: Counted | undefined;
  /** The line that says that all CPU numbers are taken. */
  readonly limitReached: Counted | undefined;
  /** The line that says that an entry for an APIC ID of 255 or above was passed over. */
  readonly entryIgnored: number | undefined;
  readonly packages: number | undefined;
  readonly threadsPerCore: Counted | undefined;
}

const hexId = (text: string): number | undefined => {
  const value = /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
  return value !== undefined && value <= MAX_APIC_ID ? value : undefined;
};

/** "0x1f" is hexadecimal, "31" decimal: SRAT lines print %u until 4.x and 0x%04x since. */
const anyId = (text: string): number | undefined =>
  text.startsWith('0x') ? hexId(text.slice(2)) : smallNumber(text, MAX_APIC_ID);

function counted(evidence: LogEvidence, pattern: RegExp): Counted | undefined {
  for (const { line, groups } of saidBy(evidence, pattern)) {
    const value = smallNumber(groups[0]);
    if (value !== undefined) return { value, line };
  }
  return undefined;
}

/** "Allowing 8 present CPUs plus 0 hotplug CPUs" since 6.9, "Allowing 8 CPUs, 0 hotplug CPUs" before. */
function allowed(evidence: LogEvidence): { present: Counted; slots: number } | undefined {
  const [now] = saidBy(evidence, /CPU topo: Allowing (\d+) present CPUs plus (\d+) hotplug CPUs/);
  const [before] = saidBy(evidence, /smpboot: Allowing (\d+) CPUs, (\d+) hotplug CPUs/);
  const said = now ?? before;
  if (!said) return undefined;
  const [first, slots] = said.groups.map((text) => smallNumber(text) ?? 0);
  const value = now ? first : first - slots;
  return value > 0 ? { present: { value, line: said.line }, slots } : undefined;
}

/** Firmware's entries in all, where there are more than the kernel may number. */
function entriesInAll(evidence: LogEvidence): number | undefined {
  const said =
    counted(evidence, /CPU topo: (\d+) possible CPUs exceed the limit of \d+/) ??
    counted(evidence, /smpboot: (\d+) Processors exceeds (?:NR_CPUS|max_cpus) limit of \d+/);
  return said?.value;
}

/** acpi_table_print_madt_entry(), which prints CPUs with debugging output or in old kernels. */
function madtEntries(evidence: LogEvidence): ListedId[] {
  const pattern =
    /ACPI: (?:LAPIC \(acpi_id\[0x[0-9a-f]+\] lapic_id|X2APIC \(apic_id)\[0x([0-9a-f]+)\](?: uid\[0x[0-9a-f]+\])? (enabled|disabled)\)/i;
  return saidBy(evidence, pattern).flatMap(({ line, groups }) => {
    const apicId = hexId(groups[0]);
    const enabled = groups[1] === 'enabled';
    const none = apicId === undefined || (!enabled && (apicId === 0xff || apicId === MAX_APIC_ID));
    return none ? [] : [{ apicId, node: undefined, enabled, line }];
  });
}

function sratEntries(evidence: LogEvidence): ListedId[] {
  const seen = new Set<number>();
  return saidBy(evidence, /SRAT: PXM \d+ -> APIC (0x[0-9a-f]+|\d+) -> Node (\d+)/i).flatMap(
    ({ line, groups }) => {
      const apicId = anyId(groups[0]);
      const node = smallNumber(groups[1], MAX_NODE);
      if (apicId === undefined || seen.has(apicId)) return [];
      seen.add(apicId);
      return [{ apicId, node, enabled: true, line }];
    },
  );
}

/** Lines that name a CPU by its number and its APIC ID. */
const NUMBER_AND_ID: readonly RegExp[] = [
  /CPU (\d+) has invalid APIC ID ([0-9a-f]+)\. Aborting/,
  /CPU (\d+) APIC ID ([0-9a-f]+) is not present\. Aborting/,
  /Booting Node +\d+,? Processor +(\d+) APIC 0x([0-9a-f]+)/,
];

function idsByNumber(evidence: LogEvidence): Map<number, Counted> {
  const ids = new Map<number, Counted>();
  for (const pattern of NUMBER_AND_ID) {
    for (const { line, groups } of saidBy(evidence, pattern)) {
      const [cpu, value] = [smallNumber(groups[0]), hexId(groups[1])];
      if (cpu !== undefined && value !== undefined && !ids.has(cpu)) ids.set(cpu, { value, line });
    }
  }
  return ids;
}

/** ".... node  #0, CPUs:        #1  #2", whose rest may stand on lines of its own. */
function bootedNodes({ log }: LogEvidence): Map<number, number> {
  const nodes = new Map<number, number>();
  let node: number | undefined;
  for (const { text } of log.lines) {
    const start = /^\.\.\.\. node +#(\d+), CPUs:(.*)$/.exec(text);
    const rest = start?.[2] ?? (/^(?:\s*#\d+)+\s*$/.test(text) ? text : undefined);
    if (start) node = smallNumber(start[1], MAX_NODE);
    if (rest === undefined || node === undefined) continue;
    for (const [, cpu] of rest.matchAll(/#(\d{1,5})\b/g)) nodes.set(Number(cpu), node);
  }
  return nodes;
}

function byCpu(evidence: LogEvidence, patterns: readonly RegExp[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const pattern of patterns) {
    for (const { line, groups } of saidBy(evidence, pattern)) {
      const cpu = smallNumber(groups[0]);
      if (cpu !== undefined) found.set(cpu, line);
    }
  }
  return found;
}

/** Plugged CPUs whose line says that the numbers are used up, kernels up to 6.8. */
function beyondLimit(evidence: LogEvidence): Counted[] {
  const pattern = /limit of \d+ (?:almost )?reached\..*Processor \d+\/0x([0-9a-f]+) ignored/;
  const found = new Map<number, number>();
  // The namespace scan tries each again, and says so again.
  for (const { line, groups } of saidBy(evidence, pattern)) {
    const value = hexId(groups[0]);
    if (value !== undefined && !found.has(value)) found.set(value, line);
  }
  return [...found].map(([value, line]) => ({ value, line }));
}

/** All that the log says of CPUs. */
export function cpuFacts(evidence: LogEvidence): CpuFacts {
  const counts = allowed(evidence);
  const beyond = beyondLimit(evidence);
  const inAll = entriesInAll(evidence);
  const surplus = counts && inAll !== undefined ? inAll - counts.present.value - beyond.length : 0;
  return {
    present: counts?.present,
    slots: Math.max(counts?.slots ?? 0, surplus),
    exceeds: surplus > (counts?.slots ?? 0),
    broughtUp: counted(evidence, /Brought up \d+ nodes?, (\d+) CPUs?/),
    nrCpuIds: counted(evidence, /\bnr_cpu_ids[:=](\d+)/),
    madt: madtEntries(evidence),
    srat: sratEntries(evidence),
    ids: idsByNumber(evidence),
    nodes: bootedNodes(evidence),
    beyondLimit: beyond,
    refused: byCpu(evidence, [
      /native_cpu_up: bad cpu (\d+)/,
      /native_kick_ap: bad cpu (\d+)/,
      /CPU (\d+) has invalid APIC ID/,
    ]),
    silent: byCpu(evidence, [
      /do_boot_cpu failed\(-?\d+\) to wakeup CPU#(\d+)/,
      /CPU(\d+) failed to report alive state/,
      /CPU(\d+): (?:Not responding|Stuck \?\?)/,
    ]),
    rejected: counted(evidence, /CPU topo: Rejected CPUs (\d+)/),
    limitReached: counted(evidence, /CPU limit of (\d+) reached\. Ignoring further CPUs/),
    entryIgnored: saidBy(evidence, /x2apic entry ignored/)[0]?.line,
    packages: counted(evidence, /Max\.? logical packages: +(\d+)/)?.value,
    threadsPerCore: counted(evidence, /CPU topo: Max\. threads per core: +(\d+)/),
  };
}
