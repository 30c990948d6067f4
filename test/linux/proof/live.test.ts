/** What lasts from a description's events to the proofs that go on from there. */
import { describe, expect, test } from 'vitest';
import { countSets } from '../../../src/linux/proof/answer.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { readText } from '../../helpers.ts';

const FOUR = 'kernel: "6.1"\nhpet: off\ntopology: { cores: 2, threads: 2 }\n';

const stageOf = async (events: string, more = '') => {
  const { stage } = bringToLife(await readText(`${FOUR}${more}events: [${events}]\n`));
  if (!stage) throw new Error('the kernel panics');
  return { crashed: stage.crashed, frozen: stage.frozen !== null, smtOff: stage.smtOff };
};
const AWAKE = { crashed: false, frozen: false, smtOff: false };

describe('the stage', () => {
  test.each<[string, object, string]>([
    ['{ offline: 1 }', AWAKE, ''],
    ['{ suspend: on }', { ...AWAKE, frozen: true }, ''],
    ['{ suspend: on }, { offline: 1 }', { ...AWAKE, frozen: true }, ''],
    ['{ suspend: on }, { resume: on }', AWAKE, ''],
    ['{ smt: off }', { ...AWAKE, smtOff: true }, ''],
    ['{ smt: off }, { smt: on }', AWAKE, ''],
    ['{ smt: off }, { smt: off }', { ...AWAKE, smtOff: true }, ''],
    ['{ smt: on }', AWAKE, ''],
    ['{ smt: off }, { suspend: on }, { resume: on }', { ...AWAKE, smtOff: true }, ''],
    // It sleeps: the write is refused.
    ['{ suspend: on }, { smt: off }, { resume: on }', AWAKE, ''],
    ['{ smt: on }', { ...AWAKE, smtOff: true }, 'cmdline: nosmt=force\n'],
    ['{ offline: 0 }', AWAKE, ''],
    // The last CPU for tasks is taken down.
    ['{ offline: "1-3" }', { ...AWAKE, crashed: true }, 'cmdline: isolcpus=domain,0\n'],
  ])('after %s', async (events, expected, more) => {
    expect(await stageOf(events, more)).toEqual(expected);
  });

  test('of a kernel that panics is none', async () => {
    expect(bringToLife(await readText('cpus: [{ apicId: 300 }]\n')).stage).toBeNull();
  });
});

test.each([
  [4, 0, 4, 16n],
  [4, 1, 2, 10n],
  [4, 2, 2, 6n],
  [4, 3, 9, 5n],
  [4, 5, 9, 0n],
  [0, 0, 0, 1n],
  [70, 35, 35, 112186277816662845432n],
])('of %i CPUs there are sets of %i to %i: %s', (n, from, to, count) => {
  expect(countSets(n, from, to)).toBe(count);
});
