/** Takes outcomes in order: writes, hashes, counts and watches them, and tells of the first errors. */
import type { StaleWatch } from '../../findings/triage/stale-in-run.ts';
import type { Io } from '../io.ts';
import { isError, itemsOf } from './outcomes.ts';
import type { Output } from './output.ts';
import type { Outcome } from './process.ts';
import type { Progress } from './resume.ts';
import { addTallies } from './tally.ts';

/** Errors that standard error tells of; all are in the output. */
const COMPLAINTS = 5;

export interface Recorder {
  /** True: nothing more is wanted. Throws UsageError if it cannot be written. */
  readonly deliver: (outcomes: readonly Outcome[]) => Promise<boolean>;
  /** The outcome that ended the run, which is not written. */
  readonly refused: () => Outcome | undefined;
}

function complainer(err: Io['err']): (outcome: Outcome) => void {
  let told = 0;
  return ({ complaint }) => {
    if (complaint === undefined || told > COMPLAINTS) return;
    err(`${told === COMPLAINTS ? 'and more errors: see the records' : complaint}\n`);
    told++;
  };
}

/** Those who see the outcomes that are written. */
export interface Witnesses {
  /** Grows as outcomes are written. */
  readonly progress: Progress;
  readonly stale: StaleWatch;
}

/** `stopAtError`: the first error is not written, and ends the run. */
export function recorder(
  output: Output,
  { progress, stale }: Witnesses,
  stopAtError: boolean,
  err: Io['err'],
): Recorder {
  const complain = complainer(err);
  let refused: Outcome | undefined;
  return {
    refused: () => refused,
    async deliver(outcomes) {
      const end = stopAtError ? outcomes.findIndex(isError) : -1;
      const written = end < 0 ? outcomes : outcomes.slice(0, end);
      refused = outcomes[end];
      const bytes = Buffer.from(written.map(({ text }) => text).join(''));
      if (bytes.length > 0 && !(await output.write(bytes))) return true;
      progress.items += itemsOf(written);
      progress.hash.update(bytes);
      progress.bytes += bytes.length;
      progress.tally = written.reduce((sum, { tally }) => addTallies(sum, tally), progress.tally);
      for (const trace of written.flatMap(({ traces = [] }) => traces)) stale.see(trace);
      for (const outcome of end < 0 ? written : outcomes.slice(0, end + 1)) complain(outcome);
      return refused !== undefined;
    },
  };
}
