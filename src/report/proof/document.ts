/** Proofs for people: one row a property, then the counterexamples; or one row a policy. */
import { shortenList } from '../../lib/ids.ts';
import type { Answer } from '../../linux/proof/answer.ts';
import { meaningOf } from '../../machine/property-names.ts';
import type { Proofs } from '../../questions/prove/prove-machine.ts';
import type { Block, Cell, Column, Document, Fact, Headline, Tone } from '../document/block.ts';
import { exampleText, methodText, replayCommand, scopeText } from './words.ts';

const TONES: Readonly<Record<Answer['answer'], Tone>> = { holds: 'good', fails: 'bad', unknown: 'doubt' };

/** The worst of several answers. */
function worstOf(answers: readonly Answer[]): Answer['answer'] {
  const order = ['fails', 'unknown', 'holds'] as const;
  return order.find((one) => answers.some(({ answer }) => answer === one)) ?? 'holds';
}

function headline(proofs: readonly Proofs[], plug: boolean): Headline {
  const [{ subject, candidates }] = proofs;
  const { machine, policy } = subject.facts;
  const answers = proofs.flatMap((one) => one.answers);
  const holding = answers.filter(({ answer }) => answer === 'holds').length;
  const worst = worstOf(answers);
  const many =
    proofs.length > 1
      ? ` under ${proofs.length} policies`
      : policy.name === 'mainline'
        ? ''
        : ` under ${policy.name}`;
  const noun = candidates.weight() === 1 ? 'CPU' : 'CPUs';
  const cpus = candidates.isEmpty()
    ? 'no CPU can go offline'
    : `${noun} ${shortenList(candidates.toString())} may go offline`;
  return {
    kind: 'headline',
    level: 2,
    verdict: worst.toUpperCase(),
    tone: TONES[worst],
    title: machine.source === '-' ? machine.name || 'standard input' : machine.source,
    text: `${holding} of ${answers.length} answers hold${many} on Linux ${machine.kernel.text}; ${cpus}${plug ? ', and any CPU may be plugged' : ''}`,
  };
}

const COLUMNS: readonly Column[] = [
  { title: 'property' },
  { title: 'answer' },
  { title: 'offline' },
  { title: 'proved by' },
];

function answerRow(answer: Answer, candidates: number): Cell[] {
  return [
    { text: answer.asked.text },
    { text: answer.answer, tone: TONES[answer.answer] },
    { text: scopeText(answer, candidates) },
    { text: methodText(answer), tone: 'aside' },
  ];
}

/** Why it goes no further, or is not known; verbose: what is meant, and why it holds. */
function answerFact(answer: Answer, { subject }: Proofs, verbose: boolean): Fact[] {
  const { asked, counterexample, because } = answer;
  const { devices, given } = subject.machine;
  const more = answer.answer === 'holds' && counterexample !== null ? 'one more: ' : '';
  const texts = [
    ...(verbose ? [`${meaningOf(asked)}.`] : []),
    ...(counterexample === null ? [] : [`${more}${exampleText(counterexample, devices)}`]),
    ...(verbose || answer.answer === 'unknown' ? because : []),
  ];
  if (texts.length === 0) return [];
  const policy =
    given?.description.policy === undefined && subject.facts.policy.name === 'mainline'
      ? null
      : subject.facts.policy.name;
  const command = counterexample === null ? null : replayCommand(counterexample, subject.machine, policy);
  return [{ name: asked.text, texts, ...(command === null ? {} : { code: [command] }) }];
}

/** One machine under one policy. */
function machineDocument(proofs: Proofs, plug: boolean, verbose: boolean): Document {
  const candidates = proofs.candidates.weight();
  const facts = proofs.answers.flatMap((answer) => answerFact(answer, proofs, verbose));
  return [
    [headline([proofs], plug)],
    [
      {
        kind: 'table',
        columns: COLUMNS,
        rows: proofs.answers.map((answer) => answerRow(answer, candidates)),
      },
    ],
    ...(facts.length === 0 ? [] : [[{ kind: 'facts', facts } as const]]),
  ];
}

/** Short, for a table of policies. */
function policyCell(answer: Answer): Cell {
  if (answer.answer !== 'holds') return { text: answer.answer, tone: TONES[answer.answer] };
  // It holds as far as it goes; that is not always.
  return answer.counterexample === null
    ? { text: 'holds', tone: 'good' }
    : { text: `any ${answer.offlineAtMost}`, tone: 'doubt' };
}

function policyFacts(all: readonly Proofs[]): Block[] {
  const facts = all.flatMap(({ subject, answers }) => {
    const texts = answers.flatMap(({ asked, answer, counterexample, because }) =>
      counterexample === null
        ? answer === 'unknown'
          ? [`${asked.text}: ${because.join('; ')}`]
          : []
        : [`${asked.text}: ${exampleText(counterexample, subject.machine.devices)}`],
    );
    return texts.length === 0 ? [] : [{ name: subject.facts.policy.aliases[0], texts }];
  });
  return facts.length === 0 ? [] : [{ kind: 'facts', facts }];
}

/** One row a policy. */
function policiesDocument(all: readonly Proofs[], plug: boolean): Document {
  const columns = ['policy', '', ...all[0].answers.map(({ asked }) => asked.text)].map((title) => ({
    title,
  }));
  const rows = all.map(({ subject, answers }): Cell[] => [
    { text: subject.facts.policy.name },
    { text: subject.facts.policy.aliases[0] },
    ...answers.map(policyCell),
  ]);
  const facts = policyFacts(all);
  const legend =
    'holds: whichever of the CPUs go, in any order. any N: for any so many of them. Below: the smallest counterexamples.';
  return [
    [headline(all, plug)],
    [
      { kind: 'table', columns, rows },
      { kind: 'paragraph', text: legend, tone: 'aside' },
    ],
    ...(facts.length === 0 ? [] : [facts]),
  ];
}

export const proofDocument = (all: readonly Proofs[], plug: boolean, verbose: boolean): Document =>
  all.length === 1 ? machineDocument(all[0], plug, verbose) : policiesDocument(all, plug);

/** Names of properties are long, those of policies short. */
export const proofLayout = (all: readonly Proofs[]) =>
  ({ names: all.length === 1 ? 24 : 3, hang: 0 }) as const satisfies Readonly<Record<string, number>>;
