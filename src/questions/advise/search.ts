/**
 * The search: sets of changes in the order of their cost, each carried out and analysed again. What a machine
 * still needs is asked of the remedies anew after every change.
 */

import { losesSilently } from '../../findings/remedies/parts/worse.ts';
import { type Change, changesOf, type Remedy } from '../../findings/remedies/remedy.ts';
import { LEVELS, type Level } from '../../findings/rules/rule.ts';
import type { Intent } from '../../formats/intent.ts';
import { inTheWay } from './goal.ts';
import { contextOf, type Draught, type Step, type Subject, type Trial, tryOut } from './trial.ts';

export interface SearchRequest {
  readonly subject: Subject;
  readonly start: Trial;
  readonly remedies: readonly Remedy[];
  readonly step: Step;
  readonly level: Level;
  /** Answers that are wanted. */
  readonly max: number;
  /** Machines that may be analysed. */
  readonly budget: number;
}

export interface Found {
  readonly changes: readonly Change[];
  readonly trial: Trial;
}

export interface SearchResult {
  /** Sets after which nothing is in the way, the cheapest first; none holds another. */
  readonly answers: readonly Found[];
  /** The set that leaves the fewest findings in the way; the start itself if no change is better. */
  readonly best: Found;
  /** Remedy → its changes that were tried. */
  readonly tried: ReadonlyMap<string, number>;
  readonly runs: number;
  /** True if the budget ended the search: there may be other answers. */
  readonly cutShort: boolean;
}

/** Changes in a set at most. */
const MAX_CHANGES = 4;
/** Answers that cost this much more than the cheapest are no alternative to it. */
const SLACK = 8;

/** Sets that may be carried out for one analysis: many make a machine that is known already. */
const VISITS_A_RUN = 4;

interface Node {
  readonly changes: readonly Change[];
  readonly cost: number;
  readonly parent: Trial;
}

const costOf = (changes: readonly Change[]): number => changes.reduce((sum, { cost }) => sum + cost, 0);

/** Inserts by cost, behind nodes of the same cost: the order is that of the remedies. */
function enqueue(queue: Node[], node: Node): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (queue[middle].cost <= node.cost) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, node);
}

/** True if an intent does at least what another does: the same, or a tighter limit on a device. */
function doesAsMuch(intent: Intent, other: Intent): boolean {
  if (intent.kind === 'queues' && other.kind === 'queues') {
    return intent.name === other.name && intent.queues <= other.queues;
  }
  if (intent.kind === 'vectors' && other.kind === 'vectors') {
    return intent.name === other.name && intent.vectors <= other.vectors;
  }
  return JSON.stringify(intent) === JSON.stringify(other);
}

/** Words that all changes of parameters together add and remove: they may be dealt to changes in several ways. */
function parameterChanges(intents: readonly Intent[]): ReadonlySet<string> {
  return new Set(
    intents.flatMap((intent) =>
      intent.kind === 'parameters'
        ? [...intent.add.map((word) => `+${word}`), ...intent.remove.map((word) => `-${word}`)]
        : [],
    ),
  );
}

/** True if `changes` do all that the answer does, or more of the same. */
function contains(changes: readonly Change[], answer: readonly Change[]): boolean {
  const intents = changes.flatMap((change) => change.intents);
  const words = parameterChanges(intents);
  const higherDegree = (part: Change) =>
    changes.some(({ degree, about, remedy }) => degree && about === part.about && remedy === part.remedy);
  const isDone = (wanted: Intent) =>
    wanted.kind === 'parameters'
      ? [...parameterChanges([wanted])].every((word) => words.has(word))
      : intents.some((intent) => doesAsMuch(intent, wanted));
  return answer.every((part) => (part.degree && higherDegree(part)) || part.intents.every(isDone));
}

/** The changes that the remedies offer on a machine that was tried, each about another thing than those made. */
function offers(
  trial: Trial,
  made: readonly Change[],
  { remedies, level }: SearchRequest,
): readonly Change[] {
  const context = contextOf(trial, level);
  return remedies
    .filter(({ cures }) => cures.some((rule) => context.inTheWay.has(rule)))
    .flatMap((remedy) => changesOf(remedy, context))
    .filter(({ about }) => made.every((change) => change.about !== about));
}

/** Leaves out each change that the others do without. */
async function smallest(found: Found, request: SearchRequest): Promise<Found> {
  const { subject, start, step, level } = request;
  if (found.changes.length < 2) return found;
  for (const one of found.changes) {
    const changes = found.changes.filter((change) => change !== one);
    let draught: Draught | null = start;
    for (const change of changes) draught = draught && (await step(subject, draught, change));
    if (!draught) continue;
    const trial = tryOut(subject, draught);
    const good =
      inTheWay(trial.analysis, level).length === 0 && !losesSilently(start.analysis, trial.analysis, changes);
    if (good) return await smallest({ changes, trial }, request);
  }
  return found;
}

/** Whether one machine is nearer to the goal than another: fewer errors in the way, then warnings, then notes. */
function isBetter(one: Found, other: Found, level: Level): boolean {
  const left = ({ trial }: Found) => {
    const findings = inTheWay(trial.analysis, level);
    return LEVELS.map((each) => findings.filter((finding) => finding.level === each).length);
  };
  const [mine, others] = [left(one), left(other)];
  const decisive = mine.findIndex((count, n) => count !== others[n]);
  return decisive >= 0 && mine[decisive] < others[decisive];
}

/** The state of a search under way. */
interface Progress {
  readonly queue: Node[];
  readonly seen: Set<string>;
  readonly answers: Found[];
  readonly tried: Map<string, number>;
  best: Found;
  /** Sets that were carried out, and machines among them that were new and analysed. */
  visits: number;
  runs: number;
}

function expand(trial: Trial, made: readonly Change[], request: SearchRequest, { queue }: Progress): void {
  if (made.length === MAX_CHANGES) return;
  for (const change of offers(trial, made, request)) {
    const changes = [...made, change];
    enqueue(queue, { changes, cost: costOf(changes), parent: trial });
  }
}

/** True once no set that is left can be an answer that counts. */
function isOver({ answers, queue }: Progress, max: number): boolean {
  const [next] = queue;
  if (!next || answers.length >= max) return true;
  return answers.length > 0 && next.cost > costOf(answers[0].changes) + SLACK;
}

async function visit(node: Node, request: SearchRequest, progress: Progress): Promise<void> {
  const { subject, start, step, level } = request;
  const { seen, answers, tried } = progress;
  const change = node.changes[node.changes.length - 1];
  const draught = await step(subject, node.parent, change);
  progress.visits++;
  tried.set(change.remedy, (tried.get(change.remedy) ?? 0) + 1);
  if (!draught || seen.has(draught.key)) return;
  seen.add(draught.key);
  progress.runs++;
  const found = { changes: node.changes, trial: tryOut(subject, draught) };
  if (losesSilently(start.analysis, found.trial.analysis, node.changes)) return;
  if (isBetter(found, progress.best, level)) progress.best = found;
  if (inTheWay(found.trial.analysis, level).length > 0) {
    expand(found.trial, node.changes, request, progress);
    return;
  }
  const answer = await smallest(found, request);
  if (answers.every(({ changes }) => !contains(answer.changes, changes))) answers.push(answer);
}

/** Runs until enough answers are found, nothing is left to try, or the budget is used up. Deterministic. */
export async function search(request: SearchRequest): Promise<SearchResult> {
  const { start, max, budget } = request;
  const progress: Progress = {
    queue: [],
    seen: new Set([start.key]),
    answers: [],
    tried: new Map(),
    best: { changes: [], trial: start },
    visits: 0,
    runs: 0,
  };
  expand(start, [], request, progress);
  const hasBudget = () => progress.runs < budget && progress.visits < budget * VISITS_A_RUN;
  while (!isOver(progress, max) && hasBudget()) {
    const node = progress.queue.shift();
    if (node && progress.answers.every(({ changes }) => !contains(node.changes, changes))) {
      await visit(node, request, progress);
    }
  }
  const { answers, best, tried, runs } = progress;
  answers.sort((a, b) => costOf(a.changes) - costOf(b.changes));
  return { answers, best, tried, runs, cutShort: !isOver(progress, max) };
}
