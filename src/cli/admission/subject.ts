/** What a review is about: a guest to analyse, nothing that has one, or something that irqsim does not know. */
import { SPECS } from '../../formats/kubevirt/guest.ts';
import { isMapping } from '../../formats/text/values.ts';
import { isKeyOf } from '../../lib/lookup.ts';
import { listWords } from '../../lib/words.ts';
import type { Asked } from './review.ts';

/** Kinds whose guest is analysed. */
export const KINDS = Object.keys(SPECS);

/** Operations that bring an object. */
const BRINGING: readonly string[] = ['CREATE', 'UPDATE'];
/** Operations that bring none: allowed at once. */
const BRINGS_NOTHING: readonly string[] = ['DELETE', 'CONNECT'];
/** Subresources through which no guest changes. */
const WITHOUT_GUEST: readonly string[] = ['status', 'scale'];

const GROUP = /^(?:[\w.-]+\.)?kubevirt\.io$/;

export type Subject =
  | { readonly is: 'guest'; readonly object: Readonly<Record<string, unknown>> }
  /** There is nothing to analyse. */
  | { readonly is: 'none' }
  /** Why nothing is known of it. */
  | { readonly is: 'strange'; readonly why: string };

const strange = (why: string): Subject => ({ is: 'strange', why });

/** Names of Kubernetes, for messages. */
const shown = (name: string): string => (name === '' ? 'none' : name.slice(0, 60));

/** An object that is being deleted waits for its finalizers only: who removes one must not be stopped. */
function isBeingDeleted(object: Readonly<Record<string, unknown>>): boolean {
  const { metadata } = object;
  return (
    isMapping(metadata) && typeof metadata.deletionTimestamp === 'string' && metadata.deletionTimestamp !== ''
  );
}

export function subjectOf({ operation, group, kind, subresource, object }: Asked): Subject {
  if (BRINGS_NOTHING.includes(operation)) return { is: 'none' };
  if (!BRINGING.includes(operation)) return strange(`the operation ${shown(operation)} is not known`);
  if (!GROUP.test(group) || !isKeyOf(SPECS, kind))
    return strange(`the kind is ${shown(kind)}; known are ${listWords(KINDS, 'and')} of kubevirt.io`);
  if (WITHOUT_GUEST.includes(subresource)) return { is: 'none' };
  if (subresource !== '') return strange(`the subresource ${shown(subresource)} is not known`);
  if (object === null) return strange('the request has no object');
  if (object.kind !== undefined && object.kind !== kind)
    return strange(`the object is of another kind than the request says, which is ${kind}`);
  if (operation === 'UPDATE' && isBeingDeleted(object)) return { is: 'none' };
  return { is: 'guest', object };
}
