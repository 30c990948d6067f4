/** Counts of the records of a run, and the exit code and the words that follow from them. */
import type { Verdict } from '../../findings/analyze.ts';
import { grouped } from '../../machine/limits.ts';
import type { BatchRecord } from '../../report/record.ts';
import { EXIT } from '../io.ts';
import type { FailOn } from '../verdict.ts';

export interface Tally {
  readonly records: number;
  readonly verdicts: { readonly pass: number; readonly warn: number; readonly fail: number };
  /** Records of verdict pass that have notes. */
  readonly noted: number;
  readonly errors: { readonly input: number; readonly internal: number };
}

export const EMPTY_TALLY: Tally = {
  records: 0,
  verdicts: { pass: 0, warn: 0, fail: 0 },
  noted: 0,
  errors: { input: 0, internal: 0 },
};

const ofError = (kind: keyof Tally['errors']): Tally => ({
  ...EMPTY_TALLY,
  records: 1,
  errors: { ...EMPTY_TALLY.errors, [kind]: 1 },
});

const ofVerdict = (verdict: Verdict, noted = 0): Tally => ({
  ...EMPTY_TALLY,
  records: 1,
  verdicts: { ...EMPTY_TALLY.verdicts, [verdict]: 1 },
  noted,
});

/** What one record can count, each made once: a message of many outcomes says the same one in a few bytes. */
const OF_ERROR = { input: ofError('input'), internal: ofError('internal') };
const OF_VERDICT = { pass: ofVerdict('pass'), warn: ofVerdict('warn'), fail: ofVerdict('fail') };
const NOTED = ofVerdict('pass', 1);

/** What one record counts. */
export function tallyOf({ verdict = 'pass', notes = 0, error }: BatchRecord): Tally {
  if (error) return OF_ERROR[error.kind];
  return verdict === 'pass' && notes > 0 ? NOTED : OF_VERDICT[verdict];
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    records: a.records + b.records,
    verdicts: {
      pass: a.verdicts.pass + b.verdicts.pass,
      warn: a.verdicts.warn + b.verdicts.warn,
      fail: a.verdicts.fail + b.verdicts.fail,
    },
    noted: a.noted + b.noted,
    errors: {
      input: a.errors.input + b.errors.input,
      internal: a.errors.internal + b.errors.internal,
    },
  };
}

/** The exit code: a bug comes before bad input, and that before findings at or above `failOn`. */
export function codeOf({ verdicts, noted, errors }: Tally, failOn: FailOn): number {
  if (errors.internal > 0) return EXIT.bug;
  if (errors.input > 0) return EXIT.badInput;
  const failed: Record<FailOn, number> = {
    error: verdicts.fail,
    warning: verdicts.fail + verdicts.warn,
    note: verdicts.fail + verdicts.warn + noted,
    never: 0,
  };
  return failed[failOn] > 0 ? EXIT.findings : EXIT.clean;
}

/** "1,234 records: 1,200 pass, 30 warn, 3 fail, 1 error" */
export function tallyText({ records, verdicts, errors }: Tally): string {
  const bad = errors.input + errors.internal;
  const { pass, warn, fail } = verdicts;
  return (
    `${grouped(records)} ${records === 1 ? 'record' : 'records'}: ${grouped(pass)} pass, ${grouped(warn)} warn, ` +
    `${grouped(fail)} fail, ${grouped(bad)} ${bad === 1 ? 'error' : 'errors'}`
  );
}
