/** Every order of probing, each simulated whole. */
import { expect } from 'vitest';
import { type Answer, proved } from '../../../src/linux/proof/answer.ts';
import { prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { InputError } from '../../../src/machine/locate.ts';
import type { DeviceSpec, Machine } from '../../../src/machine/machine.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { varied } from '../../../src/machine/vary.ts';
import { readText } from '../../helpers.ts';

export function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, at) =>
    permutations(list.filter((_, other) => other !== at)).map((rest) => [one, ...rest]),
  );
}

/** Some device gets less than it asks for when they are probed in this order. */
const falls = (machine: Machine, devices: readonly DeviceSpec[]): boolean =>
  simulate(varied(machine, { devices, events: [] })).run.devices.some(
    ({ fallback, errno, vectorsGranted, behind }) =>
      behind === undefined && (fallback !== null || errno !== 0 || vectorsGranted === 0),
  );

/** What is proved of the orders against all of them; null: the description is none. */
export async function checkOrders(description: object): Promise<Answer | null> {
  let machine: Machine;
  try {
    machine = await readText(JSON.stringify(description));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
  const asked = parseProperty('probe-order-free') as AskedProperty;
  const options = { offlineAtMost: null, among: null, keep: null, plug: false, budget: 1e9 };
  const answer = proved(prove(subjectOf(machine), asked, options));
  const short = permutations(machine.devices).some((order) => falls(machine, order));
  expect(answer.answer, answer.because.join()).toBe(short ? 'fails' : 'holds');
  return answer;
}
