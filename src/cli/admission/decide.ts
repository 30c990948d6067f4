/** From a review to the decision. */

import { inputNotUnderstood } from '../../findings/rules/imported/input-not-understood.ts';
import { count, type Finding, LEVELS } from '../../findings/rules/rule.ts';
import { judge } from '../../findings/triage/judge.ts';
import { kubevirt } from '../../formats/kubevirt/reader.ts';
import { InputError } from '../../machine/locate.ts';
import { machineOf, readSources } from '../../questions/source.ts';
import type { FailOn } from '../verdict.ts';
import type { Decision } from './decision.ts';
import type { Job } from './job.ts';
import { textOfObject } from './object-text.ts';
import type { Asked } from './review.ts';
import { subjectOf } from './subject.ts';
import { unjudged } from './unjudged.ts';
import { WARM_UP } from './warm-up.ts';
import { messageOf, warningsOf } from './words.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Named = Pick<Asked, 'kind' | 'namespace' | 'name'>;

/** Reasons that are written out: changes are worked out for these only. */
const SHOWN = 20;

const CODE = { code: 403, reason: 'Forbidden' } as const;

/** Throws InputError. */
async function findingsOf(
  object: Mapping,
  { namespace, name, kind }: Named,
  job: Job,
): Promise<readonly Finding[]> {
  const { stack, changes, settings, companions } = job;
  const bytes = new TextEncoder().encode(textOfObject(object, kind, companions));
  const sources = await readSources({ bytes, file: `${namespace}/${name}`, from: kubevirt.name, stack });
  return sources.flatMap((source) => judge(machineOf(source, changes), settings).findings);
}

/** The findings of an object, or why it cannot be read. */
type Read = { readonly findings: readonly Finding[] } | { readonly error: string };

async function read(object: Mapping, named: Named, job: Job): Promise<Read> {
  try {
    return { findings: await findingsOf(object, named, job) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Lines and columns are those of a text that nobody has seen.
    return { error: error.problems.map(({ message }) => message).join('; ') };
  }
}

/** What is wrong with a job itself: options that no machine can be read with. */
export async function problemWith(job: Job): Promise<string | undefined> {
  try {
    await findingsOf(WARM_UP, { kind: WARM_UP.kind, namespace: 'default', name: WARM_UP.metadata.name }, job);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.format();
    throw error;
  }
}

const COUNTED: readonly FailOn[] = LEVELS;

/** True for a finding that a machine does not pass with. */
function isReason({ rule, level }: Finding, { failOn, mode }: Job): boolean {
  if (rule === inputNotUnderstood.name && mode === 'closed' && level !== 'note') return true;
  return failOn !== 'never' && COUNTED.indexOf(level) <= COUNTED.indexOf(failOn);
}

/** What makes a finding of the object as it was the same one. */
const keyOf = ({ rule, devices, message }: Finding): string => JSON.stringify([rule, devices, message]);

/** The object as it was, where a request changes one. */
const objectBefore = ({ operation, oldObject }: Asked): Mapping | null =>
  operation === 'UPDATE' ? oldObject : null;

/** Reasons that the object as it was has not given already. */
async function brought(reasons: readonly Finding[], asked: Asked, job: Job): Promise<readonly Finding[]> {
  const object = objectBefore(asked);
  if (object === null || reasons.length === 0) return reasons;
  const before = await read(object, asked, job);
  const known = new Set('error' in before ? [] : before.findings.map(keyOf));
  return reasons.filter((one) => !known.has(keyOf(one)));
}

/** Whether the object as it was could not be read for the same reason. */
async function wasUnreadable(error: string, asked: Asked, job: Job): Promise<boolean> {
  const object = objectBefore(asked);
  const before = object && (await read(object, asked, job));
  return before !== null && 'error' in before && before.error === error;
}

const warningOf = ({ rule, message }: Finding): string => `irqsim: ${rule}: ${message}`;

function lineOf({ rule, level, message, cause }: Finding, fix: readonly string[]): string {
  const because = cause.length > 0 ? ` Because ${cause.join(', and ')}.` : '';
  const change = fix.length > 0 ? ` Change: ${fix.join('; or: ')}.` : '';
  return `${level} ${rule}: ${message}.${because}${change}`;
}

/** The decision by findings; `reasons` are those to deny, `told` those and what is warned of. */
function analysed(
  { uid }: Asked,
  told: readonly Finding[],
  reasons: readonly Finding[],
  fixes: boolean,
): Decision {
  const shown = reasons.slice(0, SHOWN).map((one) => lineOf(one, fixes ? one.fix : []));
  const head = `irqsim: ${count(reasons.length, 'reason')} to deny this:`;
  const message = messageOf([head, ...shown], reasons.length - shown.length);
  const denying = new Set(reasons);
  const warnings = warningsOf(told.filter((one) => !denying.has(one)).map(warningOf));
  return {
    answer: {
      uid,
      allowed: reasons.length === 0,
      ...(reasons.length > 0 && { status: { ...CODE, message } }),
      ...(warnings.length > 0 && { warnings }),
    },
    outcome: 'analysed',
    rules: [...new Set(told.map(({ rule }) => rule))],
  };
}

async function decideGuest(
  object: Mapping,
  asked: Asked,
  job: Job,
  early: (decision: Decision) => void,
): Promise<Decision> {
  const now = await read(object, asked, job);
  if ('error' in now) {
    const isClosed = job.mode === 'closed' && !(await wasUnreadable(now.error, asked, job));
    return unjudged(asked, 'unreadable', now.error, isClosed ? 'closed' : 'open');
  }
  const told = now.findings.filter((one) => one.level !== 'note' || isReason(one, job));
  const ours = told.filter((one) => isReason(one, job));
  const reasons = await brought(ours, asked, job);
  // To work out changes may take as long as many analyses.
  if (reasons.length > 0) early(analysed(asked, told, reasons, false));
  return analysed(asked, told, reasons, true);
}

/**
 * Decides about a review that was read. `early` has the decision as soon as it is known, where the changes to propose take
 * longer. An update is not denied for what the object as it was has too.
 */
export async function decide(asked: Asked, job: Job, early: (decision: Decision) => void): Promise<Decision> {
  const subject = subjectOf(asked);
  if (subject.is === 'strange') return unjudged(asked, 'strange', subject.why, job.mode);
  if (subject.is === 'guest') return decideGuest(subject.object, asked, job, early);
  return { answer: { uid: asked.uid, allowed: true }, outcome: 'nothing', rules: [] };
}
