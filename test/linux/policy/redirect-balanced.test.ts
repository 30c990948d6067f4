/** P5B against P5: the same queues work, requests of others are shared out, within their type and node first. */
import { describe, expect, test } from 'vitest';
import { hangingCpus, sharedAtWorst } from '../../../src/findings/rules/facts/hanging-io.ts';
import { analyzeText } from '../../helpers.ts';

/** CPUs 0-3 can be reached, CPUs 4-11 cannot; a queue a CPU. */
const machine = (nodes: string): string => `kernel: "6.12"
cpus: [{ apicId: "0-3" }, { apicId: "0x100-0x107" ${nodes} }]
devices: [{ name: nvme, driver: nvme, queues: 12 }]
`;

const targets = async (policy: string, text: string) => {
  const { run } = await analyzeText(text, [`policy=${policy}`]);
  expect(hangingCpus(run).isEmpty()).toBe(true);
  return { share: sharedAtWorst(run), to: run.devices[0].queues.map(({ redirectedTo }) => redirectedTo) };
};

describe('eight CPUs that cannot be reached, four queues that work', () => {
  test('P5: all go to the lowest', async () => {
    const { share, to } = await targets('P5', machine(''));
    expect(new Set(to.filter((target) => target !== undefined)).size).toBe(1);
    expect(share).toBe(9);
  });

  test('P5B: each queue takes two', async () => {
    const { share, to } = await targets('P5B', machine(''));
    expect(share).toBe(3);
    const counts = new Map<number, number>();
    for (const target of to) if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1);
    expect([...counts.values()]).toEqual([2, 2, 2, 2]);
  });

  test('P5B: all the same where their node has no queue that works', async () => {
    const { share } = await targets('redirect-balanced', machine(', node: 1'));
    expect(share).toBe(3);
  });
});

test('requests to read stay with queues for reads', async () => {
  const text = `kernel: "6.12"
cmdline: nvme.write_queues=2 nvme.poll_queues=0
cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x103" }]
devices: [{ name: nvme, driver: nvme, queues: 8 }]
`;
  for (const policy of ['P5', 'P5B']) {
    const { run } = await analyzeText(text, [`policy=${policy}`]);
    const [{ queues, maps }] = run.devices;
    expect(maps.length).toBeGreaterThan(1);
    for (const { index, redirectedTo } of queues) {
      if (redirectedTo === undefined) continue;
      const [own] = maps.filter(({ first, queues: n }) => index >= first && index < first + n);
      expect(redirectedTo).toBeGreaterThanOrEqual(own.first);
      expect(redirectedTo).toBeLessThan(own.first + own.queues);
    }
  }
});
