/** What is sent back over HTTP, and what the log says of it: nothing of what an object holds but its name. */
import { visible } from '../../lib/visible.ts';
import type { Decision } from './decision.ts';
import { type Asked, NoReview, readReview, reviewText, statusText } from './review.ts';

export interface Reply {
  /** Status code of HTTP. */
  readonly code: number;
  /** JSON. */
  readonly text: string;
  /** For the log, by name. */
  readonly log: Readonly<Record<string, unknown>>;
}

/** Names of Kubernetes have 253 characters at most; others are not worth more. */
const NAME_LENGTH = 253;

const named = (text: string): string => visible(text.slice(0, NAME_LENGTH));

/** The answer to a review. */
export function reviewReply(asked: Asked, { answer, outcome, rules }: Decision): Reply {
  const { uid, operation, kind, namespace, name } = asked;
  return {
    code: 200,
    text: reviewText(answer),
    log: {
      uid: named(uid),
      operation: named(operation),
      kind: named(kind),
      namespace: named(namespace),
      name: named(name),
      outcome,
      allowed: answer.allowed,
      rules,
    },
  };
}

/** An error of HTTP. */
export const errorReply = (code: number, reason: string, message: string): Reply => ({
  code,
  text: statusText(code, reason, message),
  log: { outcome: 'refused', reason },
});

/** The review in a body, or what is replied where there is none. */
export function reviewIn(body: Uint8Array): { readonly asked: Asked } | { readonly reply: Reply } {
  try {
    return { asked: readReview(body) };
  } catch (error) {
    if (error instanceof NoReview) return { reply: errorReply(400, 'BadRequest', error.message) };
    throw error;
  }
}
