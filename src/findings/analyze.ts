/** The one sentence: machine → enumeration, APIC mode, boot, events → facts → findings → verdict. */

import { HEALTHS, type Health } from '../linux/sim/run.ts';
import { simulate } from '../linux/sim/simulate.ts';
import type { Simulation } from '../linux/sim/simulation.ts';
import type { Steps } from '../linux/sim/steps.ts';
import { noHealths } from '../linux/sim/tally.ts';
import { asNamedIn } from '../machine/function-names.ts';
import type { Machine } from '../machine/machine.ts';
import { type Analysis, byLevel, summarise } from './analysis.ts';
import { NO_PROPOSALS, type Proposals, proposals } from './remedies/propose.ts';
import { changeTexts } from './remedies/words.ts';
import { checkExpectations, expectation } from './rules/expectation.ts';
import { AUDIT_RULES, findRule, RULES } from './rules/index.ts';
import { type Finding, LazyFinding, type RawFinding, type Rule } from './rules/rule.ts';

export {
  type Analysis,
  byLevel,
  type Summary,
  type SuppressedFinding,
  summarise,
  type Verdict,
} from './analysis.ts';

function countQueues(facts: Simulation): Record<Health, number> {
  const queues = noHealths();
  for (const { tally } of facts.run.devices)
    for (const health of HEALTHS) queues[health] += tally.healths[health];
  return queues;
}

/** Said where changes to the machine are known for a rule, and none or no two of them are enough here. */
export const NO_CHANGE_PROVED =
  'no change or pair of changes that was tried takes it away; irqsim advise tries more';

/** What the rule itself says, then the proved changes in the words of the machine's product. */
function fixOf(
  rule: Rule,
  own: readonly string[] | undefined,
  machine: Machine,
  proposed: Proposals,
): readonly string[] {
  const changes = proposed(rule.name).flatMap((proposal) => changeTexts(proposal.changes, machine));
  if (own === undefined && changes.length === 0) return [NO_CHANGE_PROVED];
  return [...new Set([...(own ?? []), ...changes])];
}

/** A finding of a rule, with its level and place; changes are proved when they are asked for. */
export function toFinding(
  rule: Rule,
  { message, cause, fix: own, path, location, level, devices, cpus }: RawFinding,
  machine: Machine,
  proposed: Proposals = NO_PROPOSALS,
): Finding {
  const facts: Omit<Finding, 'fix'> = {
    rule: rule.name,
    level: level ?? rule.level,
    message,
    cause: cause.map((reason) => asNamedIn(machine.kernel, reason)),
    ...(cpus && !cpus.isEmpty() && { cpus }),
    devices: (devices ?? []).map((device) => device.name),
    location: path === undefined ? location : machine.locate(path),
  };
  return new LazyFinding(facts, () => fixOf(rule, own, machine, proposed), path);
}

/** What {@link analyze} is to do. */
export interface AnalyzeOptions {
  /** Also note which assumptions of the kernel do not hold on the machine. Default false. */
  readonly audit?: boolean;
  /** Steps of the simulation that like machines share; default: the kernel's, taken anew. */
  readonly steps?: Steps | undefined;
}

/** Analyses one complete machine. Pure: the same machine and options give the same analysis. */
export function analyze(machine: Machine, options: AnalyzeOptions = {}): Analysis {
  const { audit = false, steps } = options;
  const facts: Simulation = simulate(machine, steps);
  const queues = countQueues(facts);
  const rules = audit ? [...RULES, ...AUDIT_RULES] : RULES;
  let analysis: Analysis;
  let known: Proposals | undefined;
  const proposed: Proposals = (rule) => {
    known ??= proposals(analysis, (changed) => analyze(changed, options));
    return known(rule);
  };
  const found: Finding[] = [];
  // A loop: most rules find nothing, on each machine.
  for (const rule of rules) {
    for (const raw of rule.check(facts, audit)) found.push(toFinding(rule, raw, machine, proposed));
  }
  const { verdict } = summarise(found, queues, 0);
  const unmet = checkExpectations(facts, found, queues, verdict, (name) => findRule(name)?.name ?? name);
  const findings = byLevel([...found, ...unmet.map((raw) => toFinding(expectation, raw, machine))]);
  const { policy, handover, enumeration, apic, domains, innerDomains, run } = facts;
  analysis = {
    machine: facts.machine,
    policy,
    handover,
    enumeration,
    apic,
    domains,
    innerDomains,
    run,
    findings,
    suppressed: [],
    summary: summarise(findings, queues, 0),
  };
  return analysis;
}
