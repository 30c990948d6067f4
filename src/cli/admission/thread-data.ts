/** What a thread is given at its start that decides about reviews, and what is said between it and the pool. */
import type { Job } from './job.ts';
import type { Reply } from './reply.ts';

export const FOR_ADMISSION = 'admission';

export interface ThreadData {
  readonly serves: typeof FOR_ADMISSION;
  readonly job: Job;
}

/** True for the data of such a thread. */
export const isForAdmission = (data: unknown): boolean =>
  (data as Partial<ThreadData> | null)?.serves === FOR_ADMISSION;

/** What a thread is sent. */
export interface Sent {
  readonly number: number;
  readonly body: Uint8Array;
  /** The day, as 2027-03-31. */
  readonly today: string | undefined;
}

/** What it says: that it can begin, or why it cannot; then replies, and an early one stands if no other comes in time. */
export type Said =
  | 'ready'
  | { readonly refused: string }
  | { readonly number: number; readonly isEarly: boolean; readonly reply: Reply };
