/** What a write to smp_affinity would come to, against the write itself and the interrupt that follows it. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { setAffinityUser } from '../../../src/linux/engine/irq-affinity.ts';
import { irqMatrixAlloc } from '../../../src/linux/engine/matrix.ts';
import { bringToLife, continued } from '../../../src/linux/proof/live.ts';
import { movableTo, roomyCpus, tryAffinity } from '../../../src/linux/sim/affinity-write.ts';
import { irqOf } from '../../../src/linux/sim/irq-numbers.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import { readText } from '../../helpers.ts';

const NIC = 'devices: [{ name: nic, driver: generic, managed: false, vectors: 1 }]\n';
const APART = `kernel: "6.12"\nhpet: off\ncpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n`;

/** What is foretold of writing `list` for the first interrupt of the last device, and what comes of it. */
async function both(text: string, list: string, set: readonly string[] = []) {
  const machine = await readText(text, set);
  const { stage } = bringToLife(machine);
  if (!stage) throw new Error('the kernel panics');
  const { system } = stage;
  const device = system.devices.at(-1);
  const irq = device ? irqOf(device, 0) : -1;
  const d = system.life.irqs.get(irq);
  if (!d) throw new Error('there is no interrupt');
  const mask = CpuMask.parse(list, system.enumeration.nrCpuIds);
  const foretold = tryAffinity(system, d, mask);
  const interrupt = { irq };
  const write: MachineEvent = { kind: 'setAffinity', interrupt, cpus: mask.toArray(), path: [] };
  const after = continued(machine, [write, { kind: 'fire', interrupt, path: [] }]);
  const written = after.facts.run.events[machine.events.length];
  const moved = after.stage?.system.life.irqs.get(irq);
  const to = movableTo(system, d, roomyCpus(system), system.enumeration.possible);
  const moves = written.errno === 0 && mask.test(moved?.cpu ?? -1);
  return { foretold, comes: { errno: written.errno, moves }, to: to.toString() };
}

describe.each(['P0', 'P1', 'P2', 'P3', 'P4', 'P5'])('%s: two CPUs that messages do not reach', (policy) => {
  test.each(['0', '1', '2', '2-3', '0-2', '1,3'])('a write of %s', async (list) => {
    const { foretold, comes } = await both(APART + NIC, list, [`policy=${policy}`]);
    expect(foretold).toEqual(comes);
  });
});

test('P1 refuses CPUs outside its mask, others take what is no use', async () => {
  const write = async (policy: string, list: string) =>
    (await both(APART + NIC, list, [`policy=${policy}`])).foretold;
  expect(await write('P1', '0,2')).toEqual({ errno: 22, moves: false });
  expect(await write('P1', '0-1')).toEqual({ errno: 0, moves: true });
  expect(await write('P2', '2')).toEqual({ errno: 0, moves: false });
  expect(await write('P2', '0,2')).toEqual({ errno: 0, moves: true });
});

test.each([
  ['at once', 'remapping: on', { errno: 28, moves: false }],
  ['with the next interrupt', '', { errno: 0, moves: false }],
])('CPUs without a vector are no use, where a move comes %s', async (_, more, expected) => {
  const text = `kernel: "6.12"\nhpet: off\ntopology: { cores: 3 }\n${more}\n${NIC}`;
  const { stage } = bringToLife(await readText(text));
  if (!stage) throw new Error('the kernel panics');
  const { system } = stage;
  const d = system.life.irqs.get(irqOf(system.devices[0], 0));
  if (!d) throw new Error('there is no interrupt');
  const [here, full, other] = [0, 1, 2].map((n) => CpuMask.of(3, [(d.cpu + n) % 3]));
  while (irqMatrixAlloc(system.life.matrix, full, false) >= 0);
  expect(roomyCpus(system).equals(CpuMask.or(here, other))).toBe(true);
  expect(tryAffinity(system, d, full)).toEqual(expected);
  expect(tryAffinity(system, d, CpuMask.or(full, other))).toEqual({ errno: 0, moves: true });
  // It has a vector where it is.
  while (irqMatrixAlloc(system.life.matrix, here, false) >= 0);
  expect(tryAffinity(system, d, CpuMask.or(here, full))).toEqual({ errno: 0, moves: true });
  const targets = movableTo(system, d, roomyCpus(system), system.enumeration.possible);
  expect(targets.equals(CpuMask.or(here, other))).toBe(true);
  expect(setAffinityUser(system.life, d.irq, full) + expected.errno).toBe(0);
});

test.each([
  ['6.10', 5],
  ['6.12', 1],
])('managed interrupts are not for users to move, on %s: errno %i', async (kernel, errno) => {
  const device = 'devices: [{ name: nic, driver: generic, managed: true, vectors: 4 }]\n';
  const text = `kernel: "${kernel}"\ntopology: { cores: 4 }\nhpet: off\n${device}`;
  const { foretold, comes, to } = await both(text, '2');
  expect(foretold).toEqual({ errno, moves: false });
  expect(foretold).toEqual(comes);
  expect(to).toBe('');
});

test("Hyper-V's stub refuses lines beyond its CPUs", async () => {
  const text = `kernel: "6.12"
hpet: off
platform: hyperv
legacyIrqs: off
cpus: [{ apicId: "0-3" }, { apicId: "256-257" }]
devices: [{ name: uart, driver: generic, interrupts: line }]
`;
  for (const list of ['4', '3-4', '0']) {
    const { foretold, comes, to } = await both(text, list);
    expect(foretold).toEqual(comes);
    expect(to).toBe('0-3');
  }
});

test('offline CPUs are no target', async () => {
  const text = `kernel: "6.12"\nhpet: off\ntopology: { cores: 4 }\n${NIC}events: [{ offline: 3 }]\n`;
  const [away, partly] = [await both(text, '3'), await both(text, '2-3')];
  expect(away.foretold).toEqual({ errno: 22, moves: false });
  expect(partly.foretold).toEqual({ errno: 0, moves: true });
  expect([away.foretold, partly.foretold]).toEqual([away.comes, partly.comes]);
  expect(away.to).toBe('0-2');
});
