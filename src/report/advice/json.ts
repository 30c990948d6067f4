/**
 * The advice as JSON, schemaVersion 1; one object for one machine, an array for several. Fields are only added.
 *
 * - `machine`: name, source, format (of the reader), kernel, platform; `level`: findings of it and above must go
 * - `status`: `nothing-to-fix`, `advised`, `no-change-helps`, or `not-found` (the budget ended the search)
 * - `before`: the summary as in the report of `analyze`, without what the description expects
 * - `unknown`: CPUs whose APIC IDs nobody knows, as a list; `assumed`: what the input does not tell, as texts
 * - `inTheWay`, `aboutWriting`: findings (rule, level, message); the second are about `expect` and suppressions,
 *   which no change to the machine concerns
 * - `answers`, cheapest first: `cost` (sum), `changes` (family, title, cost, costs in words, givesUp or null,
 *   intents, and wording: language → lines to paste), `sets` and `stack` (the same as options --set and --stack;
 *   `setsProve`: they alone prove it), `after` (the summary), `brings` (CPUs usable and queues gained and lost, and a sentence),
 *   `findings` (rules gone, come and left), `file`: null, or titles of what can be `written` and what is `elsewhere`
 * - `nearest`: null, or the titles of the changes that leave least, and what `stays` with the reason
 * - `tried`: family, title, number of changes; `runs`: machines analysed; `cutShort`: the budget ended the search
 */

import type { Change } from '../../findings/remedies/remedy.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import type { Intent } from '../../formats/intent.ts';
import { jsonText } from '../../lib/json-text.ts';
import { pathText } from '../../machine/locate.ts';
import type { Advice, Answer } from '../../questions/advise/advise.ts';
import { documentHead, jsonFrame } from '../json.ts';
import { framedTexts } from '../reporter.ts';
import type { AdviceStyle, AdviceWriter } from './style.ts';
import { gainsOf, unknownCpus } from './words.ts';

const findingObject = ({ rule, level, message }: Finding) => ({ rule, level, message });

/** Paths as text, as everywhere in reports. */
function intentObject(intent: Intent): object {
  if (intent.kind === 'value') return { ...intent, path: pathText(intent.path) };
  if (intent.kind === 'queues' || intent.kind === 'vectors') {
    return { ...intent, device: pathText(intent.device) };
  }
  return intent;
}

const changeObject = ({ remedy, title, cost, costs, givesUp, intents, wording }: Change) => ({
  family: remedy,
  title,
  cost,
  costs,
  givesUp,
  intents: intents.map(intentObject),
  wording,
});

function answerObject(answer: Answer): object {
  const { cost, changes, sets, stack, setsProve, difference, file } = answer;
  const { usable, queues, findings, after } = difference;
  const titles = (list: readonly Change[]) => list.map(({ title }) => title);
  return {
    cost,
    changes: changes.map(changeObject),
    sets,
    stack,
    setsProve,
    after: after.summary,
    brings: { cpus: usable, queues, text: gainsOf(answer) },
    findings: {
      gone: findings.gone.map(({ rule }) => rule),
      came: findings.came.map(({ rule }) => rule),
      left: after.findings.map(findingObject),
    },
    file: file && { written: titles(file.written), elsewhere: titles(file.elsewhere) },
  };
}

/** The advice on one machine as a plain object. */
export function adviceObject(advice: Advice, version: string): object {
  const { subject, level, status, before, answers, nearest, tried, runs, cutShort } = advice;
  const { name, source, kernel, platform } = before.machine;
  return {
    ...documentHead(version),
    machine: { name, source, format: subject.source.format, kernel: kernel.text, platform },
    level,
    status,
    before: before.summary,
    unknown: unknownCpus(advice).toString(),
    assumed: before.machine.imported?.assumptions.map(({ text }) => text) ?? [],
    inTheWay: advice.inTheWay.map(findingObject),
    aboutWriting: advice.aboutWriting.map(findingObject),
    answers: answers.map(answerObject),
    nearest: nearest && {
      changes: nearest.changes.map(({ title }) => title),
      stays: nearest.stays.map(({ finding, reason }) => ({ ...findingObject(finding), reason })),
    },
    tried: tried.map(({ remedy, ...rest }) => ({ family: remedy, ...rest })),
    runs,
    cutShort,
  };
}

export function jsonAdvice({ several, version }: AdviceStyle): AdviceWriter {
  const texts = framedTexts(jsonFrame(several ? 2 : 1));
  return {
    add: (advice) => texts.add(jsonText(adviceObject(advice, version), 2)),
    end: texts.end,
  };
}
