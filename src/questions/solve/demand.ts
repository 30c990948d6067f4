/** What a machine must keep: no errors, no warnings, properties that are proved. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import { threatText, unsurvived } from '../../findings/rules/survival.ts';
import { proved } from '../../linux/proof/answer.ts';
import { propertyOf } from '../../linux/proof/properties/index.ts';
import { prove } from '../../linux/proof/prove.ts';
import { subjectOf } from '../../linux/proof/subject.ts';
import type { Expectation } from '../../machine/machine.ts';
import {
  type AskedProperty,
  type PropertyName,
  parseProperty,
  type Survival,
} from '../../machine/property-names.ts';

export type Demand =
  | { readonly kind: 'findings'; readonly text: string; readonly levels: readonly Finding['level'][] }
  | { readonly kind: 'property'; readonly text: string; readonly asked: AskedProperty }
  | { readonly kind: 'survival'; readonly text: string; readonly survival: Survival };

/** What breaks a demand. */
export interface Stop {
  /** A rule, a property, or `invalid`: the description would be none. */
  readonly rule: string;
  readonly message: string;
}

const NO_ERRORS: Demand = { kind: 'findings', text: 'no errors', levels: ['error'] };
const NO_WARNINGS: Demand = { kind: 'findings', text: 'no warnings', levels: ['error', 'warning'] };

/** What counts if nobody says otherwise: of a path, and of CPUs that go. */
export const USUAL_DEMANDS: readonly Demand[] = [NO_ERRORS];
export const USUAL_OFFLINE_DEMANDS: readonly Demand[] = [
  {
    kind: 'property',
    text: 'offline-accepted',
    asked: { name: 'offline-accepted', amount: 1, text: 'offline-accepted' },
  },
];

/** Properties that depend on where interrupts happen to be: a further device may move those of others to where they please. */
const OF_PLACES: readonly PropertyName[] = ['no-interrupt-on-isolated', 'every-node-has-a-queue'];

/** A further device, which takes vectors and gives none, can break the demand but not mend it. */
export function neverMended(demand: Demand): boolean {
  if (demand.kind === 'findings') return true;
  const asked = demand.kind === 'property' ? [demand.asked] : demand.survival.properties;
  return asked.every(({ name }) => !OF_PLACES.includes(name));
}

/** What counts whatever number is tried: a description's `expect:` says the rest of the numbers it was written with. */
export function writtenDemands({ verdict, survives }: Expectation): Demand[] {
  const levels = verdict === 'pass' ? [NO_WARNINGS] : verdict === 'warn' ? [NO_ERRORS] : [];
  if (survives === undefined) return levels;
  const what = survives.properties.map(({ text }) => text).join(', ');
  return [...levels, { kind: 'survival', text: `${what} with ${threatText(survives)}`, survival: survives }];
}

/** The same where the number of CPUs that go is what is looked for. */
export function writtenOfSets({ survives }: Expectation): Demand[] {
  const demands = (survives?.properties ?? []).map(
    (asked): Demand => ({ kind: 'property', text: asked.text, asked }),
  );
  return demands.filter(isOfSets);
}

const WHATEVER_NUMBER: readonly string[] = ['verdict', 'survives'] satisfies (keyof Expectation)[];

/** What else is expected, as paths: it does not count. */
export function unusedExpectations(expect: Expectation | undefined): string[] {
  return Object.entries(expect ?? {})
    .filter(([key, value]) => value !== undefined && !WHATEVER_NUMBER.includes(key))
    .map(([key]) => `expect.${key}`);
}

/** Offlines that a proof of one property at one value may try. */
const BUDGET = 50_000;

/** Reads "no errors", "no warnings" or a property. Throws RangeError that says what was expected. */
export function parseDemand(text: string): Demand {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, ' ');
  const known = [NO_ERRORS, NO_WARNINGS].find((demand) => demand.text === words);
  if (known) return known;
  const asked = parseProperty(text);
  if (typeof asked === 'string') throw new RangeError(`expected "no errors", "no warnings" or ${asked}`);
  return { kind: 'property', text: asked.text, asked };
}

/** Whether a demand is about sets of CPUs that go, so that there can be a largest such set. */
export const isOfSets = (demand: Demand): boolean =>
  demand.kind === 'property' && propertyOf(demand.asked.name) !== undefined;

/** The first thing that breaks the demand; null: nothing does. What is not proved does not count as kept. */
function stopOf(demand: Demand, analysis: Analysis, offlineAtMost: number): Stop | null {
  if (demand.kind === 'findings') {
    const broken = analysis.findings.find(({ level }) => demand.levels.includes(level));
    return broken ? { rule: broken.rule, message: broken.message } : null;
  }
  if (demand.kind === 'survival') {
    const [broken] = unsurvived(analysis.machine, demand.survival);
    return broken ? { rule: 'expectation', message: [broken.message, ...broken.cause].join('; ') } : null;
  }
  const options = { offlineAtMost, among: null, keep: null, plug: false, budget: BUDGET };
  const { answer, counterexample, because } = proved(
    prove(subjectOf(analysis.machine), demand.asked, options),
  );
  if (answer === 'holds') return null;
  const message = counterexample?.shows ?? `it is not proved: ${because.join('; ')}`;
  return { rule: demand.asked.name, message };
}

/** The first of the demands that is broken; `offlineAtMost`: properties are about sets of so many CPUs. */
export function firstStop(
  demands: readonly Demand[],
  analysis: Analysis,
  offlineAtMost: number,
): Stop | null {
  for (const demand of demands) {
    const stop = stopOf(demand, analysis, offlineAtMost);
    if (stop) return stop;
  }
  return null;
}
