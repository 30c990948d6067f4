/** irqsim solve: the number, what stops the next, and answers that analysing every number confirms. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { solveJsonSchema } from '../../src/report/schema/solve-schema.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const GUEST = scratchFile(
  'guest.yaml',
  `kernel: "6.12"
platform: kvm
topology: { sockets: 48, cores: 4 }
devices:
  - { name: nvme, driver: nvme, queues: 64 }
  - { name: nic, driver: generic, vectors: 64, managed: false, count: 1 }
`,
);
const valid = new Ajv2020({ strict: false }).compile(solveJsonSchema());

async function solved(...args: string[]) {
  const { code, out } = await irqsim(['solve', GUEST, '--format', 'json', ...args]);
  const answer = JSON.parse(out);
  valid(answer);
  expect(valid.errors ?? []).toEqual([]);
  return { code, ...answer };
}

const verdictAt = async (set: string): Promise<string> => {
  const { out } = await irqsim([
    'analyze',
    '--format',
    'json',
    '--no-vectors',
    '--fail-on',
    'never',
    '--set',
    set,
    GUEST,
  ]);
  return JSON.parse(out).summary.verdict;
};

describe('a topology', () => {
  test('has holes: every number is tried, and a larger one may work again', async () => {
    const answer = await solved('--set', 'topology.sockets=30', '--maximise', 'topology.cores=3..8');
    expect(answer).toMatchObject({ code: 0, best: 8, next: null, stoppedBy: null, tried: 6 });
    const cores = await solved('--set', 'topology.sockets=60', '--maximise', 'topology.cores=1..8');
    expect(cores).toMatchObject({ code: 0, best: 4, next: 5, stoppedBy: { rule: 'apic-id-above-limit' } });
    expect(cores.monotone).toBe(true);
  });

  test('answers what analyze answers for every number', async () => {
    const { best, next } = await solved('--maximise', 'topology.sockets=55..70');
    for (let sockets = 55; sockets <= 70; sockets++) {
      const works = (await verdictAt(`topology.sockets=${sockets}`)) !== 'fail';
      if (sockets === best) expect(works).toBe(true);
      if (sockets > best) expect([sockets, works]).toEqual([sockets, false]);
    }
    expect(next).toBe(best + 1);
  });

  test('of which no number works is said, with exit code 1', async () => {
    const answer = await solved('--set', 'topology.sockets=100', '--maximise', 'topology.cores=5..8');
    expect(answer).toMatchObject({ code: 1, best: null, stoppedBy: { rule: 'apic-id-above-limit' } });
  });
});

test('devices: bisection, and the finding that stops the next', async () => {
  const answer = await solved(
    '--set',
    'topology.sockets=1',
    '--maximise',
    'devices.nic.count',
    '--subject-to',
    'no warnings',
  );
  expect(answer.monotone).toBe(true);
  expect(answer.tried).toBeLessThan(64);
  expect(answer.next).toBe(answer.best + 1);
  expect(answer.stoppedBy.rule).toMatch(/^[a-z-]+$/);
  const at = async (count: number) => {
    const args = ['--set', 'topology.sockets=1', '--set', `devices.nic.count=${count}`, '--format', 'json'];
    const { out } = await irqsim(['analyze', '--no-vectors', '--fail-on', 'never', ...args, GUEST]);
    return JSON.parse(out).summary.verdict;
  };
  expect(await at(answer.best)).toBe('pass');
  expect(await at(answer.next)).not.toBe('pass');
});

test('CPUs that may go offline: the number is proved', async () => {
  const set = ['--set', 'topology.sockets=2', '--set', 'devices.nvme.queues=4'];
  expect(await solved(...set, '--maximise', 'offline')).toMatchObject({ code: 0, path: 'offline', best: 7 });
  const whole = await solved(...set, '--maximise', 'offline', '--subject-to', 'no-queue-stops');
  expect(whole).toMatchObject({ best: 1, next: 2, stoppedBy: { rule: 'no-queue-stops' } });
});

test('two targets: a frontier', async () => {
  const answer = await solved('--maximise', 'topology.sockets=20,32,48', '--maximise', 'topology.cores=1..8');
  expect(answer.frontier.map(({ value, best }: { value: number; best: number }) => [value, best])).toEqual([
    [20, 8],
    [32, 8],
    [48, 4],
  ]);
  const { out } = await irqsim([
    'solve',
    GUEST,
    '--maximise',
    'topology.sockets=20,48',
    '--maximise',
    'topology.cores=1..8',
  ]);
  expect(out).toContain('topology.cores at most, by topology.sockets');
});

test('a description whose number may be no more is invalid there', async () => {
  const answer = await solved(
    '--set',
    'topology.sockets=1',
    '--maximise',
    'devices.nvme.queues=65530..65540',
  );
  expect(answer).toMatchObject({ best: 65_535, next: 65_536, stoppedBy: { rule: 'invalid' } });
});

describe('what small numbers have too little for', () => {
  const queues = ['--set', 'topology.sockets=1', '--set', 'topology.cores=16', '--offline-at-most', '0'];

  test('is looked for among larger ones where nobody names numbers', async () => {
    const demand = ['--subject-to', 'every-device-works 9'];
    const least = await solved(...queues, ...demand, '--minimise', 'devices.nvme.queues');
    expect(least).toMatchObject({ code: 0, best: 9, next: 8, tried: 16, monotone: true });
    const most = await solved(...queues, ...demand, '--maximise', 'devices.nvme.queues');
    expect(most).toMatchObject({ code: 0, best: 65_535, next: 65_536, monotone: false });
    expect(most.tried).toBeLessThan(120);
  });

  test('is said where it is not among those that were tried', async () => {
    const args = ['--maximise', 'devices.nvme.queues', '--subject-to', 'every-device-works 99'];
    const { code, out } = await irqsim(['solve', GUEST, ...queues, ...args, '--width', '200']);
    expect(code).toBe(1);
    expect(out).toContain('256 numbers tried, 1 to 256: none works; of larger ones nothing is said');
    expect(out).toContain('fewer than 99');
  });
});

test.each([
  [[], 'say what to solve for'],
  [['--maximise', 'topology.sockets=4..1'], '--maximise topology.sockets=4..1: '],
  [['--maximise', 'topology.sockets=a,b'], 'whole numbers are expected'],
  [['--maximise', 'topology.sockets', '--maximise', 'topology.cores'], 'the first needs numbers'],
  [
    ['--maximise', 'topology.sockets=1..2', '--subject-to', 'no erors'],
    'expected "no errors", "no warnings"',
  ],
  [
    ['--maximise', 'devices.foo.count'],
    'no number makes a valid machine; with 1: there is no element named "foo"',
  ],
  [
    ['--minimise', 'devices.nvme.driver=1..9'],
    '--minimise devices.nvme.driver: no number makes a valid machine',
  ],
  [['--maximise', 'topology.cores=1..2', '--maximise', 'no.such'], '--maximise no.such: no number makes'],
  [['--maximise', 'offline', '--subject-to', 'suspend-works'], 'not about CPUs that go offline'],
  [['--maximise', 'offline', '--subject-to', 'no errors'], 'offline goes with properties'],
  [['--minimise', 'offline'], 'no CPU has to go offline'],
] as const)('%j is refused', async (args, message) => {
  const { code, err } = await irqsim(['solve', GUEST, ...args]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

describe('what the description expects', () => {
  const file = scratchFile(
    'solve-expects.yaml',
    `kernel: "6.12"
topology: { cores: 16 }
devices:
  - { name: nvme, driver: nvme, queues: 4 }
expect:
  online: 0-15
  verdict: pass
  survives: { offline: 2, properties: [no-queue-stops] }
`,
  );

  test('counts where it is of any number, and is named where it is not', async () => {
    const { out } = await irqsim([
      'solve',
      file,
      '--maximise',
      'devices.nvme.queues=1..16',
      '--format',
      'json',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      subjectTo: ['no errors', 'no warnings', 'no-queue-stops with any 2 CPUs going offline'],
      leftOut: ['expect.online'],
      best: 5,
      next: 6,
      stoppedBy: { rule: 'expectation' },
    });
  });

  test('is what may go offline, but for what options name instead', async () => {
    const best = async (...args: string[]) =>
      JSON.parse((await irqsim(['solve', file, '--format', 'json', '--maximise', 'offline', ...args])).out)
        .best;
    expect(await best()).toBe(3);
    expect(await best('--subject-to', 'offline-accepted')).toBe(15);
  });
});

test('a description that is a machine only with the numbers that are tried', async () => {
  const file = scratchFile('solve-no-cpus.yaml', 'devices:\n  - { name: nvme, driver: nvme, queues: 4 }\n');
  const args = ['--maximise', 'topology.cores=1..8', '--event', 'offline=3', '--format', 'json'];
  expect(JSON.parse((await irqsim(['solve', file, ...args])).out)).toMatchObject({
    best: 8,
    monotone: false,
  });
  const { code, err } = await irqsim(['solve', file, '--maximise', 'devices.nvme.queues=1..8']);
  expect(code).toBe(2);
  expect(err).toContain('the machine has no CPUs');
});

test('all numbers of devices are tried where a further one may mend what is demanded', async () => {
  const tried = async (demand: string) =>
    (
      await solved(
        '--set',
        'topology.sockets=1',
        '--maximise',
        'devices.nic.count=1..40',
        '--subject-to',
        demand,
      )
    ).tried;
  expect(await tried('every-node-has-a-queue')).toBe(40);
  expect(await tried('vectors-left')).toBeLessThan(40);
});
