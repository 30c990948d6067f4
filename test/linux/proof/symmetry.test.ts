/** Which CPUs are alike (docs/model/proofs.md#symmetry). */
import { expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { offlineCandidates } from '../../../src/linux/proof/offline-room.ts';
import { alikeCpus } from '../../../src/linux/proof/symmetry.ts';
import { CHANNELS, FOUR, stateOf, subject } from './stand-ins.ts';

const NODES = 'legacyIrqs: off\ncpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';
const nic = (vectors: number, more = '') =>
  `devices: [{ name: nic, driver: generic, managed: false, vectors: ${vectors}${more} }]\n`;
const disk = (queues: number) => `devices: [{ name: disk, driver: nvme, queues: ${queues} }]\n`;
const moved = (cpus: string) => `events: [{ setAffinity: { device: nic, queue: 0, cpus: "${cpus}" } }]\n`;

test.each<[string, number[][], string, string?]>([
  ['nothing tells them apart', [[1, 2, 3]], FOUR],
  ['interrupts of one kind, in turn', [[1, 2, 3]], `${FOUR}${nic(8)}`],
  ['one CPU has fewer', [[1, 2], [3]], `${FOUR}${nic(3)}`],
  ['nodes', [[1], [2, 3]], NODES],
  ['masks of their own', [[1], [2], [3]], `${FOUR}${disk(4)}`],
  ['interrupts of devices that are alike but in name', [[1], [2], [3]], `${FOUR}${nic(1, ', count: 4')}`],
  ['isolcpus=', [[1, 2], [3]], `${FOUR}cmdline: isolcpus=domain,3\n`],
  ['nohz_full=', [[1], [2, 3]], `${FOUR}cmdline: nohz_full=2-3\n`],
  ['irqaffinity=', [[1, 2], [3]], `${FOUR}cmdline: irqaffinity=0-2\n`],
  ['a change that waits', [[1, 2], [3]], `${FOUR}${nic(4)}${moved('3')}`],
  ['the same change', [[1], [2, 3]], `${FOUR}${nic(4)}${moved('0-1')}`],
  [
    'what the domain cannot address',
    [[1, 2], [3]],
    `${FOUR}domains: { pci-msi: { reach: { unreachable: "3" } } }\n${nic(4)}`,
  ],
  [
    'what interrupts cannot use',
    [
      [1, 2],
      [3, 4],
    ],
    'legacyIrqs: off\npolicy: P2\ncpus: [{ apicId: "0-2,256-257" }]\n',
  ],
  ['a CPU that is offline between them', [[1, 3]], `${FOUR}events: [{ offline: 2 }]\n`],
  [
    'interrupts that stay on a CPU that is gone',
    [[1], [3], [4]],
    'legacyIrqs: off\ncpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-4", node: 1 }]\n' +
      `${nic(403, ', node: 1')}events: [{ offline: 2 }]\n`,
    '6.1.90',
  ],
])('%s', async (_, expected, text, kernel = '6.12') => {
  const its = await subject(text, kernel);
  expect(alikeCpus(stateOf(its), offlineCandidates(its.facts))).toEqual(expected);
});

test('interrupts that stay on a CPU that is gone keep the others apart, whatever they have', async () => {
  const node = 'legacyIrqs: off\ncpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-4", node: 1 }]\n';
  const full = `${node}${nic(606, ', node: 1')}`;
  const alike = async (text: string) => {
    const its = await subject(text, '6.1.90');
    return alikeCpus(stateOf(its), offlineCandidates(its.facts));
  };
  expect(await alike(full)).toEqual([[1], [2, 3, 4]]);
  expect(await alike(`${full}events: [{ offline: 2 }]\n`)).toEqual([[1], [3], [4]]);
});

test('timers of CPUs are their own', async () => {
  const its = await subject(FOUR, '6.12', CHANNELS);
  expect(alikeCpus(stateOf(its), CpuMask.parse('1-3', 4))).toEqual([[1], [2], [3]]);
});

test('those that may not go are told apart, and left out', async () => {
  const alike = async (cpus: string) => alikeCpus(stateOf(await subject(FOUR)), CpuMask.parse(cpus, 4));
  expect(await alike('0-3')).toEqual([[0, 1, 2, 3]]);
  expect(await alike('0-1,3')).toEqual([[0, 1], [3]]);
  expect(await alike('')).toEqual([]);
});
