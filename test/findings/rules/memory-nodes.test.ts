/** NUMA nodes without CPUs: descriptions of them, devices there, CPUs that are plugged there. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { readText } from '../../helpers.ts';

const TWO = 'kernel: "6.12"\nplatform: kvm\nhpet: off\ncpus:\n  - { apicId: 0-3 }\n';
const DISK = 'devices:\n  - { name: nvme0, driver: nvme, queues: 4, node: 1 }\n';

test('a device on a node with memory only interrupts other nodes', async () => {
  const { findings, summary, run } = analyze(await readText(`${TWO}memoryNodes: 1\n${DISK}`));
  const [found] = findings.filter(({ rule }) => rule === 'device-node-without-cpus');
  expect(found.message).toBe('1 device (nvme0) interrupts remote CPUs only: no possible CPU is on node 1');
  expect(found.fix).toContain('put the device on a node that has CPUs');
  expect(summary.verdict).toBe('warn');
  expect(run.devices[0].queues.every(({ health }) => health === 'healthy')).toBe(true);
});

describe('what is refused', () => {
  test.each([
    [DISK, 'devices[0]: node 1 does not exist, the highest node with CPUs or memory is 0'],
    ['memoryNodes: "0-1"\n', 'memoryNodes: node 0 has CPUs'],
    ['memoryNodes: 5000\n', 'memoryNodes: node 5000 is too high, the last one is 1023'],
  ])('%j', async (text, message) => {
    await expect(readText(TWO + text)).rejects.toThrow(message);
  });
});

test('a CPU plugged into a new node is on it: a device that is set up again spreads by it', async () => {
  const slots = '  - { apicId: 4-5, state: absent }\n';
  const events = 'events:\n  - { plug: { apicId: 4, node: 2 } }\n  - { online: 4 }\n  - { reprobe: nvme0 }\n';
  const disk = 'devices:\n  - { name: nvme0, driver: nvme, queues: 2 }\n';
  const { run } = analyze(await readText(TWO + slots + disk + events));
  expect(run.events.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok']);
  // No more queues than nodes: a node each.
  expect(run.devices[0].queues.map(({ affinity }) => affinity.toString())).toEqual(['0-3,5', '4']);
});
