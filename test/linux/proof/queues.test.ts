/** Queues as properties ask for them: those that work, those that do not, and why. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { IrqFlag } from '../../../src/linux/engine/irq-desc.ts';
import { NR_VECTORS } from '../../../src/linux/engine/vector-layout.ts';
import type { State } from '../../../src/linux/proof/property.ts';
import {
  countWorking,
  descOf,
  firstOfDevices,
  firstOfQueues,
  whyNot,
  works,
} from '../../../src/linux/proof/queues.ts';
import { arrivalOf } from '../../../src/linux/sim/system.ts';
import { FOUR, stateOf, subject } from './stand-ins.ts';

const DEVICES =
  'devices: [{ name: disk, driver: nvme, queues: 2 }, { name: poll, driver: nvme, queues: 4, vectors: 3 }]\n';

async function booted(more = DEVICES): Promise<State> {
  return stateOf(await subject(`${FOUR}${more}`));
}

test('why a queue does not work', async () => {
  const { stage } = await booted();
  const [disk] = stage.system.devices;
  const { life, online, reach } = arrivalOf(stage.system, disk.domain);
  const d = descOf(stage, disk, 1);
  if (d === null) throw new Error('it has an interrupt');
  const cpu = d.cpu;
  const bits = online.nbits;
  const without = { life, online: CpuMask.of(bits, [0]), reach };
  const beyond = { life, online, reach: { ...reach, unreachable: CpuMask.of(bits, [cpu]) } };
  const all = { life, online, reach };
  expect([works(d, all), works(d, without), works(d, beyond), works(null, all)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(whyNot(null, all)).toBe('it has no interrupt');
  expect(whyNot(d, without)).toBe(`its interrupt stays on CPU ${cpu}, which is offline`);
  expect(whyNot(d, beyond)).toBe(`its interrupt goes to CPU ${cpu}, which its messages cannot address`);
  const stopped = { ...d, flags: d.flags & ~IrqFlag.started };
  expect(works(stopped, all)).toBe(false);
  expect(whyNot(stopped, all)).toBe('no online CPU of 2-3 can be addressed');
  expect(whyNot(stopped, without)).toBe('no CPU of 2-3 is online');
  life.vectorTable[cpu * NR_VECTORS + d.vector] = 0;
  expect(works(d, all)).toBe(false);
  expect(whyNot(d, all)).toBe(`CPU ${cpu} came back without its vector`);
});

describe('the first that answers', () => {
  test('of all queues, in order, with their interrupts', async () => {
    const state = await booted();
    const met: string[] = [];
    const ask = (wanted: string) =>
      firstOfQueues(state, undefined, ({ device, index, queue, d }) => {
        met.push(`${index} ${device.spec.name} ${queue} ${d?.irq ?? 'none'}`);
        return met.at(-1) === wanted ? 'this one' : null;
      });
    expect(ask('none')).toBeNull();
    const all = met.splice(0);
    expect(all.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      '0 disk 0',
      '0 disk 1',
      ...state.stage.system.devices[1].queueVectors.map((_, queue) => `1 poll ${queue}`),
    ]);
    expect(ask(all[2])).toBe('this one');
    expect(met).toEqual(all.slice(0, 3));
  });

  test('of those that interrupts serve', async () => {
    const state = await booted();
    const { stage } = state;
    const [disk, poll] = stage.system.devices;
    const touched = [descOf(stage, poll, 0), descOf(stage, disk, 1)].flatMap((d) => d ?? []);
    const met: string[] = [];
    const ask = (answer: string | null) =>
      firstOfQueues(
        state,
        [{ ...touched[0], irq: 9999 }, ...touched],
        ({ device, index, queue, d, arrival }) => {
          met.push(`${index} ${device.spec.name} ${queue} ${works(d, arrival)}`);
          return answer;
        },
      );
    expect([ask(null), met.splice(0)]).toEqual([null, ['1 poll 0 true', '0 disk 1 true']]);
    expect([ask('x'), met.splice(0)]).toEqual(['x', ['1 poll 0 true']]);
    expect(firstOfQueues(state, [], () => 'x')).toBeNull();
  });

  test('of devices, each once', async () => {
    const state = await booted();
    const { stage } = state;
    const [disk, poll] = stage.system.devices;
    const of = (touched: Parameters<typeof firstOfDevices>[1], wanted = '') => {
      const met: string[] = [];
      const answer = firstOfDevices(state, touched, ({ spec }, arrival) => {
        met.push(`${spec.name} ${arrival.online}`);
        return spec.name === wanted ? 'this one' : null;
      });
      return [answer, ...met];
    };
    expect(of(undefined)).toEqual([null, 'disk 0-3', 'poll 0-3']);
    expect(of(undefined, 'disk')).toEqual(['this one', 'disk 0-3']);
    const irqs = [descOf(stage, poll, 1), descOf(stage, poll, 0), descOf(stage, disk, 0)].flatMap(
      (d) => d ?? [],
    );
    expect(of(irqs)).toEqual([null, 'poll 0-3', 'disk 0-3']);
    expect(of([{ ...irqs[0], irq: 9999 }])).toEqual([null]);
  });
});

test('how many work, counted as far as is asked', async () => {
  const { stage } = await booted('devices: [{ name: disk, driver: nvme, queues: 4 }]\n');
  const [disk] = stage.system.devices;
  const arrival = arrivalOf(stage.system, disk.domain);
  expect([4, 9, 1, 0].map((enough) => countWorking(stage, disk, arrival, enough))).toEqual([4, 4, 1, 0]);
  expect(countWorking(stage, disk, arrival)).toBe(4);
  const one = { ...arrival, online: CpuMask.of(arrival.online.nbits, [1]) };
  expect(countWorking(stage, disk, one)).toBe(1);
  expect(descOf(stage, disk, 4)).toBeNull();
});
