/** Orders of probing against all permutations: what each device gets, and what is proved of the machine after each. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, proved } from '../../../src/linux/proof/answer.ts';
import { proveInOrders } from '../../../src/linux/proof/orders.ts';
import { type ProveOptions, prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { DeviceSpec, Machine } from '../../../src/machine/machine.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { varied } from '../../../src/machine/vary.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { crowdedMachines } from './crowded-machines.ts';
import { checkOrders, permutations } from './every-order.ts';

const OPTIONS: ProveOptions = { offlineAtMost: null, among: null, keep: null, plug: false, budget: 1e9 };

const FREE = parseProperty('probe-order-free') as AskedProperty;

const freeOf = (machine: Machine, budget = 1e9): Answer =>
  proved(prove(subjectOf(machine), FREE, { ...OPTIONS, budget }));

test('every order is found to fit, or one that does not', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(crowdedMachines, async (description) => {
      await checkOrders(description);
    }),
    { numRuns: runs(15) },
  );
});

const NODES = (devices: string) => `kernel: "6.12"
topology: { sockets: 2, cores: 1, nodes: 2 }
devices: [${devices}]
`;

test('a counterexample is played by a description with its order', async () => {
  const devices =
    '{ name: disk, driver: nvme, queues: 2, count: 70 }, { name: nic, driver: generic, managed: off, vectors: 150, node: 0 }';
  const { answer, counterexample } = freeOf(await readText(NODES(devices)));
  expect(answer).toBe('fails');
  expect(counterexample?.probeOrder?.slice(0, 2)).toEqual(['nic', 'disk0']);
  const played = await readText(`${NODES(devices)}probeOrder: [nic, disk]\n`);
  expect(played.devices.map(({ name }) => name)).toEqual(counterexample?.probeOrder);
  const short = simulate(played).run.devices.find(({ fallback }) => fallback !== null);
  expect(counterexample?.shows).toContain(`${short?.name} gets less`);
});

test('many kinds of devices are known without trying their orders', async () => {
  const many = Array.from(
    { length: 40 },
    (_, n) => `{ name: d${n}, driver: nvme, queues: ${n + 1}, node: ${n % 2} }`,
  );
  const { answer, method, sets } = freeOf(await readText(NODES(many.join())), 0);
  expect([answer, method, String(sets).length]).toEqual(['holds', 'closed-form', 48]);
});

test('where the closed form does not decide, beginnings that are alike are continued once', async () => {
  const nets = Array.from({ length: 5 }, (_, n) => `{ name: n${n}, driver: virtio-net, queues: ${n + 18} }`);
  const machine = await readText(
    NODES([...nets, '{ name: disk, driver: nvme, queues: 2, count: 4 }'].join()),
  );
  const { answer, method } = freeOf(machine, 100_000);
  expect([answer, method]).toEqual(['holds', 'symmetry']);
  expect(freeOf(machine, 60).because.join()).toContain('the budget is used up after');
  const stopped = proved(prove(subjectOf(machine), FREE, OPTIONS, () => true));
  expect([stopped.answer, stopped.because.join()]).toEqual([
    'unknown',
    'it was stopped after 1 beginning of orders',
  ]);
});

const ASKED = [
  'offline-accepted',
  'no-queue-stops',
  'every-device-works 2',
  'no-io-hangs',
  'vectors-left 20',
].map((text) => parseProperty(text) as AskedProperty);

test('with orders, what is proved is the worst of all', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(crowdedMachines, async ({ devices, ...rest }) => {
      const machine = await readText(JSON.stringify({ ...rest, devices: devices.slice(-3) })).catch(
        () => null,
      );
      if (machine === null) return;
      const inOrder = (order: readonly DeviceSpec[]) => subjectOf(varied(machine, { devices: order }));
      const subjects = permutations(machine.devices).map(inOrder);
      for (const asked of ASKED) {
        const each = subjects.map((subject) => proved(prove(subject, asked, OPTIONS)));
        const { answer, largest } = proved(proveInOrders(machine, asked, OPTIONS, () => false));
        const worst = each.some((one) => one.answer === 'fails') ? 'fails' : 'holds';
        expect(answer, asked.text).toBe(worst);
        if (worst === 'holds')
          expect(largest, asked.text).toBe(Math.min(...each.map((one) => one.largest ?? 0)));
      }
    }),
    { numRuns: runs(3) },
  );
});
