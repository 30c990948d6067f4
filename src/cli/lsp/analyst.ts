/** Who answers questions about texts: a thread for users, whoever a test puts there. */
import type { About, Answers, Asked } from '../../lsp/protocol.ts';

export interface Analyst {
  /** Rejects with {@link NoAnswer}, also once `signal` is aborted. */
  readonly ask: <A extends About>(asked: Asked<A>, signal: AbortSignal) => Promise<Answers[A]>;
  readonly end: () => void;
}

/** A question that stays without an answer. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  /** Nobody wants it any more. */
  readonly isCancelled: boolean;

  constructor(message: string, isCancelled = false) {
    super(message);
    this.isCancelled = isCancelled;
  }
}

export const cancelled = (): NoAnswer => new NoAnswer('cancelled', true);
