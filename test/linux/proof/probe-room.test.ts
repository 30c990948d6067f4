/** Whether every order of probing fits, at its bounds: 202 vectors for devices on each CPU (docs/model/proofs.md#orders-of-probing). */
import { expect, test } from 'vitest';
import { fitsInAnyOrder } from '../../../src/linux/proof/probe-room.ts';
import { stateOf, subject } from './stand-ins.ts';

const TWO = 'legacyIrqs: off\ntopology: { cores: 2 }\n';
const NODES = 'legacyIrqs: off\ncpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';
const NODE_0 = ', node: 0';
const MSI = `${NODES}remapping: on\n`;
const nic = (vectors: number, more = '') => `{ driver: generic, managed: false, vectors: ${vectors}${more} }`;
const managed = (vectors: number, more = '') =>
  `{ driver: generic, managed: true, vectors: ${vectors}${more} }`;
const net = (queues: number) => `{ driver: virtio-net, queues: ${queues} }`;
const devices = (...all: string[]) =>
  `devices: [${all.map((one, n) => one.replace('{', `{ name: d${n},`)).join(', ')}]\n`;

test.each<[string, boolean, string]>([
  ['no device', true, TWO],
  ['all that there is', true, `${TWO}${devices(nic(404))}`],
  ['less what a device reserves', true, `${TWO}${devices(managed(2), nic(402))}`],
  ['the same on one node', true, `${NODES}${devices(managed(4), nic(402, NODE_0))}`],
  ['and one more', false, `${NODES}${devices(managed(4), nic(403, NODE_0))}`],
  ['what two reserve', true, `${NODES}${devices(managed(4), managed(4), nic(400, NODE_0))}`],
  ['and one more than that', false, `${NODES}${devices(managed(4), managed(4), nic(401, NODE_0))}`],
  [
    'several messages of one capability',
    true,
    `${MSI}${devices(managed(4, ', interrupts: msi'), nic(396, NODE_0))}`,
  ],
  ['and one more than those', false, `${MSI}${devices(managed(4, ', interrupts: msi'), nic(397, NODE_0))}`],
  ['each on a node', true, `${NODES}${devices(managed(4), nic(402, ', node: 0'), nic(402, ', node: 1'))}`],
  [
    'one too many on one',
    false,
    `${NODES}${devices(managed(4), nic(400, ', node: 0'), nic(403, ', node: 1'))}`,
  ],
  ['two on one node', false, `${NODES}${devices(managed(4), nic(300, ', node: 0'), nic(103, ', node: 0'))}`],
  ['one CPU of irqaffinity=', true, `${NODES}cmdline: irqaffinity=0\n${devices(managed(4), nic(201))}`],
  ['with too little', false, `${NODES}cmdline: irqaffinity=0\n${devices(managed(4), nic(202))}`],
  ['a driver that sets hints', true, `${TWO}${devices(net(4), managed(2), nic(100))}`],
  ['those it asks twice for', false, `${TWO}${devices(net(60), nic(100))}`],
])('%s: %s', async (_, expected, text) => {
  const its = await subject(text);
  expect(its.facts.run.devices.every(({ vectorsGranted }) => vectorsGranted > 0)).toBe(true);
  expect(fitsInAnyOrder(stateOf(its).stage)).toBe(expected);
});
