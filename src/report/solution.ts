/** The answer of `irqsim solve`: documents and JSON. */
import type { Trial } from '../questions/solve/search.ts';
import type { Frontier, Solution } from '../questions/solve/solve.ts';
import { OFFLINE } from '../questions/solve/target.ts';
import type { Block, Document, Fact } from './document/block.ts';
import { VERDICT_TONES } from './wording/verdict-tone.ts';

/** Numbers that follow each other and come out alike. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly trial: Trial;
}

const nameOf = ({ target: { path } }: Solution): string =>
  path === OFFLINE ? 'CPUs that may go offline' : path;

const outcome = ({ verdict, stop }: Trial): string => `${verdict ?? 'invalid'} ${stop?.rule ?? ''}`;

function stretchesOf(trials: readonly Trial[]): Stretch[] {
  const stretches: { first: number; last: number; trial: Trial }[] = [];
  for (const trial of trials) {
    const open = stretches[stretches.length - 1];
    if (open && outcome(open.trial) === outcome(trial)) open.last = trial.value;
    else stretches.push({ first: trial.value, last: trial.value, trial });
  }
  return stretches;
}

const rangeText = ({ first, last }: Stretch): string =>
  first === last ? String(first) : `${first} to ${last}`;

/** "240 fails, 256 works": where a further number is whole again. */
function surprise({ trials, want, best }: Solution): string | null {
  if (best === null) return null;
  const before = (trial: Trial): boolean =>
    want === 'most' ? trial.value < best.value : trial.value > best.value;
  const broken = trials.filter((trial) => trial.stop !== null && before(trial));
  const nearest = want === 'most' ? broken[broken.length - 1] : broken[0];
  return nearest ? `${nearest.value} fails, ${best.value} works` : null;
}

function trust(solution: Solution): string {
  const { best, monotone, target, trials } = solution;
  const tried = `${trials.length} number${trials.length === 1 ? '' : 's'} tried`;
  const [first, last] = [trials[0]?.value, trials[trials.length - 1]?.value];
  if (best === null && target.numbers === null && target.path !== OFFLINE)
    return `${tried}, ${first} to ${last}: none works; of larger ones nothing is said (${target.path}=A..B tries them)`;
  if (best === null) return `${tried}, ${monotone === null ? 'not all between; ' : ''}none works`;
  if (monotone === false)
    return `${tried}; ${target.want === 'most' ? 'more' : 'less'} is not always worse: ${surprise(solution) ?? 'see the numbers below'}`;
  if (monotone === null) return `${tried}, not all between: one that was not tried may work`;
  return solution.target.path === OFFLINE
    ? 'proved for every set of CPUs'
    : `${tried}; all up to it work, none beyond`;
}

function facts(solution: Solution): Fact[] {
  const { best, next, target } = solution;
  const last = target.want === 'most' ? 'last' : 'first';
  const end =
    target.path === OFFLINE
      ? 'no more can go'
      : `${best?.value} is the ${last} that was ${target.numbers === null ? 'tried' : 'asked for'}`;
  return [
    ...(best?.verdict ? [{ name: 'verdict', texts: [`${best.verdict} at ${best.value}`] }] : []),
    ...(next?.stop ? [{ name: 'next', texts: [`${next.value}: ${next.stop.rule}`, next.stop.message] }] : []),
    ...(best !== null && next === null
      ? [
          {
            name: 'next',
            texts: [end],
          },
        ]
      : []),
    { name: 'tried', texts: [trust(solution)] },
  ];
}

function table(solution: Solution): Block[] {
  if (solution.monotone === true) return [];
  const rows = stretchesOf(solution.trials).map((stretch) => {
    const { verdict, stop } = stretch.trial;
    return [
      { text: rangeText(stretch) },
      verdict === null ? { text: 'invalid' } : { text: verdict, tone: VERDICT_TONES[verdict] },
      { text: stop ? `${stop.rule}: ${stop.message}` : 'works' },
    ];
  });
  const columns = [
    { title: nameOf(solution) },
    { title: 'verdict' },
    { title: 'stopped by', breaks: true as const },
  ];
  return [{ kind: 'table', columns, rows }];
}

function sentence(solution: Solution): string {
  const { best, target } = solution;
  if (best === null) return `${nameOf(solution)}: no number works`;
  return `${nameOf(solution)}: ${best.value} at ${target.want === 'most' ? 'most' : 'least'}`;
}

/** What is kept, and what the description expects that is not. */
export interface Demanded {
  readonly keeps: readonly string[];
  /** Paths of expectations of the numbers that the description was written with. */
  readonly leftOut: readonly string[];
}

function keptFacts({ keeps, leftOut }: Demanded): Fact[] {
  const left = `${leftOut.join(', ')}: expected of the description as it is written`;
  return [
    { name: 'keeps', texts: [keeps.join(', ')] },
    ...(leftOut.length === 0 ? [] : [{ name: 'left out', texts: [left] }]),
  ];
}

const demandedJson = ({ keeps, leftOut }: Demanded) => ({
  subjectTo: keeps,
  ...(leftOut.length === 0 ? {} : { leftOut }),
});

/** One target. */
export function solutionDocument(solution: Solution, asked: Demanded): Document {
  const tone = solution.best === null ? 'bad' : 'good';
  return [
    [{ kind: 'heading', level: 2, text: sentence(solution), tone }],
    [{ kind: 'facts', facts: [...keptFacts(asked), ...facts(solution)] }],
    table(solution),
  ];
}

/** Two targets: a row for each number of the first. */
export function frontierDocument({ targets: [outer, inner], points }: Frontier, asked: Demanded): Document {
  const rows = points.map(({ value, solution }) => [
    { text: String(value) },
    { text: solution.best === null ? 'none' : String(solution.best.value) },
    { text: solution.next?.stop ? `${solution.next.value}: ${solution.next.stop.rule}` : '' },
    { text: solution.monotone === false ? (surprise(solution) ?? 'not always worse') : '' },
  ]);
  const best = `${inner.path} at ${inner.want === 'most' ? 'most' : 'least'}`;
  const columns = [
    { title: outer.path, numbers: true as const },
    { title: best, numbers: true as const },
    { title: 'stopped by' },
    { title: '' },
  ];
  return [
    [{ kind: 'heading', level: 2, text: `${best}, by ${outer.path}` }],
    [{ kind: 'facts', facts: keptFacts(asked) }],
    [{ kind: 'table', columns, rows }],
  ];
}

/** The answer on a terminal. */
export const SOLUTION_LAYOUT = { names: 9, nameFace: 'dim', hang: 0 } as const;

const answer = ({ target, best, next, monotone, trials }: Solution) => ({
  path: target.path,
  want: target.want,
  best: best?.value ?? null,
  verdict: best?.verdict ?? null,
  next: next?.value ?? null,
  stoppedBy: next?.stop ?? null,
  monotone,
  tried: trials.length,
  ...(monotone === true
    ? {}
    : {
        values: trials.map(({ value, verdict, stop }) => ({
          value,
          verdict: verdict ?? 'invalid',
          works: stop === null,
        })),
      }),
});

/** Fields of one target. */
export const solutionObject = (solution: Solution, asked: Demanded): object => ({
  ...demandedJson(asked),
  ...answer(solution),
});

/** Fields of two. */
export const frontierObject = ({ targets: [outer, inner], points }: Frontier, asked: Demanded): object => ({
  ...demandedJson(asked),
  outer: outer.path,
  path: inner.path,
  want: inner.want,
  frontier: points.map(({ value, solution }) => ({ value, ...answer(solution) })),
});
