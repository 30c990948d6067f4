/** Baselines as a program that uses the library has them. */
import { expect, test } from 'vitest';
import { draftBaseline, judge, readBaseline, readMachine } from '../../src/index.ts';

const GUEST = 'platform: kvm\ntopology: { sockets: 48, cores: 5 }\n';

test('what a draft holds is known to the next judging, in its folder', async () => {
  const machine = await readMachine(GUEST, 'guest.yaml');
  const draft = draftBaseline('/vms', '/vms');
  draft.add(judge(machine));
  expect(draft.size()).toBeGreaterThan(0);
  const baseline = readBaseline(draft.text('1.0'), 'known.json', '/vms');
  const { findings, summary } = judge(machine, { baseline, cwd: '/vms' });
  expect(findings).toEqual([]);
  expect(summary).toMatchObject({ verdict: 'pass', suppressed: draft.size() });
  expect(judge(machine, { baseline, cwd: '/' }).summary).toMatchObject({ verdict: 'fail', suppressed: 0 });
});
