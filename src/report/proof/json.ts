/** Proofs for programs. */
import type { Answer } from '../../linux/proof/answer.ts';
import type { Proofs } from '../../questions/prove/prove-machine.ts';
import { documentHead, machineJson } from '../json.ts';
import { eventWritten } from './events.ts';

/** A number where it is exact, else its digits. */
const countJson = (sets: bigint): number | string =>
  sets <= Number.MAX_SAFE_INTEGER ? Number(sets) : String(sets);

function answerJson(answer: Answer, policy: string, candidates: string): object {
  const { asked, offlineAtMost, largest, method, sets, counterexample, because } = answer;
  return {
    property: asked.text,
    policy,
    answer: answer.answer,
    offlineAtMost,
    ...(largest === null ? {} : { largest }),
    among: candidates,
    method,
    sets: countJson(sets),
    ...(counterexample === null
      ? {}
      : {
          counterexample: {
            events: counterexample.events.map(eventWritten),
            ...(counterexample.probeOrder === null ? {} : { probeOrder: counterexample.probeOrder }),
            shows: counterexample.shows,
            smallest: counterexample.smallest,
          },
        }),
    because,
  };
}

/** `irqsim prove --format json`: of one policy or several, in their order. */
export function proofJson(all: readonly Proofs[], version: string): object {
  const [{ subject }] = all;
  const head = machineJson(subject.facts);
  const several = all.length > 1;
  const count = (answer: Answer['answer']) =>
    all.reduce((sum, { answers }) => sum + answers.filter((one) => one.answer === answer).length, 0);
  return {
    ...documentHead(version),
    machine: several ? { ...head, policy: 'all' } : head,
    answers: all.flatMap(({ answers, candidates, subject: { facts } }) =>
      answers.map((answer) => answerJson(answer, facts.policy.name, candidates.toString())),
    ),
    summary: { holds: count('holds'), fails: count('fails'), unknown: count('unknown') },
  };
}
