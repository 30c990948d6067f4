/**
 * Stands in for vitest where tests judge mutants: it collects the tests of all files, so that each can be run by itself
 * and again and again in one process. What is expected is judged by vitest's own matchers.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import fc from 'fast-check';

type Body = (...values: unknown[]) => unknown;
type Options = { readonly timeout?: number } | number;

/** One test, and all that it takes to run it. */
export interface Judge {
  /** File, names of its groups, its own: unique. */
  readonly name: string;
  readonly run: () => unknown;
}

export const judges: Judge[] = [];

/** The mutant that is active, and how often its code was reached; instrumented code reads it. */
export let active = (globalThis as { __activeAtLoad?: number }).__activeAtLoad ?? -1;
let hits = 0;

export function activate(mutant: number): void {
  active = mutant;
  hits = 0;
}

const HIT_LIMIT = 2_000_000;

/** Called where the active mutant is; most mutants that never come to an end are ended here. */
export function hit(): true {
  if (++hits > HIT_LIMIT) throw new Error('the mutant does not come to an end');
  return true;
}

/** While it is set, instrumented code tells which mutants are reached. */
export let counting = (globalThis as { __countFromLoad?: boolean }).__countFromLoad ?? false;
let reachedNow = new Set<number>();

export function reach(...mutants: readonly number[]): true {
  for (const mutant of mutants) reachedNow.add(mutant);
  return true;
}

/** Begins to count, or ends it; returns the mutants that were reached since it was asked last. */
export function reached(goOn: boolean): Set<number> {
  const before = reachedNow;
  reachedNow = new Set();
  counting = goOn;
  return before;
}

/** A test may take this many milliseconds of CPU time; what it has not noticed by then it does not notice. */
let slice = Number.POSITIVE_INFINITY;
let began = 0;
let beganCpu = 0;
/** What has been expected in the test so far. */
let expected = 0;
let enough = false;

export function setSlice(milliseconds: number): void {
  slice = milliseconds;
}

/** Milliseconds of CPU time of this process. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs a test: null if it notices nothing, what it says otherwise. */
export async function judge({ run }: Judge): Promise<string | null> {
  enough = false;
  expected = 0;
  began = performance.now();
  beganCpu = cpuTime();
  try {
    await run();
    return null;
  } catch (error) {
    return enough ? null : String(error instanceof Error ? error.message : error);
  }
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

function expectation(value: unknown, message?: string): unknown {
  // Tests that take long before the first expectation judge by that one; the wall clock is quicker to ask.
  if (expected++ > 0 && performance.now() - began > slice && cpuTime() - beganCpu > slice) {
    enough = true;
    throw new Error('enough');
  }
  return chai.expect(value, message);
}
const globals = globalThis as unknown as Record<symbol, object>;
export const expect = Object.assign(expectation, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT]) as never;
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, configurable: true, writable: true });
(chai.expect as unknown as { extend: (to: object, matchers: object) => void }).extend(expect, customMatchers);
setState({ assertionCalls: 0, isExpectingAssertions: false } as never, expect);
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });

let path: string[] = [];
const taken = new Map<string, number>();

/** Tests that follow are those of this file. */
export function enter(file: string): void {
  path = [file];
}

function add(name: string, first: Body | Options, second?: Body | Options): void {
  const body = [first, second].find((each) => typeof each === 'function') as () => unknown;
  const full = [...path, name].join(' > ');
  const count = (taken.get(full) ?? 0) + 1;
  taken.set(full, count);
  judges.push({ name: count === 1 ? full : `${full} #${count}`, run: body });
}

function group(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

const words = (row: unknown): string => {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  const text = (typeof row === 'string' ? row : (JSON.stringify(row, plain) ?? String(row))).replaceAll(
    '\n',
    ' ',
  );
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

type Each = (
  rows: readonly unknown[],
) => (name: string, first: Body | Options, second?: Body | Options) => void;
type Adder = typeof add & { each: Each; skipIf: (no: boolean) => Adder; runIf: (yes: boolean) => Adder };

/** `test` or `describe`, with what hangs on it. */
function adder(one: (name: string, first: never, second?: never) => void): Adder {
  const each: Each = (rows) => (name, first, second) => {
    const body = [first, second].find((it) => typeof it === 'function') as Body;
    const asArguments = rows.every(Array.isArray);
    for (const row of rows) {
      const values = asArguments ? (row as unknown[]) : [row];
      one(`${name}: ${words(row)}`, (() => body(...values)) as never);
    }
  };
  const never = Object.assign(() => undefined, { each: () => () => undefined }) as unknown as Adder;
  const made: Adder = Object.assign(one as typeof add, {
    each,
    skipIf: (no: boolean): Adder => (no ? never : made),
    runIf: (yes: boolean): Adder => (yes ? made : never),
  });
  return made;
}

export const test = adder(add as never);
export const it = test;
export const describe = adder(group as never);
