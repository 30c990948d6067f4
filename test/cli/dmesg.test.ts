/** `irqsim dmesg` as a user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { dmesgJsonSchema } from '../../src/report/schema/dmesg-schema.ts';
import { ROOT } from '../built.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const SERVER = 'scenarios/imported/server-255-of-256.dmesg';
const GUEST = 'scenarios/imported/guest.journal';

async function json(file: string, ...args: string[]) {
  const { out, code } = await irqsim(['dmesg', '--format', 'json', ...args, file]);
  return { code, report: JSON.parse(out) };
}

describe('the log of a server of 256 threads that runs 255', () => {
  test('lines, differences, facts and the analysis', async () => {
    const { report, code } = await json(SERVER);
    expect(code).toBe(1);
    const trouble = report.lines.filter((line: { matters: boolean }) => line.matters);
    expect(
      trouble.map(({ line, entry, times }: { line: number; entry: string; times: number }) => [
        line,
        entry,
        times,
      ]),
    ).toEqual([
      [39, 'remapping-without-x2apic', 1],
      [40, 'x2apic-disabled', 1],
      [50, 'invalid-apic-id', 1],
      [65, 'affinity-broken-no-vectors', 3],
    ]);
    expect(report.differences).toEqual([
      {
        kind: 'unexpected',
        text: 'irq 412: Affinity broken due to vector space exhaustion.',
        line: 65,
        model: null,
        times: 3,
      },
    ]);
    expect(report.facts).toMatchObject({
      kernel: '6.12.43',
      possible: 256,
      present: 256,
      broughtUp: 255,
      nrCpus: 8192,
      refused: '255',
      routing: 'physical flat',
      remapping: null,
      boots: 1,
    });
    expect(report.facts.devices).toHaveLength(3);
    expect(report.analysis.reach.unreachable).toBe('255');
    expect(report.analysis.summary.verdict).toBe('fail');
    expect(report.ask.at(-1)).toContain('irqsim capture');
  });

  test('people read the first cause first, and the verdict and what to ask for last', async () => {
    const out = (await irqsim(['dmesg', SERVER])).out.replace(/\s+/g, ' ');
    const parts = [
      'What matters, the first cause first',
      "x2apic: IRQ remapping doesn't support X2APIC mode",
      'smpboot: CPU 255 has invalid APIC ID ff',
      '(3 lines like it, the last is 67)',
      'What else the log says',
      'Where the log and the model differ',
      'FAIL',
      'bare-metal-apic-limit',
      'What to ask for next',
    ];
    const places = parts.map((part) => out.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  test('Markdown', async () => {
    const { out } = await irqsim(['dmesg', '--format', 'markdown', SERVER]);
    expect(out).toContain('### What matters, the first cause first');
    expect(out).toContain('`irqsim explain invalid-apic-id`');
  });
});

describe('other logs', () => {
  test("a guest's journal is as the model has it", async () => {
    const { report, code } = await json(GUEST);
    expect(code).toBe(0);
    expect(report.differences).toEqual([]);
    expect(report.lines.some((line: { matters: boolean }) => line.matters)).toBe(false);
    expect(report.analysis.summary.verdict).toBe('warn');
    expect((await irqsim(['dmesg', '--fail-on', 'warning', GUEST])).code).toBe(1);
  });

  test('options change the machine', async () => {
    const { report } = await json(GUEST, '--set', 'extDestId=true', '--event', 'offline=3');
    expect(report.analysis.apic.extDestId).toBe(true);
    expect(report.analysis.cpus.online).toBe('0-2,4-11');
  });

  test('what the log has and the model has not', async () => {
    const text = readFileSync(join(ROOT, SERVER), 'utf8').replace(
      'nvme nvme0: 128/0/0',
      'nvme nvme0: 100/0/0',
    );
    const { report } = await json(scratchFile('dmesg-differs.log', text), '--set', 'devices.nvme0.queues=64');
    expect(
      report.differences
        .slice(0, 2)
        .map(({ kind, text: said, model }: Record<string, string>) => [kind, said, model]),
    ).toEqual([
      ['unexpected', 'irq 412: Affinity broken due to vector space exhaustion.', null],
      ['unexpected', 'nvme nvme0: 100/0/0 default/read/poll queues', '64 queues'],
    ]);
  });

  test('a part of a log has no verdict, and its lines are told', async () => {
    const part = scratchFile(
      'dmesg-part.log',
      '[    9.1] smpboot: CPU 7 is now offline\n[    9.2] irq 24: nobody cared (try booting with the "irqpoll" option)\n',
    );
    const { report, code } = await json(part);
    expect(code).toBe(0);
    expect(report.analysis).toBeNull();
    expect(report.machine).toBeNull();
    expect(report.lines.map(({ entry }: { entry: string | null }) => entry)).toEqual([
      null,
      'irq-nobody-cared',
    ]);
    expect(report.ask[0]).toMatch(/^the log from the boot on/);
    expect((await irqsim(['dmesg', part])).out).toContain(
      'No verdict: this is a kernel log that does not tell how many CPUs',
    );
  });

  test('the log of a captured machine', async () => {
    const { report } = await json('test/captures/b4-apic316-noIR-bare-6.12.tar.xz', '--fail-on', 'never');
    expect(report.facts.kernel).toBe('6.12.117');
  });

  test('what is no log', async () => {
    const nothing = scratchFile('dmesg-nothing.txt', 'hello\nworld\n');
    expect(await irqsim(['dmesg', nothing])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no kernel log'),
    });
    expect(await irqsim(['dmesg', '--from', 'qemu', SERVER])).toMatchObject({ code: 2 });
  });
});

test.each([SERVER, GUEST])('the JSON of %s is as its schema says', async (file) => {
  const validate = new Ajv2020({ strict: false }).compile(dmesgJsonSchema());
  const { report } = await json(file);
  expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
});

test('without a release the words of the newest kernel are not held against the log', async () => {
  const file = scratchFile('allow.dmesg', '[    0.1] smpboot: Allowing 8 CPUs, 0 hotplug CPUs\n');
  const { out } = await irqsim(['dmesg', file]);
  expect(out).toMatch(/words of the messages are not\s+compared/);
  expect(out).toMatch(/does not reach back to the boot/);
  expect(out).not.toMatch(/nothing is missing|unexpected/);
  const { report } = await json(file, '--kernel', '6.12');
  expect(report.differences).toMatchObject([{ kind: 'unexpected' }]);
});

describe('what options supply is no longer named as unknown', () => {
  const PART = '[    0.1] smpboot: Allowing 8 CPUs, 0 hotplug CPUs\n';

  test.each([
    [['--kernel', '6.1'], /kernel release/],
    [['--set', 'kernel=6.1'], /kernel release/],
    [['--set', 'platform=vmware'], /what the kernel runs on/],
    [['--set', 'cmdline=quiet'], /kernel command line/],
  ])('%j', async (options, part) => {
    const file = scratchFile('supplied.dmesg', PART);
    const before = (await json(file)).report;
    const after = (await json(file, ...options)).report;
    const named = ({ analysis }: { analysis: { findings: { message: string }[] } }) =>
      analysis.findings.filter(({ message }) => part.test(message));
    expect(named(before)).toHaveLength(1);
    expect(named(after)).toHaveLength(0);
    expect(after.ask.join(' ')).not.toMatch(part);
    // The places of those that stay are still their own.
    expect(after.analysis.findings.length).toBeLessThan(before.analysis.findings.length);
  });

  test('what is not compared is in JSON, and goes with a release', async () => {
    const file = scratchFile('supplied.dmesg', PART);
    expect((await json(file)).report.notCompared).toHaveLength(2);
    expect((await json(file, '--kernel', '7.3')).report.notCompared).toEqual([
      expect.stringContaining('does not reach back'),
    ]);
    expect((await json(SERVER)).report.notCompared).toEqual([]);
  });
});

test('changes of a machine that the log does not tell of are not dropped in silence', async () => {
  const file = scratchFile('part.dmesg', '[    9.1] nvme nvme0: 3/0/0 default/read/poll queues\n');
  const { err } = await irqsim(['dmesg', file, '--kernel', '6.1', '--set', 'extDestId=true']);
  expect(err).toContain('tells of no machine, so nothing was changed by extDestId=true, --kernel 6.1');
  expect((await irqsim(['dmesg', file])).err).toBe('');
});
