/** Sequences of CPUs that go, tried with properties that stand in. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { type Progress, proved } from '../../../src/linux/proof/answer.ts';
import { searchSize, type Wanted } from '../../../src/linux/proof/search.ts';
import { FOUR, property, stateOf, subject } from './stand-ins.ts';

describe('sequences of a size', () => {
  async function search(size: number, more: Partial<Wanted> = {}, text = FOUR) {
    const at = await subject(text);
    const seen: string[] = [];
    const noted = property((online) => {
      seen.push(online);
      return null;
    });
    const budget = { left: 1000 };
    const candidates = CpuMask.parse('1-3', stateOf(at).stage.system.online.nbits);
    const wanted: Wanted = { property: noted, amount: 1, candidates, budget, symmetric: false, ...more };
    const searching = searchSize(stateOf(at), wanted, size);
    const steps: Progress[] = [];
    for (;;) {
      const next = searching.next();
      if (next.done) return { seen, steps, ...next.value, left: wanted.budget.left };
      steps.push(next.value);
    }
  }

  test('all orders, and how far it is', async () => {
    expect(await search(2)).toEqual({
      seen: ['0,3', '0,2', '0,3', '0-1', '0,2', '0-1'],
      steps: [1, 2, 3].map((done) => ({ property: 'no-io-hangs', size: 2, done, of: 3 })),
      sequence: null,
      complete: true,
      merged: false,
      left: 991,
    });
    expect((await search(3)).seen).toEqual(Array(6).fill('0'));
  });

  test('CPUs that are alike stand for each other unless that is unwanted', async () => {
    const alike = await search(2, { symmetric: true });
    expect([alike.seen, alike.merged, alike.left]).toEqual([['0,3'], true, 998]);
    const single = await search(
      2,
      { symmetric: true },
      `${FOUR}devices: [{ name: disk, driver: nvme, queues: 4 }]\n`,
    );
    expect([single.seen.length, single.merged]).toEqual([6, false]);
  });

  test('what an offline may change costs too', async () => {
    const many = `${FOUR}devices: [{ name: nic, driver: generic, managed: false, vectors: 64 }]\n`;
    // 16 interrupts on each CPU.
    expect((await search(1, {}, many)).left).toBeCloseTo(1000 - 3 - 3, 0);
  });

  test('the first that breaks it is told, and the machine is as it was', async () => {
    const last = property((online) => (online === '0-1' ? 'so it is' : null));
    const found = await search(2, { property: last });
    expect([found.sequence, found.complete, found.steps.length]).toEqual([[2, 3], true, 2]);
    const at = await subject(FOUR);
    const wanted = { property: last, amount: 1, candidates: CpuMask.parse('1-3', 4), budget: { left: 99 } };
    expect(proved(searchSize(stateOf(at), wanted, 2)).sequence).toBeNull();
    expect(`${stateOf(at).stage.system.online}`).toBe('0-3');
  });

  test('cut in the middle', async () => {
    const { seen, complete, sequence, left } = await search(2, { budget: { left: 4 } });
    expect([seen, complete, sequence, left]).toEqual([['0,3', '0,2'], false, null, 0]);
    const none = await search(1, { budget: { left: 0 } });
    expect([none.seen, none.complete, none.steps]).toEqual([[], false, []]);
    expect((await search(1, { budget: { left: 3 } })).complete).toBe(true);
  });

  test('CPUs that are offline already do not go', async () => {
    const { seen } = await search(1, {}, `${FOUR}events: [{ offline: 2 }]\n`);
    expect(seen).toEqual(['0,3', '0-1']);
  });

  const CROWDED = `${FOUR}devices: [{ name: nic, driver: generic, managed: false, vectors: 500 }]\n`;
  test('a refusal ends a sequence, or breaks what is about refusals', async () => {
    const quiet = await search(2, {}, CROWDED);
    expect([quiet.seen, quiet.sequence, quiet.left < 991]).toEqual([[], null, true]);
    const asked = await search(2, { property: property(() => 'never asked', { byRefusal: true }) }, CROWDED);
    expect([asked.sequence, asked.complete]).toEqual([[1, 2], true]);
    const fine = await search(2, { property: property(() => 'never asked', { byRefusal: true }) });
    // The second CPU of a sequence is asked for an answer only.
    expect([fine.sequence, fine.left]).toEqual([null, 991]);
    const early = await search(3, { property: property(() => null, { byRefusal: true }) }, CROWDED);
    expect(early.sequence).toEqual([1, 2]);
  });

  test('a sleeping machine refuses', async () => {
    const refusals = { property: property(() => null, { byRefusal: true }) };
    const { sequence } = await search(1, refusals, `${FOUR}events: [{ suspend: on }]\n`);
    expect(sequence).toBeNull();
  });
});
