/** `irqsim verify` from end to end, on a small machine. */
import { expect, test } from 'vitest';
import { fakeRoot, writeTree } from './fake-root.ts';
import { irqsim } from './irqsim.ts';

test('a machine as predicted: exit code 0', async () => {
  const { code, out, err } = await irqsim(['verify', fakeRoot()]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^MATCH {2}/);
  expect(out).toMatch(/^Values +compared {2}as predicted$/m);
  expect(out).toMatch(/^affinity masks +2 +2$/m);
});

test('a planted mismatch: exit code 1, and both sides', async () => {
  const root = fakeRoot({
    'sys/devices/system/cpu/possible': '0-3\n',
    'proc/irq/26/smp_affinity_list': '0\n',
  });
  const { code, out } = await irqsim(['verify', root]);
  expect(code).toBe(1);
  expect(out).toMatch(/^MISMATCH {2}/);
  expect(out).toContain('possible CPUs, the machine: predicted 0-2, the machine shows 0-3');
  expect(out).toMatch(/affinity masks, irq 26 \(\S+ vector 2\): predicted 1, the machine shows 0$/m);
});

test('--format json', async () => {
  const root = fakeRoot({ 'sys/devices/system/cpu/possible': '0-3\n' });
  const { code, out } = await irqsim(['verify', '--format', 'json', root]);
  expect(code).toBe(1);
  const report = JSON.parse(out);
  expect(report).toMatchObject({ schemaVersion: 1, verdict: 'mismatch', machine: { kernel: '6.12.41' } });
  expect(report.mismatches).toEqual([
    { stage: '', kind: 'possible CPUs', subject: 'the machine', predicted: '0-2', shown: '0-3' },
  ]);
  const sound = JSON.parse((await irqsim(['verify', '--format', 'json', fakeRoot()])).out);
  expect(sound).toMatchObject({ verdict: 'match', mismatches: [] });
});

test('--format markdown: the counts as a table, the mismatches as a list', async () => {
  const root = fakeRoot({ 'sys/devices/system/cpu/possible': '0-3\n' });
  const { code, out } = await irqsim(['verify', '--format', 'markdown', root]);
  expect(code).toBe(1);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^## MISMATCH `.*` \d+ of \d+ values are as predicted$/);
  const head = lines.indexOf('| Values | compared | as predicted |');
  expect(lines[head + 1]).toBe('| --- | ---: | ---: |');
  expect(lines.slice(head)).toContain('| possible CPUs | 1 | 0 |');
  expect(lines.slice(lines.indexOf('### Mismatches') + 1).slice(0, 2)).toEqual([
    '',
    '- possible CPUs, the machine: predicted 0-2, the machine shows 0-3',
  ]);
});

test('what is no capture: exit code 2', async () => {
  const empty = await irqsim(['verify', writeTree({ 'home/notes': 'x' })]);
  expect(empty).toMatchObject({ code: 2, out: '' });
  expect(empty.err).toContain('this is not a captured machine');
  expect(await irqsim(['verify', 'package.json'])).toMatchObject({ code: 2 });
  expect(await irqsim(['verify', '/no/such/place'])).toMatchObject({ code: 2 });
});
