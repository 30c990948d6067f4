/** Answers questions about open texts; what was read is remembered while it stays the same. */
import { actionsOf } from './actions.ts';
import { completionsAt } from './completion.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { hoverAt } from './hover.ts';
import { lensesOf, symbolsOf } from './outline.ts';
import type { ProjectFiles } from './project.ts';
import type { About, Answers, Asked, OpenText, Question, Reading } from './protocol.ts';
import { type Known, readText } from './text.ts';

/** Texts that are remembered: those that somebody works at. */
const REMEMBERED = 4;

type Answerers = {
  readonly [A in About]: (known: Known, question: Question<A>) => Answers[A] | Promise<Answers[A]>;
};

const ANSWERERS: Answerers = {
  diagnostics: diagnosticsOf,
  lenses: lensesOf,
  symbols: symbolsOf,
  hover: hoverAt,
  completions: completionsAt,
  actions: actionsOf,
};

interface Memory {
  readonly open: OpenText;
  readonly stamp: string;
  readonly known: Promise<Known>;
}

const isSame = (a: OpenText, b: OpenText): boolean =>
  a.uri === b.uri && a.text === b.text && a.version === b.version && a.file === b.file;

/** One who answers, with a memory of its own. */
export function createAnswers(
  projects: ProjectFiles,
): <A extends About>(asked: Asked<A>) => Promise<Answers[A]> {
  let memory: readonly Memory[] = [];
  const recall = (open: OpenText, reading: Reading): Promise<Known> => {
    const { stamp } = reading;
    const found = memory.find((one) => isSame(one.open, open) && one.stamp === stamp);
    const fresh = found ?? { open, stamp, known: readText(open, reading, projects) };
    memory = [fresh, ...memory.filter((one) => one.open.uri !== open.uri)].slice(0, REMEMBERED);
    return fresh.known;
  };
  return async <A extends About>({ open, reading, question }: Asked<A>) => {
    const known = await recall(open, reading);
    const answer = ANSWERERS[question.about as A] as Answerers[A];
    return answer(known, question);
  };
}
