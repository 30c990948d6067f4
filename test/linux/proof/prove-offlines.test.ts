/** What becomes of closed forms, searches and counterexamples in answers, with properties that stand in. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { proved } from '../../../src/linux/proof/answer.ts';
import type { Bound, Property } from '../../../src/linux/proof/property.ts';
import { proveOfflines } from '../../../src/linux/proof/prove-offlines.ts';
import type { OfflineQuestion } from '../../../src/linux/proof/question.ts';
import type { Subject } from '../../../src/linux/proof/subject.ts';
import { offlines } from '../../../src/linux/proof/usable-cpus.ts';
import { textOf } from './asked.ts';
import { ASKED, FOUR, property, stateOf, subject } from './stand-ins.ts';

describe('answers', () => {
  async function answer(
    made: Property,
    more: Partial<OfflineQuestion> & { candidates?: string } = {},
    at?: Subject,
  ): Promise<string[]> {
    const its = at ?? (await subject(FOUR));
    const candidates = CpuMask.parse(more.candidates ?? '1-3', stateOf(its).stage.system.online.nbits);
    const threat = { facts: its.facts, candidates, plugs: [] };
    const question = { asked: ASKED, property: made, threat, most: null, budget: { left: 1000 }, ...more };
    const found = proved(proveOfflines(its, question));
    return [...textOf(found), ...found.because];
  }
  const bound = (fewest: number, ...tries: number[][]): Partial<Property> => ({
    bound: (): Bound => ({ fewest, tries: tries.map(offlines), because: ['of a form'] }),
  });
  const WITHOUT_2 = (online: string) => (online === '0-3' || online.includes('2') ? null : 'CPU 2 is gone');

  test('by search, where no form applies or it is unwanted', async () => {
    const tried = 'every order was tried, of CPUs that are alike one';
    expect(await answer(property((online) => (online === '0-3' ? null : 'gone')))).toEqual([
      'fails by symmetry, 0 of 0 CPUs, 1',
      'offline 1: gone',
      tried,
    ]);
    const none = property(() => null, { bound: () => null });
    expect(await answer(none)).toEqual(['holds by symmetry, 3 of 3 CPUs, 7', tried]);
    const each = 'every set was tried in every order';
    const wrong = property(() => null, bound(1, [1]));
    expect(await answer(wrong, { without: ['closed-form', 'symmetry'] })).toEqual([
      'holds by exhaustive, 3 of 3 CPUs, 7',
      each,
    ]);
    expect(await answer(wrong, { without: ['symmetry'], most: 2 })).toEqual([
      'holds by exhaustive, 2 of null CPUs, 6',
      each,
    ]);
    expect(
      await answer(
        property(() => null),
        { most: 9 },
      ),
    ).toEqual(['holds by symmetry, 9 of null CPUs, 7', tried]);
    expect(await answer(property(WITHOUT_2), { without: ['symmetry'] })).toEqual([
      'fails by exhaustive, 0 of 0 CPUs, 1',
      'offline 2: CPU 2 is gone',
      each,
    ]);
  });

  test('by a form whose smallest set is confirmed', async () => {
    const two = property((online) => (online === '0,3' ? 'both are gone' : null), bound(2, [1, 3], [1, 2]));
    const shown = 'offline 1,2: both are gone';
    expect(await answer(two)).toEqual(['holds by closed-form, 1 of 1 CPUs, 3', shown, 'of a form']);
    expect(await answer(two, { most: 1 })).toEqual(['holds by closed-form, 1 of null CPUs, 3', 'of a form']);
    expect(await answer(two, { most: 2 })).toEqual([
      'fails by closed-form, 2 of null CPUs, 4',
      shown,
      'of a form',
    ]);
    expect(await answer(property(() => null, bound(Number.POSITIVE_INFINITY)))).toEqual([
      'holds by closed-form, 3 of 3 CPUs, 7',
      'of a form',
    ]);
  });

  test('sets from the bound on are searched where none is confirmed', async () => {
    const seen: string[] = [];
    const made = property(
      (online) => {
        seen.push(online);
        return null;
      },
      bound(2, [1, 2]),
    );
    expect((await answer(made, { without: ['symmetry'] }))[0]).toBe('holds by exhaustive, 3 of 3 CPUs, 7');
    expect(seen.filter((online) => online === '0-3')).toHaveLength(1);
    expect(seen.filter((online) => online === '0').length).toBe(6);
    expect(seen.filter((online) => online === '0,2-3')).toHaveLength(0);
  });

  test('larger sets are tried when the search is cut and so many may go', async () => {
    const all = property((online) => (online === '0' ? 'all are gone' : null), bound(2, [1, 2, 3]));
    const cut = 'sets of 2 CPUs and more are not covered: the budget is used up';
    const budget = () => ({ left: 0 });
    expect(await answer(all, { budget: budget() })).toEqual([
      'unknown by closed-form, 1 of null CPUs, 3',
      'of a form',
      cut,
    ]);
    expect(await answer(all, { budget: budget(), most: 2 })).toEqual([
      'unknown by closed-form, 2 of null CPUs, 3',
      'of a form',
      cut,
    ]);
    expect(await answer(all, { budget: budget(), most: 3 })).toEqual([
      'fails by closed-form, 3 of null CPUs, 4',
      'offline 1,2,3: all are gone (perhaps not the smallest)',
      'of a form',
    ]);
    expect(
      await answer(
        property(() => null, bound(2, [1, 2, 3])),
        { budget: budget(), most: 3 },
      ),
    ).toEqual(['unknown by closed-form, 3 of null CPUs, 3', 'of a form', cut]);
  });

  test('cut after a size that was searched', async () => {
    const cut = 'sets of 2 CPUs and more are not covered: it was stopped';
    const stopped = { left: 3, stopped: true } as const;
    expect(
      await answer(
        property(() => null),
        { budget: { ...stopped }, without: ['symmetry'] },
      ),
    ).toEqual(['unknown by exhaustive, 1 of null CPUs, 3', 'every set was tried in every order', cut]);
  });

  test('what is found and not confirmed is unknown', async () => {
    const shy = property((online, again) => (again || online !== '0,3' ? null : 'here'));
    expect(await answer(shy, { without: ['symmetry'] })).toEqual([
      'unknown by exhaustive, 1 of null CPUs, 3',
      'every set was tried in every order',
      'sets of 2 CPUs and more are not covered: a counterexample was not confirmed',
    ]);
  });

  test('a counterexample is written with as few events as break it', async () => {
    const breaksAfter = (count: number, ...cpus: number[]) => {
      let left = count;
      return property((online) => (online === '0-3' || left-- > 0 ? null : 'gone'), bound(cpus.length, cpus));
    };
    const shown = async (made: Property) => (await answer(made))[1];
    expect(await shown(breaksAfter(0, 3, 1))).toBe('offline 1,3: gone');
    expect(await shown(breaksAfter(1, 3, 1))).toBe('offline 3, offline 1: gone');
    expect(await shown(breaksAfter(1, 1, 3))).toBe('offline 1,3: gone');
    expect(await shown(breaksAfter(2, 1, 3))).toBe('offline 1, offline 3: gone');
    expect(await shown(breaksAfter(0, 2))).toBe('offline 2: gone');
  });

  const KEPT = `${FOUR}cmdline: isolcpus=domain,0-1\n`;
  test('a kernel that may crash as the last CPU goes that isolcpus= leaves', async () => {
    const crash =
      'offline 2,3: the kernel crashes: CPU 3 is the last online CPU that isolcpus= leaves to the scheduler';
    const old = await subject(KEPT, '6.1');
    const never = property(() => null, bound(Number.POSITIVE_INFINITY));
    expect((await answer(never, {}, old)).slice(0, 2)).toEqual([
      'holds by closed-form, 1 of 1 CPUs, 3',
      crash,
    ]);
    expect((await answer(never, { candidates: '1-2' }, old)).slice(0, 2)).toEqual([
      'holds by closed-form, 2 of 2 CPUs, 3',
      'of a form',
    ]);
    const sooner = property((online) => (online === '0-3' ? null : 'gone'), bound(1, [1]));
    expect((await answer(sooner, {}, old))[1]).toBe('offline 1: gone');
    const asSoon = property((online) => (online === '0-3' ? null : 'gone'), bound(2, [1, 2]));
    expect((await answer(asSoon, {}, old))[1]).toBe(crash);
    const gone = await subject(`${KEPT}events: [{ offline: 2 }]\n`, '6.1');
    expect((await answer(never, {}, gone))[1]).toContain('offline 3: the kernel crashes');
  });
});
