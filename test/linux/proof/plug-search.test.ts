/** CPUs that go and that come, tried with properties that stand in. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { type Progress, proved } from '../../../src/linux/proof/answer.ts';
import { searchWithPlugs } from '../../../src/linux/proof/plug-search.ts';
import { plugsOf } from '../../../src/linux/proof/plugs.ts';
import type { Property, State } from '../../../src/linux/proof/property.ts';
import { proveOfflines } from '../../../src/linux/proof/prove-offlines.ts';
import type { OfflineQuestion } from '../../../src/linux/proof/question.ts';
import { textOf } from './asked.ts';
import { ASKED, SLOTS, stateOf, subject } from './stand-ins.ts';

describe('CPUs that come', () => {
  async function tried(
    kernel: string,
    from: number,
    most: number,
    more: Partial<Property> = {},
    left = 1e6,
    text = SLOTS,
  ) {
    const at = await subject(text, kernel);
    const { stage } = stateOf(at);
    const seen: string[] = [];
    const noted: Property = {
      name: 'no-io-hangs',
      fault: (state) => {
        const { online, enumeration } = state.stage.system;
        const ids = enumeration.cpus.flatMap(({ present, apicId }) => (present ? (apicId ?? []) : []));
        seen.push(`${online}:${ids.join()}`);
        return null;
      },
      ...more,
    };
    const threat = {
      facts: at.facts,
      candidates: CpuMask.parse('1', stage.system.online.nbits),
      plugs: plugsOf(stage),
    };
    const budget = { left };
    const question = { asked: ASKED, property: noted, threat, most: null, budget };
    const searching = searchWithPlugs(at, stateOf(at), question, from, most);
    const steps: Progress[] = [];
    for (;;) {
      const next = searching.next();
      if (next.done) return { seen, steps, ...next.value, used: left - budget.left };
      steps.push(next.value);
    }
  }

  test('each once, in every order, with those that go', async () => {
    const known = await tried('6.12', 0, 1);
    expect(known.seen).toEqual([
      '0-1:0,1',
      '0-2:0,1,2',
      '0-1:0,1,300',
      '0-2:0,1,2,300',
      '0-2:0,1,2,300',
      '0:0,1',
      '0,2:0,1,2',
      '0:0,1,300',
      '0,2:0,1,2',
      '0:0,1,300',
      ...Array(2).fill('0,2:0,1,2,300'),
      ...Array(4).fill('0,2:0,1,2,300'),
    ]);
    expect([known.events, known.complete, known.used]).toEqual([null, true, 16 * 20]);
    expect(known.steps).toEqual([0, 1].map((size) => ({ property: 'no-io-hangs', size, done: size, of: 1 })));
    expect((await tried('6.12', 1, 1)).seen).toEqual(known.seen.slice(5));
  });

  test('an older kernel gives them the next number', async () => {
    const { seen } = await tried('6.1', 0, 0);
    expect(seen).toEqual(['0-1:0,1', '0-2:0,1,2', '0-1:0,1,300', '0-2:0,1,2,300', '0-1,3:0,1,300,2']);
  });

  test('where firmware lists no ID, any free one, each once', async () => {
    const text = 'platform: kvm\ncpus: [{ apicId: "0-1" }]\ncmdline: possible_cpus=4\n';
    const { seen } = await tried('6.1', 0, 0, {}, 1e6, text);
    const [low, high, both, turned] = ['0-2:0,1,2', '0-1:0,1,256', '0-2:0,1,2,256', '0-1,3:0,1,256,2'];
    expect(seen).toEqual(['0-1:0,1', low, high, low, high, both, turned, both, turned]);
  });

  test('cut in the middle', async () => {
    const cut = await tried('6.12', 0, 1, {}, 45);
    expect([cut.seen.length, cut.complete, cut.events, cut.used]).toEqual([2, false, null, 40]);
    expect((await tried('6.12', 0, 0, {}, 100)).complete).toBe(true);
    expect((await tried('6.12', 0, 0, {}, 99)).complete).toBe(false);
  });

  test('a large machine takes as much more of the budget as it takes longer', async () => {
    const large = 'platform: kvm\ntopology: { sockets: 128, present: 127 }\n';
    const { seen, used } = await tried('6.12', 0, 0, {}, 1e6, large);
    expect(used).toBe(seen.length * 40);
  });

  test('the first that breaks it', async () => {
    let left = 6;
    const { events, complete } = await tried('6.12', 0, 1, { fault: () => (left-- > 0 ? null : 'here') });
    expect(events?.map((event) => [event.kind, ...('cpus' in event ? event.cpus : [])])).toEqual([
      ['plug'],
      ['online', 2],
      ['offline', 1],
    ]);
    expect(complete).toBe(true);
  });

  async function answer(
    fault: Property['fault'],
    more: Partial<OfflineQuestion> = {},
    made: Partial<Property> = {},
  ) {
    const at = await subject(SLOTS);
    const { stage } = stateOf(at);
    const threat = {
      facts: at.facts,
      candidates: CpuMask.parse('1', stage.system.online.nbits),
      plugs: plugsOf(stage),
    };
    const property: Property = { name: 'no-io-hangs', fault, ...made };
    const found = proved(
      proveOfflines(at, { asked: ASKED, property, threat, most: null, budget: { left: 1000 }, ...more }),
    );
    return [...textOf(found), ...found.because];
  }
  const why = 'every order of plugs and offlines was tried';

  test('answers', async () => {
    expect(await answer(() => null)).toEqual(['holds by exhaustive, 1 of 1 CPUs, 1', why]);
    const when =
      (text: string) =>
      ({ stage }: State) =>
        `${stage.system.online}` === text ? 'here' : null;
    expect(await answer(when('0-2'))).toEqual([
      'fails by exhaustive, 0 of null CPUs, 1',
      'plug 2, online 2: here',
      why,
    ]);
    expect(await answer(when('0,2'))).toEqual([
      'fails by exhaustive, 0 of 0 CPUs, 1',
      'plug 2, online 2, offline 1: here',
      why,
    ]);
    expect(await answer(() => null, { budget: { left: 100 } })).toEqual([
      'unknown by null, 0 of null CPUs, 0',
      'sets of 0 CPUs and more are not covered: the budget is used up',
    ]);
    let once = true;
    const shy = ({ stage }: State): string | null => {
      if (`${stage.system.online}` !== '0-2' || !once) return null;
      once = false;
      return 'here';
    };
    expect((await answer(shy)).at(-1)).toBe(
      'sets of 0 CPUs and more are not covered: a counterexample was not confirmed',
    );
  });
});
