/** `irqsim explain` as a user runs it. */
import { expect, test } from 'vitest';
import { irqsim } from './irqsim.ts';

test('a pasted line, quoted or as words', async () => {
  const line = '[    3.364887] smpboot: CPU 259 has invalid APIC ID 103. Aborting bringup';
  const quoted = await irqsim(['explain', line]);
  expect(quoted.code).toBe(0);
  expect(quoted.out).toContain('kernel-irqchip=split');
  expect(quoted.out).toContain('apic-id-above-limit');
  expect((await irqsim(['explain', ...line.split(' ')])).out).toBe(quoted.out);
});

test('words that look like options belong to the message', async () => {
  const { code, out } = await irqsim([
    'explain',
    ...'current -smp configuration requires kernel irqchip and X2APIC API support.'.split(' '),
  ]);
  expect(code).toBe(0);
  expect(out).toContain('qemu-needs-x2apic-api');
});

test("the host's IOMMU is not meant by libvirt's message", async () => {
  const { out } = await irqsim([
    'explain',
    'more than 255 vCPUs require extended interrupt mode enabled on the iommu device',
  ]);
  expect(out).toContain('maxSockets');
  expect(out).toContain('of the host');
});

test('as JSON: rules and messages, best first', async () => {
  const [message] = JSON.parse(
    (await irqsim(['explain', '--format', 'json', 'irq 7: Affinity broken due to vector space exhaustion.']))
      .out,
  );
  expect(message).toMatchObject({ message: 'affinity-broken-no-vectors', change: expect.any(String) });
  const [rule] = JSON.parse((await irqsim(['explain', 'R004', '--format', 'json'])).out);
  expect(rule).toMatchObject({ rule: 'apic-id-above-limit', level: 'error' });
});

test('as Markdown: names and messages as code, paragraphs on one line', async () => {
  const rule = (await irqsim(['explain', 'R004', '--format', 'markdown'])).out;
  expect(rule.split('\n').slice(0, 4)).toEqual([
    '## `apic-id-above-limit`, R004, guest-apic-limit (error)',
    '',
    'A guest has CPUs above APIC ID 255 and no way to send interrupts to them, so they stay offline.',
    '',
  ]);
  expect(rule).toContain(
    'Messages in the log:\n\n```\nsmpboot: CPU N has invalid APIC ID N. Aborting bringup\n',
  );
  const asked = ['explain', 'irq 7: Affinity broken due to vector space exhaustion.', '--format', 'markdown'];
  const message = (await irqsim(asked)).out;
  expect(message).toMatch(/^## `irq N: Affinity broken due to vector space exhaustion\.`\n\n- means: /);
  expect(message).toContain('\n- name: affinity-broken-no-vectors\n');
  const known = (await irqsim(['explain', '--list', '--format', 'markdown'])).out;
  expect(known).toContain('- `smpboot: CPU N has invalid APIC ID N. Aborting bringup`  \\[invalid-apic-id]');
});

test('unknown: exit code 2 and the nearest', async () => {
  const near = await irqsim(['explain', 'no vectors available so it cannot disable the CPU']);
  expect(near.code).toBe(2);
  expect(near.err).toContain('CPU N has N vectors, N available. Cannot disable CPU');
  expect((await irqsim(['explain', 'apic-id-above-limt'])).err).toContain(
    'did you mean "apic-id-above-limit"',
  );
  const none = await irqsim(['explain', 'quite something else']);
  expect(none.code).toBe(2);
  expect(none.err).toContain('irqsim explain --list');
  expect((await irqsim(['explain'])).code).toBe(2);
});

test('--list shows every message with the name that explains it', async () => {
  const { code, out } = await irqsim(['explain', '--list']);
  expect(code).toBe(0);
  expect(out).toContain('smpboot: CPU N has invalid APIC ID N. Aborting bringup  [invalid-apic-id]');
  const list = JSON.parse((await irqsim(['explain', '--list', '--format', 'json'])).out);
  expect(list.length).toBe(out.trimEnd().split('\n').length);
});

test('as much text as an argument may hold is answered at once', async () => {
  const { code, cpuSeconds } = await irqsim(['explain', 'CPU 1 has 2 vectors, '.repeat(6000)]);
  expect(code).toBe(2);
  expect(cpuSeconds).toBeLessThan(20);
});

test('help has examples', async () => {
  expect((await irqsim(['explain', '--help'])).out).toContain('Examples:');
});
