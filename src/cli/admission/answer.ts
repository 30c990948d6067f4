/** From the body of a request to the reply. */
import { decide } from './decide.ts';
import type { Job } from './job.ts';
import { type Reply, reviewIn, reviewReply } from './reply.ts';
import { BUG, unjudged } from './unjudged.ts';

/**
 * Answers a request. `early` has the reply as soon as it is known, where the rest takes longer; `bug` hears of what may not
 * happen. Never rejects.
 */
export async function answer(
  body: Uint8Array,
  job: Job,
  early: (reply: Reply) => void,
  bug: (error: unknown) => void,
): Promise<Reply> {
  const review = reviewIn(body);
  if ('reply' in review) return review.reply;
  const { asked } = review;
  try {
    return reviewReply(asked, await decide(asked, job, (decision) => early(reviewReply(asked, decision))));
  } catch (error) {
    bug(error);
    return reviewReply(asked, unjudged(asked, 'bug', BUG, job.mode));
  }
}
