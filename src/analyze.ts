/** The one sentence: machine → enumeration, APIC mode, boot, events → facts → findings → verdict. */
import type { Machine } from './machine/machine.ts';
import { checkExpectations, expectation } from './rules/expectation.ts';
import { AUDIT_RULES, findRule, RULES } from './rules/index.ts';
import { type Facts, type Finding, LEVELS, type RawFinding, type Rule } from './rules/rule.ts';
import { HEALTHS, type Health } from './sim/run.ts';
import { simulate } from './sim/simulate.ts';

export type Verdict = 'pass' | 'warn' | 'fail';

export interface Summary {
  readonly verdict: Verdict;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly queues: Readonly<Record<Health, number>>;
}

/** All that irqsim knows about one machine. */
export interface Analysis extends Facts {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

function countQueues(facts: Facts): Record<Health, number> {
  const queues = Object.fromEntries(HEALTHS.map((health) => [health, 0])) as Record<Health, number>;
  for (const device of facts.run.devices) for (const queue of device.queues) queues[queue.health]++;
  return queues;
}

function toFinding(rule: Rule, raw: RawFinding, machine: Machine): Finding {
  const { path, location, level, devices, ...rest } = raw;
  return {
    rule: rule.name,
    level: level ?? rule.level,
    ...rest,
    devices: (devices ?? []).map((device) => device.name),
    location: path === undefined ? location : machine.locate(path),
  };
}

function summarise(findings: readonly Finding[], queues: Summary['queues']): Summary {
  const of = (level: string) => findings.filter((finding) => finding.level === level).length;
  const errors = of('error');
  const warnings = of('warning');
  return {
    verdict: errors > 0 ? 'fail' : warnings > 0 ? 'warn' : 'pass',
    errors,
    warnings,
    notes: of('note'),
    queues,
  };
}

/** Orders findings by level; within a level the registry's order stays. */
function byLevel(findings: readonly Finding[]): Finding[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}

export interface AnalyzeOptions {
  /** Also note which assumptions of the kernel do not hold on the machine. Default false. */
  readonly audit?: boolean;
}

/** Analyses one complete machine. Pure: the same machine and options give the same analysis. */
export function analyze(machine: Machine, { audit = false }: AnalyzeOptions = {}): Analysis {
  const facts: Facts = simulate(machine);
  const queues = countQueues(facts);
  const rules = audit ? [...RULES, ...AUDIT_RULES] : RULES;
  const found = rules.flatMap((rule) => rule.check(facts).map((raw) => toFinding(rule, raw, machine)));
  const { verdict } = summarise(found, queues);
  const unmet = checkExpectations(facts, found, queues, verdict, (name) => findRule(name)?.name ?? name);
  const findings = byLevel([...found, ...unmet.map((raw) => toFinding(expectation, raw, machine))]);
  return { ...facts, findings, summary: summarise(findings, queues) };
}
