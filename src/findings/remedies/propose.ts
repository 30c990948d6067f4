/**
 * What to change about the findings of a rule: changes of the remedies, each proved before it is proposed. A change
 * is carried out on the machine's description and the machine analysed again: no finding of the rule may be left,
 * and the verdict may not be worse. Where no single change is enough, two together are looked for.
 */
import { InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import type { Analysis } from '../analysis.ts';
import { REMEDIES } from './index.ts';
import { assignments } from './parts/assignments.ts';
import { isVain } from './parts/vain.ts';
import { isWorse, losesSilently } from './parts/worse.ts';
import { type Change, type Context, changesOf } from './remedy.ts';

/** Changes that, made together, take the findings of a rule away. */
export interface Proposal {
  readonly changes: readonly Change[];
  /** Assignments that carry it out on the description, in order. */
  readonly sets: readonly string[];
  readonly cost: number;
  /** The machine with the changes, analysed. */
  readonly after: Analysis;
}

/** The proposals for the findings of a rule, cheapest first; none where no change is known that helps. */
export type Proposals = (rule: string) => readonly Proposal[];

/** For what no change to a machine concerns. */
export const NO_PROPOSALS: Proposals = () => [];

/** Rules whose findings the description cannot change: what a product refuses is in its own configuration. */
const IN_THE_TEXT: readonly string[] = ['hypervisor-refuses'];

/** Proposals that a finding shows at most. */
const MOST = 5;
/** Machines that are tried for one rule: fewer where each takes longer. */
const MOST_TRIALS = 60;
const LEAST_TRIALS = 8;
/** CPUs and queues of all machines that are tried for one rule. */
const AFFORDABLE = 60_000;

/** A change as assignments; another version of a product counts as what it brings. */
function setsOf(change: Change, { description }: Context): readonly string[] {
  return change.brings === null ? change.sets : assignments(change.brings, description);
}

interface Node {
  readonly changes: readonly Change[];
  readonly sets: readonly string[];
  readonly cost: number;
}

/** The machine as remedies see it when the findings of `rule` have to go; null where nobody described it. */
function contextOf(analysis: Analysis, rule: string): Context | null {
  const { given, imported } = analysis.machine;
  if (!given) return null;
  return {
    analysis,
    description: given.description,
    format: imported?.format ?? 'native',
    stack: imported?.stack ?? {},
    inTheWay: new Set([rule]),
  };
}

/** The sets that come of one more change, cheapest first; changes about the same thing are alternatives. */
function extend(analysis: Analysis, rule: string, { changes, sets, cost }: Node): Node[] {
  const context = contextOf(analysis, rule);
  if (!context || IN_THE_TEXT.includes(rule)) return [];
  return REMEDIES.filter(({ cures }) => cures.includes(rule))
    .flatMap((remedy) => changesOf(remedy, context))
    .filter(({ about }) => changes.every((made) => made.about !== about))
    .map((change) => ({
      changes: [...changes, change],
      sets: [...sets, ...setsOf(change, context)],
      cost: cost + change.cost,
    }))
    .filter((node) => node.sets.length > sets.length)
    .sort((a, b) => a.cost - b.cost);
}

const subject = ({ changes }: Pick<Node, 'changes'>): string =>
  changes.map(({ about }) => about).join(' and ');

function trialsOf({ machine, run }: Analysis): number {
  const size = machine.cpus.length + run.devices.reduce((sum, { queues }) => sum + queues.length, 0);
  return Math.min(MOST_TRIALS, Math.max(LEAST_TRIALS, Math.floor(AFFORDABLE / size)));
}

/** A machine with changes; it is analysed when somebody needs to know what comes of them. */
interface Trial {
  readonly machine: Machine;
  after: Analysis | undefined;
}

/** The machine with assignments on top of its description; null where they make no machine. */
function machineWith(machine: Machine, sets: readonly string[]): Machine | null {
  try {
    return varied(machine, sets);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/**
 * The proposals for an analysis, worked out when they are asked for. `again` analyses a machine in the same way.
 * What was tried is remembered, so that rules share it.
 */
export function proposals(before: Analysis, again: (machine: Machine) => Analysis): Proposals {
  const tried = new Map<string, Trial | null>();
  const known = new Map<string, readonly Proposal[]>();

  /** Null: the sets make no machine. */
  const trialOf = ({ sets }: Node): Trial | null => {
    const key = JSON.stringify(sets);
    let trial = tried.get(key);
    if (trial === undefined) {
      const machine = machineWith(before.machine, sets);
      trial = machine && { machine, after: undefined };
      tried.set(key, trial);
    }
    return trial;
  };

  const tryOut = (trial: Trial): Analysis => {
    trial.after ??= again(trial.machine);
    return trial.after;
  };

  const proves = (rule: string, after: Analysis, { changes }: Node): boolean =>
    after.findings.every((finding) => finding.rule !== rule) &&
    !isWorse(after, before) &&
    !losesSilently(before, after, changes);

  /** Of these sets those that are proved, one about a thing, and those that were tried in vain. */
  const search = (rule: string, nodes: readonly Node[], trials: number) => {
    const found = new Map<string, Proposal>();
    const vain: { node: Node; trial: Trial }[] = [];
    let left = trials;
    for (const node of nodes) {
      if (left === 0 || found.size === MOST) break;
      if (found.has(subject(node))) continue;
      left--;
      const trial = trialOf(node);
      if (!trial) continue;
      const isHopeless = isVain(rule, before, node.changes, trial.machine);
      if (!isHopeless && proves(rule, tryOut(trial), node)) {
        found.set(subject(node), { ...node, after: tryOut(trial) });
      } else vain.push({ node, trial });
    }
    return { found: [...found.values()], vain, left };
  };

  const propose = (rule: string): readonly Proposal[] => {
    const start: Node = { changes: [], sets: [], cost: 0 };
    const single = search(rule, extend(before, rule, start), trialsOf(before));
    if (single.found.length > 0) return single.found;
    const pairs = single.vain.flatMap(({ node, trial }) => extend(tryOut(trial), rule, node));
    return search(
      rule,
      pairs.sort((a, b) => a.cost - b.cost),
      single.left,
    ).found;
  };

  return (rule) => {
    const proposed = known.get(rule) ?? propose(rule);
    known.set(rule, proposed);
    return proposed;
  };
}
