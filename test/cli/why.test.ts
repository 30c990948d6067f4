/** `irqsim why` as a user runs it. */
import { expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const GUEST = 'scenarios/384-of-512-vcpus.yaml';

test('a lost CPU: verdict, chain with places, steps, consequences', async () => {
  const { code, out } = await irqsim(['why', GUEST, 'cpu', '300']);
  expect(code).toBe(0);
  const [first, second] = out.split('\n');
  expect(first).toBe('CPU 300 stays offline: the kernel refuses to bring it up (EINVAL)');
  expect(second).toBe('because    its APIC ID 300 (0x12c) is above the limit 255');
  expect(out).toContain('[default of remapping]');
  expect(out).toContain(`[${GUEST}:7:12]`);
  expect(out).toContain('"smpboot: CPU 300 has invalid APIC ID 12c. Aborting bringup"');
  expect(out).toContain('disk: in the mask of queue 12; dead: 12');
  expect(out).not.toContain('\u001b');
  expect((await irqsim(['why', GUEST, 'apic', '0x12c'])).out).toBe(out);
});

test('options of analyze: --set, --kernel, --event, --width', async () => {
  const { out } = await irqsim(['why', '--set', 'extDestId=true', GUEST, 'cpu', '300']);
  expect(out).toContain('CPU 300 is online and every device interrupt can reach it');
  expect((await irqsim(['why', '--kernel', '6.1', GUEST, 'cpu', '300'])).out).toContain(
    'native_cpu_up: bad cpu 300',
  );
  expect((await irqsim(['why', '--event', 'offline=5', GUEST, 'cpu', '5'])).out).toContain(
    'an event took it offline',
  );
  const narrow = (await irqsim(['why', '--width', '60', GUEST, 'cpu', '300'])).out;
  for (const line of narrow.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  expect((await irqsim(['why', '--kernel', '2.6', GUEST, 'cpu', '300'])).code).toBe(2);
});

test('as JSON', async () => {
  const why = JSON.parse((await irqsim(['why', '--format', 'json', GUEST, 'queue', 'disk:12'])).out);
  expect(why).toMatchObject({ subject: 'queue disk:12', works: false, kernel: '6.16' });
  expect(why.because[1]).toEqual({
    text: 'there is no interrupt remapping',
    origin: { defaultOf: 'remapping' },
  });
  expect(why.because[2].origin).toEqual({ file: GUEST, line: 7, column: 12 });
});

test('as Markdown: the chain and the steps as lists', async () => {
  const { code, out } = await irqsim(['why', '--format', 'markdown', GUEST, 'cpu', '300']);
  expect(code).toBe(0);
  expect(out.split('\n').slice(0, 4)).toEqual([
    '## CPU 300 stays offline: the kernel refuses to bring it up (EINVAL)',
    '',
    '- because: its APIC ID 300 (0x12c) is above the limit 255',
    '- and: there is no interrupt remapping (default of remapping)',
  ]);
  expect(out).toContain('\n### Steps, Linux 6.16\n');
  expect(out).toContain('\n- disk: in the mask of queue 12; dead: 12');
});

test('from standard input', async () => {
  const { code, out } = await irqsim(['why', '-', 'device', 'd'], {
    input: 'topology: { cores: 2 }\ndevices:\n  - { name: d, driver: nvme }\n',
  });
  expect(code).toBe(0);
  expect(out).toContain('device d works: all 2 queues are healthy');
});

test('what does not exist: exit code 2 and what there is', async () => {
  const cpu = await irqsim(['why', GUEST, 'cpu', '999']);
  expect(cpu.code).toBe(2);
  expect(cpu.err).toContain('0-511');
  expect((await irqsim(['why', GUEST, 'queue', 'disc:1'])).err).toContain('did you mean "disk"');
  expect((await irqsim(['why', GUEST, 'core', '1'])).code).toBe(2);
  expect((await irqsim(['why', 'nowhere.yaml', 'cpu', '1'])).code).toBe(2);
  expect((await irqsim(['why', scratchFile('bad.yaml', 'cpus: 3\n'), 'cpu', '1'])).code).toBe(2);
});

test('help has examples', async () => {
  expect((await irqsim(['why', '--help'])).out).toContain('Examples:');
});
