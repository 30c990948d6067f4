/** Orders of probing, tried on one machine: which one is short, and how many beginnings were tried. */
import { expect, test } from 'vitest';
import { searchOrders } from '../../../src/linux/proof/probe-search.ts';
import { askWhy } from './asked.ts';
import { subject } from './stand-ins.ts';

const NODES = 'legacyIrqs: off\ncpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';
const nic = (vectors: number, more = '') => `{ driver: generic, managed: false, vectors: ${vectors}${more} }`;
const managed = (vectors: number) => `{ driver: generic, managed: true, vectors: ${vectors} }`;
const devices = (...all: string[]) =>
  `devices: [${all.map((one, n) => one.replace('{', `{ name: d${n},`)).join(', ')}]\n`;

async function search(text: string, left = 1000) {
  const budget = { left };
  const { facts } = await subject(text);
  const searching = searchOrders(facts, budget);
  const steps: string[] = [];
  for (;;) {
    const next = searching.next();
    if (!next.done) {
      const { property, size, done, of } = next.value;
      steps.push(`${property} ${size} ${done} ${of}`);
      continue;
    }
    const { order, complete, tried, merged } = next.value;
    return {
      order: order?.map(({ name }) => name) ?? null,
      complete,
      tried,
      merged,
      steps,
      left: budget.left,
    };
  }
}

test('the first order that leaves a device short', async () => {
  const { order, complete, tried, merged, steps } = await search(
    `${NODES}${devices(managed(4), nic(403, ', node: 0'))}`,
  );
  // d0, d1 behind it, d1, and d0 behind that.
  expect([order, complete, tried, merged]).toEqual([['d1', 'd0'], true, 4, false]);
  expect(steps).toEqual([1, 2, 3].map((done) => `probe-order-free 2 ${done} 0`));
  const later = await search(`${NODES}${devices(nic(1), managed(4), nic(403, ', node: 0'))}`);
  expect(later.order).toEqual(['d0', 'd2', 'd1']);
});

test.each<[string, number, boolean, string]>([
  ['three of one kind', 3, true, devices(nic(1), nic(1), nic(1))],
  ['two kinds', 7, true, devices(nic(1), nic(1), nic(2))],
  ['three kinds', 12, true, devices(nic(1), nic(2), nic(3))],
  ['two devices', 4, true, devices(nic(1), nic(2))],
  ['one device', 1, false, devices(nic(1))],
])('%s: %i beginnings', async (_, tried, merged, text) => {
  const found = await search(`${NODES}${text}`);
  expect([found.order, found.complete, found.tried, found.merged]).toEqual([null, true, tried, merged]);
});

test('what it takes, and cut in the middle', async () => {
  // 4 for each device that comes, a quarter for each vector, and the CPUs.
  const { left } = await search(`${NODES}${devices(nic(8))}`);
  expect(left).toBe(1000 - 4 - 2 - 4 / 256);
  const cut = await search(`${NODES}${devices(nic(1), nic(2))}`, 8);
  expect([cut.order, cut.complete, cut.tried]).toEqual([null, false, 2]);
});

test('the answer says how it was found', async () => {
  const text =
    'legacyIrqs: off\ntopology: { cores: 2 }\ndevices: [{ name: net, driver: virtio-net, queues: 60 }, { name: nic, driver: generic, managed: false, vectors: 100 }]\n';
  const { machine } = await subject(text);
  expect(askWhy(machine, 'probe-order-free')).toEqual([
    'holds by symmetry, 2',
    'every order was tried; those that leave as many vectors on each CPU were continued once',
  ]);
});
