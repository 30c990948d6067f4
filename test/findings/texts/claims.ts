/** What sentences of findings claim of the CPUs they name, and the facts that must hold for each. */

import type { Analysis } from '../../../src/findings/analyze.ts';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { managedIrqHousekeeping } from '../../../src/linux/model/housekeeping.ts';

/** A CPU list in a sentence (group 1), and what it says of each CPU. */
export interface Claim {
  readonly pattern: RegExp;
  readonly holds: (cpu: number, facts: Analysis) => boolean;
}

const LIST = '(\\d[\\d,-]*)(?: and \\d+ more ranges)?';
const CPUS = `CPUs? ${LIST}`;
const claim = (pattern: string, holds: Claim['holds']): Claim => ({
  pattern: new RegExp(pattern, 'g'),
  holds,
});

const isOnline: Claim['holds'] = (cpu, { run }) => run.online.test(cpu);
const isPresent: Claim['holds'] = (cpu, { run }) => run.present.test(cpu);
const isReachable: Claim['holds'] = (cpu, { domains }) => domains[0].reachable.test(cpu);
const isUnreachable: Claim['holds'] = (cpu, { domains }) => domains[0].unreachable.test(cpu);
const isShown: Claim['holds'] = (cpu, { run }) =>
  run.devices.some(({ queues }) => queues.some(({ effective }) => effective === cpu));
/** Of `isolcpus=managed_irq`. */
const isHousekeeping: Claim['holds'] = (cpu, { machine, enumeration }) =>
  managedIrqHousekeeping(machine, enumeration)?.test(cpu) === true;
const not =
  (holds: Claim['holds']): Claim['holds'] =>
  (cpu, facts) =>
    !holds(cpu, facts);
const both =
  (a: Claim['holds'], b: Claim['holds']): Claim['holds'] =>
  (cpu, facts) =>
    a(cpu, facts) && b(cpu, facts);
const apicAbove =
  (limit: (facts: Analysis) => number): Claim['holds'] =>
  (cpu, facts) =>
    (facts.enumeration.cpus[cpu].apicId ?? Number.POSITIVE_INFINITY) > limit(facts);

/** Every claim that a sentence matches is checked. */
export const CLAIMS: readonly Claim[] = [
  claim(`${CPUS} (?:is|are all) unreachable`, isUnreachable),
  claim(`unreachable CPUs? \\(${LIST}\\)`, isUnreachable),
  claim(`${CPUS} has an APIC ID above|${CPUS} have APIC IDs above`, isUnreachable),
  claim(`the limit \\d+, so (?:it never comes|they never come) online`, () => true),
  claim(`${CPUS} (?:has an APIC ID|have APIC IDs) above the limit \\d+, so`, not(isOnline)),
  claim(`the offline ${CPUS}`, both(not(isOnline), isPresent)),
  claim(`for ${CPUS}, not plugged`, not(isPresent)),
  claim(`${CPUS} (?:was|were) plugged after`, isPresent),
  claim(`hot-plug slots? \\(${CPUS}\\)`, not(isPresent)),
  claim(`interrupts? an isolated CPU \\(${CPUS}\\)`, both(both(isOnline, isShown), not(isHousekeeping))),
  claim(`its housekeeping CPUs?, ${LIST}, (?:is|are) not online$`, both(not(isOnline), isHousekeeping)),
  claim(
    `its housekeeping CPUs?, ${LIST}, (?:is|are) not online and reachable`,
    both(not(both(isOnline, isReachable)), isHousekeeping),
  ),
  claim(`whose interrupt only ${CPUS} can take`, both(isOnline, isReachable)),
  claim(`hangs if CPUs go offline: ${CPUS} uses?`, isOnline),
  claim(`online CPUs? \\(${LIST},`, isOnline),
  claim(`CPUs? \\(${LIST}\\) whose APIC ID is not known`, (cpu, { domains }) => domains[0].unknown.test(cpu)),
  claim(`effective_affinity shows ${CPUS}`, isShown),
  claim(`/cpu/cpu(\\d+)/online`, both(not(isOnline), isPresent)),
  claim(`I/O of ${CPUS} on \\S+ hangs:`, isOnline),
  claim(
    `above APIC ID 255 \\(${CPUS}\\)`,
    apicAbove(() => 255),
  ),
];

/** CPUs of a list as sentences have it. */
export function cpusOf(list: string): number[] {
  return CpuMask.parse(list.replace(/[,-]+$/, ''), 8192).toArray();
}

const COUNTED = '(?:CPU|vCPU|queue|device|vector|slot|thread|socket|hot-plug slot|managed vector)';
const KINDS = '(?:managed |plugged |online |absent |usable |hot-plug |offline |unreachable )?';

/** What no text says, whatever the machine. An event is named as it is written: "unplug CPUs 6,1 is refused". */
export const NEVER: readonly RegExp[] = [
  /4294967295|cpu-1|CPU -1|\bundefined\b|\bNaN\b|\bnull\b|\[object|Infinity/,
  /\(\)|: *[;,.]|\bCPUs? [,;)]/,
  // The kernel's own message counts without a singular: "CPU 1 has 1 vectors, 0 available".
  new RegExp(`(?<![\\d.,-]|IDs? |CPUs? )\\b1 ${KINDS}${COUNTED}s\\b(?!, \\d+ available)`),
  new RegExp(`(?<![\\d.,-])(?:[2-9]|\\d{2,}) ${KINDS}${COUNTED}\\b(?!-|s)`),
  /\bCPUs \d+(?![\d,-]| and \d+ more)/,
  /\bCPU \d+[,-]\d/,
  /(?<!(?:on|of) )\bCPU \d+ (?:are|have|were)\b/,
  /(?<!(?:online|offline|unplug) )\bCPUs \d[\d,-]* (?:is|has|was|does)\b/,
  /APIC IDs \d+(?![\d,-]| to | with| and | more)|APIC ID \d+[,-]\d/,
  new RegExp(`(?<![\\d.,-])\\b1 ${KINDS}${COUNTED} (?:are|have|were|wait|stay|count|share)\\b`),
];
