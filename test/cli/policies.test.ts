/** `irqsim policies` and `analyze --policy all`, as a user runs them. */
import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../src/linux/policy/index.ts';
import { irqsim } from './irqsim.ts';

const MACHINE = 'scenarios/four-cpus-four-queues.yaml';

test('policies lists each with its alias, its source and its verdict', async () => {
  const { code, out } = await irqsim(['policies']);
  expect(code).toBe(0);
  for (const { name, aliases } of POLICIES) expect(out).toContain(`${name} (${aliases.join(', ')})`);
  const markdown = (await irqsim(['policies', '--format', 'markdown'])).out;
  for (const { name, aliases } of POLICIES)
    expect(markdown).toContain(`- **${name} (${aliases.join(', ')})**\n`);
  expect(JSON.parse((await irqsim(['policies', '--format', 'json'])).out)).toHaveLength(POLICIES.length);
});

describe('analyze --policy all', () => {
  test('prints one row a policy: CPUs lost, queues, dead, hanging I/O, wasted vectors, lost slots, verdict', async () => {
    const { code, out } = await irqsim(['analyze', '--policy', 'all', MACHINE]);
    expect(code).toBe(1);
    expect(out).toMatch(/^mainline +P0 +2 +4 +2 +- +2 +- +fail$/m);
    expect(out).toMatch(/^reachable-like-online +P2 +- +4 +2 +2 +2 +- +fail$/m);
    expect(out).toMatch(/^exclude-unreachable +P3 +- +2 +- +- +- +- +pass$/m);
    expect(out).toMatch(/^redirect +P5 +- +4 +- +- +- +- +pass$/m);
  });

  test('as Markdown: the same table', async () => {
    const { code, out } = await irqsim(['analyze', '--policy', 'all', '--format', 'markdown', MACHINE]);
    expect(code).toBe(1);
    expect(out).toContain('| exclude-unreachable | P3 | - | 2 | - | - | - | - | pass |');
    expect(out).toContain('- P5: safe if every driver implements it');
  });

  test('as JSON gives the costs and the report under each policy', async () => {
    const result = JSON.parse(
      (await irqsim(['analyze', '--policy', 'all', '--format', 'json', MACHINE])).out,
    );
    expect(result.policies[0]).toMatchObject({
      policy: 'mainline',
      cpusLost: 2,
      queuesDead: 2,
      vectorsWasted: 2,
    });
    expect(result.reports.map((one: { machine: { policy: string } }) => one.machine.policy)).toEqual(
      POLICIES.map((policy) => policy.name),
    );
  });

  test('does not go with several kernels', async () => {
    const { code, err } = await irqsim(['analyze', '--policy', 'all', '--kernel', '6.1,6.12', MACHINE]);
    expect(code).toBe(2);
    expect(err).toContain('--policy all');
  });
});

test('a policy is named by its number as well, and the report says its name', async () => {
  const report = JSON.parse((await irqsim(['analyze', '--policy', 'p5', '--format', 'json', MACHINE])).out);
  expect(report.machine.policy).toBe('redirect');
  expect(report.devices[0].queues[2]).toMatchObject({
    state: 'shutdown',
    health: 'degraded',
    redirectedTo: 0,
  });
});
