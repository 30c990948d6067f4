/**
 * What a change is: something a person can do to a machine, said as intents, as assignments to its description
 * and in the words of each product. Families make changes from an analysis.
 */

import { PRODUCT_LANGUAGES } from '../../formats/formats.ts';
import type { Intent } from '../../formats/intent.ts';
import type { Stack } from '../../formats/stack.ts';
import type { Analysis } from '../analysis.ts';
import { assignments, type Description } from './parts/assignments.ts';
import type { Cost } from './parts/costs.ts';

/** Who is told: a product whose configuration changes, or a place that all products share. */
export const LANGUAGES = [
  ...PRODUCT_LANGUAGES,
  'hypervisor',
  'host',
  'firmware',
  'hardware',
  'device',
  'kernel',
  'kernel parameters',
  'crash kernel',
  'kernel configuration',
] as const;
export type Language = (typeof LANGUAGES)[number];

export type Wording = Readonly<Partial<Record<Language, readonly string[]>>>;

/** One change that a person can make, with its cost and its words for each product. */
export interface Change extends Cost {
  /** Name of the remedy that it is. */
  readonly remedy: string;
  /** The thing it changes: a set of changes changes a thing once. */
  readonly about: string;
  /** One of several degrees of the same thing: once a lower degree is enough, a higher one is no answer. */
  readonly degree: boolean;
  /** What to do, as a sentence without a full stop. */
  readonly title: string;
  readonly intents: readonly Intent[];
  /** The same as `--set` assignments on the description as it was before this change. */
  readonly sets: readonly string[];
  readonly wording: Wording;
  /** What it comes to in a description, where that is not what the intents say: another version, say. */
  readonly brings: readonly Intent[] | null;
  /** What the machine has less of afterwards; null: nothing. */
  readonly givesUp: string | null;
}

/** A machine on the way, as the remedies see it. */
export interface Context {
  readonly analysis: Analysis;
  readonly description: Description;
  /** Name of the reader. */
  readonly format: string;
  /** Versions that were asked for; what is not there has its default. */
  readonly stack: Stack;
  /** Rules whose findings have to go. */
  readonly inTheWay: ReadonlySet<string>;
}

/** A change before its cost and its assignments are filled in. */
export interface Draft {
  readonly about: string;
  readonly title: string;
  readonly cost: Cost;
  readonly intents: readonly Intent[];
  readonly wording: Wording;
  readonly degree?: boolean;
  readonly brings?: readonly Intent[];
  readonly givesUp?: string | null;
}

export interface Remedy {
  readonly name: string;
  /** What it changes, for "tried:". */
  readonly title: string;
  /** Rules whose findings it can take away; it is asked only when one of them is in the way. */
  readonly cures: readonly string[];
  /** Changes that make sense on this machine, the likeliest first. Pure. */
  readonly changes: (context: Context) => readonly Draft[];
}

/** Another version of a product: what it brings is read from the configuration anew, where there is one. */
function isVersion({ intents }: Pick<Draft, 'intents'>): boolean {
  return intents.some(({ kind }) => kind === 'stack');
}

/** Intents that do to a description what a change does. */
export function describedBy({ intents, brings }: Pick<Change, 'intents' | 'brings'>): readonly Intent[] {
  return brings === null || isVersion({ intents }) ? intents : brings;
}

/** The changes of one remedy on one machine. */
export function changesOf(remedy: Remedy, context: Context): readonly Change[] {
  return remedy.changes(context).map(({ cost, degree, givesUp, brings, ...draft }) => ({
    ...draft,
    ...cost,
    remedy: remedy.name,
    degree: degree ?? false,
    brings: brings ?? null,
    givesUp: givesUp ?? null,
    sets: assignments(describedBy({ intents: draft.intents, brings: brings ?? null }), context.description),
  }));
}
