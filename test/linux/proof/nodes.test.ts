/** Queues of nodes: the closed form finds the smallest set at once, where trying all would take for ever. */
import { expect, test } from 'vitest';
import { proved } from '../../../src/linux/proof/answer.ts';
import { prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { readText } from '../../helpers.ts';

const OPTIONS = { offlineAtMost: null, among: null, keep: null, plug: false, budget: 0 };
const ASKED = parseProperty('every-node-has-a-queue') as AskedProperty;

const machine = (devices: string) => `kernel: "6.12"
platform: kvm
topology: { sockets: 2, cores: 64, nodes: 2 }
devices:
  - ${devices}
`;

test.each([
  // Every CPU of a node is in a mask of it.
  ['{ name: disk, driver: nvme, queues: 8 }', 'holds', 127, null],
  // One queue for both nodes: it is on CPU 0, which stays, and node 1 has none.
  ['{ name: disk, driver: nvme, queues: 1 }', 'fails', null, []],
  // Not managed: each node has the CPU that the interrupt is on.
  ['{ name: nic, driver: generic, managed: off, vectors: 200 }', 'holds', 127, null],
] as const)('%s: %s', async (devices, answer, largest, events) => {
  const found = proved(prove(subjectOf(await readText(machine(devices))), ASKED, OPTIONS));
  expect(found).toMatchObject({ answer, largest });
  expect(found.counterexample?.events ?? null).toEqual(events);
});
