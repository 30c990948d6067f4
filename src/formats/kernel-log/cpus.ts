/** CPUs of a kernel log as a description has them: what lines say, and what is left open. */
import { formatList } from '../../lib/cpumask.ts';
import { MSI_MAX_ID } from '../../machine/apic-ids.ts';
import { inputError } from '../../machine/locate.ts';
import { fieldWidth } from '../../machine/topology.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { CpuFacts, ListedId } from './cpu-facts.ts';
import type { LogEvidence } from './evidence.ts';
import { handedOver } from './says.ts';

/** A plugged CPU, in the order of CPU numbers. */
interface LoggedCpu {
  readonly apicId: number;
  readonly node: number | undefined;
  readonly line: number | undefined;
  /** Nobody knows the APIC ID: a free one is taken. */
  readonly guessed: boolean;
}

const REMEDY =
  'give the machine instead of its log: irqsim capture as root, or sudo irqsim analyze / on it; of /proc/cpuinfo the lines apicid';

/** How many CPUs are plugged. Throws InputError if no line tells. */
export function pluggedCount(
  { present, broughtUp, nrCpuIds, refused, nodes, slots }: CpuFacts,
  file: string,
): number {
  const named = Math.max(-1, ...refused.keys(), ...nodes.keys()) + 1;
  const counted = present?.value ?? Math.max(broughtUp?.value ?? 0, (nrCpuIds?.value ?? 0) - slots);
  const count = Math.max(counted, named);
  if (count > 0) return count;
  throw inputError(
    file,
    'this is a kernel log that does not tell how many CPUs there are (no "Allowing N present CPUs", "Brought up 1 node, N CPUs" or "nr_cpu_ids:N"): ' +
      'give the log from the boot on (journalctl -k -b, /var/log/dmesg); irqsim explain FILE says what its lines mean',
  );
}

/** APIC IDs that no line names: packages of equal size, each from a power of two on; above the limit where refused. */
function guesses(facts: CpuFacts, count: number, taken: ReadonlySet<number>): (cpu: number) => number {
  const { packages = 1, refused, threadsPerCore } = facts;
  const threads = threadsPerCore?.value ?? 1;
  const even = packages > 0 && count % (packages * threads) === 0 ? count / packages : count;
  const used = new Set(taken);
  return (cpu) => {
    let id = refused.has(cpu)
      ? MSI_MAX_ID + 1
      : Math.floor(cpu / even) * 2 ** fieldWidth(even) + (cpu % even);
    while (used.has(id)) id++;
    used.add(id);
    return id;
  };
}

/** The next entry of firmware's list for a CPU: of its node, where that is known. */
function take(pool: ListedId[], node: number | undefined): ListedId | undefined {
  const at = node === undefined ? 0 : pool.findIndex((entry) => entry.node === node);
  return pool.splice(at < 0 ? 0 : at, 1)[0];
}

/** The plugged CPUs, and what the SRAT lists besides them. */
function pluggedCpus(facts: CpuFacts, count: number): { cpus: LoggedCpu[]; rest: ListedId[] } {
  const { ids, srat, nodes, beyondLimit } = facts;
  const explicit = new Set([...ids.values(), ...beyondLimit].map(({ value }) => value));
  const pool = srat.filter(({ apicId }) => !explicit.has(apicId));
  const nodeOfId = new Map(srat.map(({ apicId, node }) => [apicId, node]));
  const guess = guesses(facts, count, new Set([...explicit, ...srat.map(({ apicId }) => apicId)]));
  const cpus = Array.from({ length: count }, (_, cpu): LoggedCpu => {
    const said = ids.get(cpu);
    if (said)
      return {
        apicId: said.value,
        node: nodeOfId.get(said.value) ?? nodes.get(cpu),
        line: said.line,
        guessed: false,
      };
    const listed =
      facts.refused.has(cpu) && pool.length < count - cpu ? undefined : take(pool, nodes.get(cpu));
    if (listed) return { apicId: listed.apicId, node: listed.node, line: listed.line, guessed: false };
    return { apicId: guess(cpu), node: nodes.get(cpu), line: undefined, guessed: true };
  });
  return { cpus, rest: pool };
}

/** Adds a CPU to firmware's list. */
type AddCpu = (entry: Readonly<Record<string, unknown>>, line: number | undefined) => void;

function cpuList(sheet: DescriptionBuilder, at: LogEvidence['at']): AddCpu {
  let next = 0;
  return (entry, line) => {
    const path = ['cpus', next++];
    const place = line === undefined ? undefined : at(line);
    for (const [key, value] of Object.entries(entry))
      if (value !== undefined) sheet.set([...path, key], value, place);
  };
}

/** Sets cpus and smt. Throws InputError if the log does not tell how many CPUs there are. */
export function describeLoggedCpus(sheet: DescriptionBuilder, evidence: LogEvidence, facts: CpuFacts): void {
  const { threadsPerCore } = facts;
  const add = cpuList(sheet, evidence.at);
  if (facts.madt.some(({ enabled }) => enabled)) describeMadt(add, facts);
  else {
    describeByNumbers(sheet, evidence, add, facts);
    nameIgnored(sheet, evidence, facts);
  }
  if (threadsPerCore && threadsPerCore.value > 1)
    sheet.set(['smt'], Math.min(threadsPerCore.value, 1024), evidence.at(threadsPerCore.line));
}

function describeMadt(add: AddCpu, { madt, srat }: CpuFacts): void {
  const nodes = new Map(srat.map(({ apicId, node }) => [apicId, node]));
  const seen = new Set<number>();
  for (const { apicId, enabled, line } of madt) {
    const duplicate = seen.has(apicId) ? true : undefined;
    seen.add(apicId);
    const node = nodes.get(apicId) || undefined;
    add({ apicId, node, state: enabled ? undefined : 'absent', duplicate }, line);
  }
}

/**
 * CPUs whose running proves that interrupts reach them: the kernel starts none above its limit, and messages carry IDs
 * up to that. Not so where nothing set a limit, or where remapping carries fewer bits than x2APIC mode has.
 */
function provenByRunning(facts: CpuFacts, count: number, log: LogEvidence['log']): (cpu: number) => boolean {
  const { nodes, broughtUp, refused, silent } = facts;
  const narrow = log.says('remapping in xapic mode') && log.find(/APIC routing to:? \w+ x2apic/) !== null;
  const skipped = log.says('due to skipped IO-APIC setup') && handedOver(log) !== undefined;
  if (narrow || skipped || !log.known) return () => false;
  const all = (broughtUp?.value ?? 0) >= count - refused.size - silent.size;
  return (cpu) => !refused.has(cpu) && !silent.has(cpu) && (cpu === 0 || all || nodes.has(cpu));
}

function describeByNumbers(
  sheet: DescriptionBuilder,
  { log }: LogEvidence,
  add: AddCpu,
  facts: CpuFacts,
): void {
  const { present, slots, beyondLimit, silent, limitReached, rejected, exceeds } = facts;
  const count = pluggedCount(facts, log.path);
  const { cpus, rest } = pluggedCpus(facts, count);
  describeProven(sheet, cpus, facts, provenByRunning(facts, count, log));
  const open = present === undefined ? 0 : Math.max(0, slots - Math.max(0, count - present.value));
  const lost = limitReached ? (rejected?.value ?? 0) : 0;
  const inDoubt = rest.length > 0 && rest.length > open + lost;
  const addSlots = (slotCount: number) => {
    const listed = rest.splice(0, slotCount);
    for (const { apicId, node, line } of listed)
      add({ apicId, node: node || undefined, state: 'absent' }, line);
    const unlisted = slotCount - listed.length;
    if (unlisted > 0) add({ count: unlisted, state: 'absent' }, present?.line);
  };
  for (const [cpu, { apicId, node, line, guessed }] of cpus.entries()) {
    // Slots past the limit were counted, so they come before the plugged CPUs reach it.
    if (exceeds && cpu === count - 1) addSlots(open);
    const state = cpu > 0 && silent.has(cpu) ? 'offline' : undefined;
    add({ apicId, node: node || undefined, state, guessed: guessed || undefined }, line ?? present?.line);
  }
  for (const { value, line } of beyondLimit) add({ apicId: value }, line);
  addSlots(lost + (exceeds ? 0 : open));
  nameOpen(sheet, cpus, facts, inDoubt);
}

/** What is known of the reach of CPUs whose APIC IDs are not: the kernel starts none above its limit. */
function describeProven(
  sheet: DescriptionBuilder,
  cpus: readonly LoggedCpu[],
  { refused }: CpuFacts,
  ran: (cpu: number) => boolean,
): void {
  const guessed = cpus.flatMap(({ guessed: open }, cpu) => (open ? [cpu] : []));
  const sets = [
    ['reachable', guessed.filter(ran)],
    ['unreachable', guessed.filter((cpu) => refused.has(cpu))],
  ] as const;
  for (const [name, list] of sets) {
    if (list.length === 0) continue;
    const verb = name === 'reachable' ? 'came online, so they are' : 'were refused, so they are not';
    sheet.set(['domains', 'vector', 'reach', name], formatList(list));
    sheet.assume(`CPUs ${formatList(list)} ${verb} reachable, whatever their APIC IDs`, ['domains']);
  }
}

/** Entries that the kernel passed over while it read the MADT: their CPUs may be there all the same. */
function nameIgnored(sheet: DescriptionBuilder, { at }: LogEvidence, { entryIgnored }: CpuFacts): void {
  if (entryIgnored === undefined) return;
  sheet.notUnderstood(
    'CPUs with APIC IDs of 255 and above, whose entries the kernel passed over (they are left out)',
    at(entryIgnored),
    ['CPUs'],
    REMEDY,
  );
}

/** What lines leave open is named: nothing that was taken instead may pass for what is known. */
function nameOpen(
  sheet: DescriptionBuilder,
  cpus: readonly LoggedCpu[],
  { limitReached, rejected, slots, srat }: CpuFacts,
  more: boolean,
): void {
  const guessed = cpus.flatMap(({ guessed: open }, cpu) => (open ? [cpu] : []));
  if (guessed.length > 0)
    sheet.notUnderstood(
      `the APIC IDs of ${guessed.length === cpus.length ? `all ${cpus.length} CPUs` : `CPUs ${formatList(guessed)}`}, which the log does not hold (free ones are taken)`,
      undefined,
      ['CPUs'],
      REMEDY,
    );
  else if (more || (srat.length > cpus.length && slots > 0))
    sheet.notUnderstood(
      `which of the ${srat.length} CPUs that the SRAT lists are the ${cpus.length} that are plugged (the first are taken)`,
      undefined,
      ['CPUs'],
      REMEDY,
    );
  else if (srat.length > 0)
    sheet.assume('the CPUs are taken to have their numbers in the order of the SRAT', ['cpus']);
  if (limitReached && rejected)
    sheet.notUnderstood(
      `which of the ${rejected.value} CPUs that got no number are plugged (slots are taken)`,
      undefined,
      ['CPUs'],
      REMEDY,
    );
}
