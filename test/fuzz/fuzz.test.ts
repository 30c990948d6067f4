/** A short run of the fuzzer, the same every time; `npm run fuzz` plays millions. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../built.ts';
import { allTargets, type Fault, failureOf, inputOf, play } from './play.ts';
import { reduced } from './reduce.ts';
import { count, emptyTally, tableOf, totals } from './tally.ts';
import type { Target } from './target.ts';

const SEED = 20201008;
const INPUTS = 150;
let targets: readonly Target[];

beforeAll(async () => {
  targets = await allTargets(join(ROOT, 'test/captures'));
});

test('nothing but input errors, in bounds; at least half of the inputs are accepted', async () => {
  const tally = emptyTally();
  const faults: (Fault | undefined)[] = [];
  for (let index = 0; index < INPUTS; index++) {
    const played = await play(targets, SEED, index);
    count(tally, played, played.ms);
    faults.push(played.fault);
  }
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  const { inputs, accepted } = totals(tally);
  expect(inputs).toBe(INPUTS);
  expect(accepted).toBeGreaterThan(INPUTS / 2);
  expect(tableOf(tally, 1)).toMatch(
    /^150 inputs, \d+ % accepted, 150 a second, [\d.]+ ms of CPU time each, 0 faults/m,
  );
});

test('every input can be made again from its number', () => {
  for (let index = 0; index < 50; index++)
    expect(inputOf(targets, SEED, index).input).toBe(inputOf(targets, SEED, index).input);
});

describe('an input that fails', () => {
  const target: Target = {
    name: 'x',
    weight: 1,
    make: () => '',
    run: (input) => (input.includes('bad') ? Promise.reject(new Error('a bug')) : Promise.resolve(true)),
  };

  test('is a fault', async () => {
    expect((await failureOf(target, 'a bad one', 1, 1)).error).toEqual(new Error('a bug'));
    expect(await failureOf(target, 'a good one', 1, 1)).toEqual({ isAccepted: true });
  });

  test('is reduced to what makes it fail', async () => {
    const input = `${'line\n'.repeat(20)}here is a bad word${'\nline'.repeat(20)}`;
    expect(await reduced(target, input, 1, 1)).toBe('bad');
  });
});
