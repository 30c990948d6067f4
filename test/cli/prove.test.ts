/** `irqsim prove` as a user runs it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const SEED = 'scenarios/four-cpus-two-queues.yaml';
const NICS = 'scenarios/four-nics-480-cpus.yaml';

const EIGHT = scratchFile(
  'prove-eight.yaml',
  `kernel: "6.12"
topology: { cores: 8 }
devices:
  - { name: disk, driver: nvme, queues: 4 }
`,
);

async function answersOf(...args: string[]) {
  const { code, out } = await irqsim(['prove', '--format', 'json', ...args]);
  return { code, ...JSON.parse(out) };
}

test('the smallest counterexample is played by replay, and shows what it says', async () => {
  const { code, answers } = await answersOf('--property', 'no-queue-stops', '--offline-at-most', '2', EIGHT);
  expect(code).toBe(1);
  expect(answers).toMatchObject([
    {
      property: 'no-queue-stops',
      answer: 'fails',
      offlineAtMost: 2,
      among: '1-7',
      method: 'closed-form',
      counterexample: { events: [{ offline: '2-3' }], shows: 'disk queue 1 stops: no CPU of 2-3 is online' },
    },
  ]);
  const { out } = await irqsim(['replay', '--event', 'offline=2-3', '--fail-on', 'never', EIGHT]);
  expect(out).toContain('disk: queue 1 shut down');
});

test('without a number the largest one is found', async () => {
  const { code, answers } = await answersOf('--property', 'no-queue-stops,offline-accepted', EIGHT);
  expect(code).toBe(0);
  expect(answers).toMatchObject([
    { property: 'no-queue-stops', answer: 'holds', largest: 1, offlineAtMost: 1, sets: 7 },
    { property: 'offline-accepted', answer: 'holds', largest: 7, offlineAtMost: 7, sets: 127 },
  ]);
});

describe('a kernel whose check counts managed interrupts, so that the order decides', () => {
  const GAP = scratchFile(
    'prove-gap.yaml',
    `kernel: "5.10.13"
platform: bare-metal
x2apic: enabled
remapping: on
topology: { cores: 5 }
devices:
  - { name: disk, driver: nvme, queues: 2, count: 40 }
  - { name: nic, driver: generic, vectors: 64, count: 9 }
`,
  );

  test.each([[[]], [['--offline-at-most', 'max']]])('the largest number is searched for: %j', async (how) => {
    const { answers } = await answersOf('--property', 'offline-accepted', ...how, GAP);
    expect(answers).toMatchObject([
      { answer: 'holds', largest: 1, offlineAtMost: 1, counterexample: { events: [{ offline: '1-2' }] } },
    ]);
  });

  test('a set that is larger than the bound is no counterexample to smaller ones', async () => {
    const { answers } = await answersOf('--property', 'offline-accepted', '--offline-at-most', '1', GAP);
    expect(answers).toMatchObject([{ answer: 'holds', offlineAtMost: 1 }]);
  });

  test('and budget says so too', async () => {
    const report = JSON.parse((await irqsim(['budget', '--format', 'json', '--fail-on', 'never', GAP])).out);
    expect(report).toMatchObject({ offlineAtMost: 1, offline: { exact: true } });
  });
});

test('--among and --keep say which CPUs may go', async () => {
  const wanted = ['--property', 'no-queue-stops', '--offline-at-most', '8'];
  expect((await answersOf(...wanted, '--keep', '2,4,6', EIGHT)).answers).toMatchObject([
    { answer: 'holds', among: '1,3,5,7', sets: 15 },
  ]);
  expect((await answersOf(...wanted, '--among', '4-5', EIGHT)).answers).toMatchObject([
    { answer: 'fails', among: '4-5', counterexample: { events: [{ offline: '4-5' }] } },
  ]);
});

test('properties with a number', async () => {
  const { answers } = await answersOf(
    '--property',
    'every-device-works 3',
    '--property',
    'vectors-left=1500',
    EIGHT,
  );
  expect(answers).toMatchObject([
    { property: 'every-device-works 3', largest: 3, counterexample: { events: [{ offline: '2-5' }] } },
    { property: 'vectors-left 1500', answer: 'fails' },
  ]);
});

test('the policies of the October 2020 mail, on the machine it warns about', async () => {
  const { answers } = await answersOf(
    ...['--kernel', '7.3', '--policy', 'all', '--plug', 'any', '--property', 'no-io-hangs', SEED],
  );
  const failing = answers.filter(({ answer }: { answer: string }) => answer !== 'holds');
  expect(failing).toMatchObject([
    { policy: 'reachable-like-online', counterexample: { events: [] } },
    { policy: 'exclude-unreachable', counterexample: { events: [{ offline: 1 }] } },
    { policy: 'present-only', counterexample: { events: [{ offline: 1 }] } },
  ]);
  expect(answers).toHaveLength(12);
});

test('unknown is exit code 1, or 0 where that is wanted', async () => {
  const wanted = [
    '--property',
    'every-device-works 2',
    '--budget',
    '3',
    '--set',
    'cmdline=nvme.write_queues=2',
  ];
  const { code, answers } = await answersOf(...wanted, EIGHT);
  expect(answers).toMatchObject([{ answer: 'unknown' }]);
  expect(answers[0].because.join()).toContain('not covered');
  expect(code).toBe(1);
  expect((await answersOf(...wanted, '--unknown', 'pass', EIGHT)).code).toBe(0);
});

test('suspend, orders of probing and plugged CPUs', async () => {
  const wanted = ['--property', 'suspend-works,probe-order-free,reachable-after-plug'];
  expect((await answersOf(...wanted, NICS)).answers).toMatchObject([
    { answer: 'fails', offlineAtMost: null, counterexample: { events: [{ suspend: true }] } },
    { answer: 'holds', method: 'closed-form', sets: 24 },
    { answer: 'holds', sets: 0 },
  ]);
  const { answers } = await answersOf(
    ...wanted.slice(0, 1),
    'reachable-after-plug',
    ...[
      '--set',
      'platform=kvm',
      '--set',
      'cpus=[{"apicId":"0-3"},{"apicId":"254-257","state":"absent"}]',
      SEED,
    ],
  );
  expect(answers).toMatchObject([
    { answer: 'fails', counterexample: { events: [{ plug: { apicId: 256 } }, { online: 6 }] } },
  ]);
});

test('a counterexample of probe-order-free is played by replay', async () => {
  const file = scratchFile(
    'prove-order.yaml',
    `kernel: "6.12"
topology: { sockets: 2, cores: 1, nodes: 2 }
devices:
  - { name: disk, driver: nvme, queues: 2, count: 70 }
  - { name: nic, driver: generic, managed: off, vectors: 150, node: 0 }
`,
  );
  const { out } = await irqsim(['prove', '--property', 'probe-order-free', '--width', '200', file]);
  expect(out).toContain('probed first nic: disk25 gets less than it asks for');
  expect(out).toContain(`irqsim replay --set 'probeOrder=["nic"]' `);
  const played = await irqsim(['replay', '--set', 'probeOrder=["nic"]', '--fail-on', 'never', file]);
  expect(played.out).toMatch(/Boot +disk25 and 44 more, less than asked for: 1 vector could be had: 1 of 2/);
  expect((await irqsim(['replay', '--fail-on', 'never', file])).out).not.toContain('Boot');
});

test('--orders: the order in which the devices are probed is in the counterexample', async () => {
  const { answers } = await answersOf(
    '--orders',
    '--property',
    'no-queue-stops',
    '--offline-at-most',
    '2',
    EIGHT,
  );
  expect(answers).toMatchObject([{ answer: 'fails', counterexample: { probeOrder: ['disk'] } }]);
});

test('Ctrl-C gives what is proved so far', async () => {
  const file = scratchFile(
    'prove-long.yaml',
    `kernel: "6.12"
topology: { cores: 32 }
cmdline: nvme.write_queues=5
devices:
  - { name: nvme, driver: nvme, queues: 24 }
`,
  );
  const others = new Set(process.listeners('SIGINT'));
  const timer = setInterval(() => {
    const mine = process.listeners('SIGINT').find((listener) => !others.has(listener));
    if (mine === undefined) return;
    clearInterval(timer);
    mine('SIGINT');
  }, 10);
  const properties = 'offline-accepted,every-device-works=10';
  const args = ['--budget', '1000000000', '--property', properties, '--width', '200'];
  const { code, out, err } = await irqsim(['prove', ...args, file]);
  clearInterval(timer);
  expect(code).toBe(1);
  expect(err).toContain('stopped: what is proved so far');
  expect(out).toMatch(/offline-accepted +holds +any/);
  expect(out).toMatch(/sets of \d+ CPUs? and more are not covered: it was stopped/);
});

describe('what is said', () => {
  test('in text, Markdown and HTML', async () => {
    const { out } = await irqsim(['prove', '--property', 'no-queue-stops', '--offline-at-most', '2', EIGHT]);
    expect(out).toContain('irqsim replay --event offline=2-3');
    expect(out).toMatch(/^FAILS {2}/);
    const markdown = await irqsim(['prove', '--format', 'markdown', '--policy', 'P3,P5', EIGHT]);
    expect(markdown.out).toContain('| exclude-unreachable |');
    expect((await irqsim(['prove', '--format', 'html', EIGHT])).out).toContain('<html');
  });

  test('-v: what each property means', async () => {
    const { out } = await irqsim(['prove', '-v', '--property', 'every-device-works', EIGHT]);
    expect(out).toContain('every device has at least 1 working queue.');
  });

  test('JSON that its schema takes', async () => {
    const schema = JSON.parse((await irqsim(['schema', 'prove'])).out);
    const ajv = new Ajv2020({ strict: false });
    for (const args of [[EIGHT], ['--policy', 'all', SEED], [NICS]]) {
      const { code, ...document } = await answersOf(...args);
      expect(code).toBeLessThan(2);
      expect(ajv.validate(schema, document), ajv.errorsText()).toBe(true);
    }
  });
});

test.each([
  [['--property', 'no-queue-stop'], /one of offline-accepted/],
  [['--property', 'no-io-hangs 3'], /without a number/],
  [['--offline-at-most', 'two'], /number/],
  [['--among', '90'], /CPU 90 is outside 0-7/],
  [['--policy', 'P3,P77'], /no policy P77/],
  [['--kernel', '6.1,6.12'], /one kernel/],
])('%j is refused', async (args, message) => {
  const { code, err } = await irqsim(['prove', ...args, EIGHT]);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
