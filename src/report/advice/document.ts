/** The advice as a document: a headline, what is in the way, and the answers to choose from. */
import type { Language } from '../../findings/remedies/remedy.ts';
import { wordsOf } from '../../findings/remedies/words.ts';
import type { Advice, Answer } from '../../questions/advise/advise.ts';
import type { Choice, Document, Fact, Headline, Inline } from '../document/block.ts';
import type { Layout } from '../document/terminal/style.ts';
import {
  assumedTexts,
  CUT_SHORT,
  fileText,
  findingText,
  gainsOf,
  givenUp,
  headlineOf,
  proofOf,
  titleOf,
  triedText,
  unknownTexts,
  whatifOptions,
} from './words.ts';

/** The facts that there are; none where nothing is to be said. */
const facts = (name: string, texts: readonly Inline[]): Fact[] =>
  texts.length === 0 ? [] : [{ name, texts }];

/** Who is told in sentences, with nothing to paste. */
const SPOKEN: readonly Language[] = ['hypervisor', 'host', 'firmware', 'hardware', 'device'];

function choiceOf(answer: Answer, advice: Advice): Choice {
  const { machine } = advice.before;
  return {
    cost: answer.cost,
    steps: answer.changes.map((change) => ({
      title: change.title,
      wordings: wordsOf(change, machine).map((words) =>
        SPOKEN.includes(words.language) ? { ...words, spoken: true as const } : words,
      ),
      cost: change.cost,
      costs: change.costs,
    })),
    givesUp: givenUp(answer),
    brings: gainsOf(answer),
    proof: proofOf(advice, answer),
    file: fileText(advice, answer),
    command: { name: 'whatif', words: `irqsim whatif ${machine.source}`, options: whatifOptions(answer) },
  };
}

/** Why nothing helps: what stays under the nearest set of changes, and what was tried. */
function nearestFacts(advice: Advice): Fact[] {
  const { nearest, level } = advice;
  if (!nearest) return [];
  const { changes, stays } = nearest;
  return [
    ...facts(
      'nearest',
      changes.map(({ title }) => title),
    ),
    ...stays.flatMap(({ finding, reason }) => [
      ...facts('stays', [findingText(finding)]),
      ...facts('because', [{ prose: reason }]),
    ]),
    ...facts('tried', [triedText(advice)]),
    ...(level === 'error' ? [] : facts('level', [`${level} and above`])),
  ];
}

/** The verdict before and after, and what it takes; all that `--quiet` leaves. */
export function adviceHeadline(advice: Advice, several: boolean): Headline {
  const { verdict, says } = headlineOf(advice);
  const good = advice.status === 'advised' || advice.status === 'nothing-to-fix';
  const title = titleOf(advice, several);
  return { kind: 'headline', level: 3, verdict, tone: good ? 'good' : 'bad', title, text: says };
}

/** All that is said of one machine; `several`: its input holds more. */
export function adviceDocument(advice: Advice, several: boolean): Document {
  const { status, inTheWay, aboutWriting, answers, cutShort } = advice;
  const known = [
    ...(status === 'advised' ? facts('now', inTheWay.map(findingText)) : []),
    ...nearestFacts(advice),
    ...(status !== 'no-change-helps' || inTheWay.length > 0
      ? facts('besides', aboutWriting.map(findingText))
      : []),
    ...facts('unknown', unknownTexts(advice)),
    ...facts('assumed', assumedTexts(advice)),
  ];
  return [
    [adviceHeadline(advice, several), { kind: 'facts', facts: known }],
    [{ kind: 'choices', level: 4, choices: answers.map((answer) => choiceOf(answer, advice)) }],
    cutShort ? [{ kind: 'paragraph', text: CUT_SHORT }] : [],
  ];
}

/** The advice on a terminal: one column for all names of facts. */
export function adviceLayout(advice: Advice): Partial<Layout> {
  const languages = advice.answers
    .flatMap(({ changes }) => changes.flatMap((change) => wordsOf(change, advice.before.machine)))
    .map(({ language }) => language.length);
  return { names: 2 + Math.max('gives up'.length, ...languages), nameFace: 'dim', margin: 3, hang: 0 };
}
