/** The one sentence: machine → enumeration, APIC mode, boot, events → facts → findings → verdict. */

import type { Reuse } from '../linux/sim/reuse.ts';
import { HEALTHS, type Health } from '../linux/sim/run.ts';
import { simulate } from '../linux/sim/simulate.ts';
import type { Location, Machine } from '../machine/machine.ts';
import { checkExpectations, expectation } from './rules/expectation.ts';
import { AUDIT_RULES, findRule, RULES } from './rules/index.ts';
import { type Facts, type Finding, LEVELS, type RawFinding, type Rule } from './rules/rule.ts';

/** pass: nothing above a note; warn: a warning is the worst finding; fail: an error is. */
export type Verdict = 'pass' | 'warn' | 'fail';

/** The analysis in numbers: findings by level, queues by health. */
export interface Summary {
  readonly verdict: Verdict;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly queues: Readonly<Record<Health, number>>;
  /** Findings that do not count; they are in none of the other numbers. */
  readonly suppressed: number;
}

/** A finding that does not count, and why. */
export interface SuppressedFinding {
  readonly finding: Finding;
  /** What says so; `level` is a level that is off. */
  readonly by: 'description' | 'project' | 'baseline' | 'level';
  readonly reason: string;
  /** The last day of the suppression, as 2027-03-31. */
  readonly until: string | undefined;
  /** Where that is written; the "file" of an option is the option as typed. */
  readonly location: Location;
}

/** All that irqsim knows about one machine. */
export interface Analysis extends Facts {
  readonly findings: readonly Finding[];
  /** None unless judge() made the analysis. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly summary: Summary;
}

function countQueues(facts: Facts): Record<Health, number> {
  const queues = Object.fromEntries(HEALTHS.map((health) => [health, 0])) as Record<Health, number>;
  for (const device of facts.run.devices) for (const queue of device.queues) queues[queue.health]++;
  return queues;
}

/** A finding of a rule, with its level and place. */
export function toFinding(rule: Rule, raw: RawFinding, machine: Machine): Finding {
  const { path, location, level, devices, ...rest } = raw;
  return {
    rule: rule.name,
    level: level ?? rule.level,
    ...rest,
    devices: (devices ?? []).map((device) => device.name),
    location: path === undefined ? location : machine.locate(path),
  };
}

/** The numbers of an analysis with these findings. */
export function summarise(
  findings: readonly Finding[],
  queues: Summary['queues'],
  suppressed: number,
): Summary {
  const of = (level: string) => findings.filter((finding) => finding.level === level).length;
  const errors = of('error');
  const warnings = of('warning');
  return {
    verdict: errors > 0 ? 'fail' : warnings > 0 ? 'warn' : 'pass',
    errors,
    warnings,
    notes: of('note'),
    queues,
    suppressed,
  };
}

/** Orders findings by level; within a level the registry's order stays. */
export function byLevel(findings: readonly Finding[]): Finding[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}

/** What {@link analyze} is to do. */
export interface AnalyzeOptions {
  /** Also note which assumptions of the kernel do not hold on the machine. Default false. */
  readonly audit?: boolean;
  /** Memory that the analyses of like machines share. */
  readonly reuse?: Reuse | undefined;
}

/** Analyses one complete machine. Pure: the same machine and options give the same analysis. */
export function analyze(machine: Machine, { audit = false, reuse }: AnalyzeOptions = {}): Analysis {
  const facts: Facts = simulate(machine, reuse);
  const queues = countQueues(facts);
  const rules = audit ? [...RULES, ...AUDIT_RULES] : RULES;
  const found = rules.flatMap((rule) => rule.check(facts).map((raw) => toFinding(rule, raw, machine)));
  const { verdict } = summarise(found, queues, 0);
  const unmet = checkExpectations(facts, found, queues, verdict, (name) => findRule(name)?.name ?? name);
  const findings = byLevel([...found, ...unmet.map((raw) => toFinding(expectation, raw, machine))]);
  return { ...facts, findings, suppressed: [], summary: summarise(findings, queues, 0) };
}
