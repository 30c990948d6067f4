/** Advice for other programs: content in, proved changes out. */
import type { Level } from '../../findings/rules/rule.ts';
import { type JudgeSettings, NO_SETTINGS } from '../../findings/triage/judge.ts';
import { contentSources, type ImportOptions, sourceAt } from '../import-machine.ts';
import { type Advice, advise } from './advise.ts';

/** What is wanted, and how the content is to be read. */
export interface AdviseRequest extends ImportOptions {
  /** Findings of this level and above have to go. Default error. */
  readonly level?: Level;
  /** Answers that are wanted at most, the cheapest first. Default 3. */
  readonly max?: number;
  /** Machines that may be analysed. Default: as many as take seconds. */
  readonly budget?: number;
  /** Which machine of the content, from 0. Default 0. */
  readonly index?: number;
  readonly settings?: JudgeSettings;
}

/**
 * Looks for the cheapest sets of changes after which no finding of the level is left; each answer is proved by an
 * analysis, and holds the changed content where that has a place for it. Throws InputError for content that is
 * wrong; RangeError for an `index` that is not there.
 */
export async function adviseMachine(
  content: string | Uint8Array,
  request: AdviseRequest = {},
): Promise<Advice> {
  const {
    level = 'error',
    max = 3,
    budget,
    index = 0,
    set = [],
    stack = {},
    defines,
    settings = NO_SETTINGS,
  } = request;
  const source = sourceAt(await contentSources(content, request), index);
  const text =
    typeof content === 'string' ? content : new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  return advise({ source, text, index, stack, defines, changes: set, settings }, { level, max, budget });
}
