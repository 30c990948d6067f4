/** What is replied where no thread could decide. */
import { WHY, type Why } from './decision.ts';
import type { FailMode } from './job.ts';
import { errorReply, type Reply, reviewIn, reviewReply } from './reply.ts';
import type { Asked } from './review.ts';
import { subjectOf } from './subject.ts';
import { unjudged } from './unjudged.ts';

/** Why there is no decision: in the log's word, and to whom made the object. */
export interface Without {
  readonly why: Why;
  readonly text: string;
}

/** Bytes that are parsed here, where all requests wait for it: lists in lists take long. */
const PARSED = 256 * 1024;

/** A review as the API server writes it: who asked is in its head. */
const HEAD =
  /^\{"kind":"AdmissionReview","apiVersion":"admission\.k8s\.io\/v1","request":\{"uid":"([\w-]{1,256})"/;
const HEAD_BYTES = 512;

/** A review of which nothing is known but who asked. */
function headOf(body: Uint8Array): Asked | undefined {
  const uid = HEAD.exec(Buffer.from(body.subarray(0, HEAD_BYTES)).toString('latin1'))?.[1];
  if (uid === undefined) return undefined;
  const unknown = { operation: '', group: '', kind: '', subresource: '', namespace: '', name: '' };
  return { uid, ...unknown, object: null, oldObject: null };
}

/** The reply without a decision; an error of HTTP where nobody can say in short whom to answer. */
export function replyWithout(body: Uint8Array, { why, text }: Without, mode: FailMode): Reply {
  if (body.length > PARSED) {
    const { code, reason } = WHY[why];
    const asked = headOf(body);
    return asked ? reviewReply(asked, unjudged(asked, why, text, mode)) : errorReply(code, reason, text);
  }
  const review = reviewIn(body);
  if ('reply' in review) return review.reply;
  const { asked } = review;
  return subjectOf(asked).is === 'none'
    ? reviewReply(asked, { answer: { uid: asked.uid, allowed: true }, outcome: 'nothing', rules: [] })
    : reviewReply(asked, unjudged(asked, why, text, mode));
}
