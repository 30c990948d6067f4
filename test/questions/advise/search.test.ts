/** The search itself: cheapest first, nothing superfluous, bounded, the same every time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Advice } from '../../../src/questions/advise/advise.ts';
import { adviceOn, leftIn, titles } from './advising.ts';

const plain = (advice: Advice) => ({
  status: advice.status,
  titles: titles(advice),
  costs: advice.answers.map(({ cost }) => cost),
  runs: advice.runs,
  tried: advice.tried,
});

describe('what counts as an answer', () => {
  test('no answer holds another', async () => {
    const { answers } = await adviceOn(
      'platform: kvm\ncmdline: "nopv intremap=off"\nkernel: "5.4"\ntopology: { sockets: 300 }\n',
      { max: 10 },
    );
    expect(answers.length).toBeGreaterThan(1);
    const intents = answers.map(
      ({ changes }) => new Set(changes.flatMap((one) => one.intents.map((intent) => JSON.stringify(intent)))),
    );
    for (const [n, one] of intents.entries()) {
      for (const [m, other] of intents.entries())
        if (n !== m) expect([...one].every((intent) => other.has(intent))).toBe(false);
    }
  });

  test('each change of an answer is needed', async () => {
    const text = 'kernel: "6.12"\ncmdline: "noapic quiet"\ncpus: [{ apicId: "0-1,0x100-0x101" }]\n';
    const { answers } = await adviceOn(text);
    expect(answers[0].sets).toEqual(['cmdline="quiet"', 'remapping=on']);
    for (const set of answers[0].sets) expect(await leftIn(text, 'error', { set: [set] })).not.toEqual([]);
  });

  test('the expectations of the description do not count', async () => {
    const text = 'platform: kvm\ntopology: { sockets: 300 }\nexpect: { verdict: fail }\n';
    expect((await adviceOn(text)).status).toBe('advised');
  });

  test('a false expectation alone is not a matter of the machine', async () => {
    const { status, nearest, runs } = await adviceOn('topology: { cores: 2 }\nexpect: { online: "0-7" }\n');
    expect([status, runs]).toEqual(['no-change-helps', 0]);
    expect(nearest?.stays.map(({ finding, reason }) => [finding.rule, reason])).toEqual([
      [
        'expectation',
        'what the description expects is not so: correct `expect`, no change to the machine is looked for',
      ],
    ]);
  });

  test('changes of the user come first, and stay', async () => {
    const { answers } = await adviceOn('platform: kvm\ntopology: { sockets: 300 }\n', {
      set: ['extDestId=true', 'kernel="5.10"'],
    });
    expect(answers.map(({ sets }) => sets)).toEqual([['remapping=on'], ['kernel="5.11"']]);
    // What --kernel says goes before the file: a newer one written there proves nothing.
    expect(answers.map(({ file }) => file !== null)).toEqual([true, false]);
  });
});

describe('bounds', () => {
  const text = 'platform: kvm\nkernel: "5.4"\ncmdline: "nopv"\ntopology: { sockets: 300 }\n';

  test('a search that is cut short says that it does not know', async () => {
    const { status, cutShort, runs, nearest } = await adviceOn(text, { budget: 1 });
    expect([status, cutShort, runs]).toEqual(['not-found', true, 1]);
    expect(nearest?.stays.length).toBeGreaterThan(0);
  });

  test('no more answers than asked for', async () => {
    expect((await adviceOn(text, { max: 1 })).answers).toHaveLength(1);
  });

  test('a machine that is whole needs no run', async () => {
    const { status, runs } = await adviceOn('topology: { cores: 4 }\n');
    expect([status, runs]).toEqual(['nothing-to-fix', 0]);
  });
});

const machines = fc.record({
  platform: fc.constantFrom('bare-metal', 'kvm', 'hyperv', 'xen-hvm', 'vmware', 'bhyve', 'tcg', 'other'),
  kernel: fc.constantFrom('4.19', '5.4', '5.10', '6.1', '6.12', '7.0'),
  cmdline: fc.constantFrom('', 'nox2apic', 'noapic', 'intremap=off nopv', 'nr_cpus=200', 'nolapic'),
  sockets: fc.integer({ min: 1, max: 60 }),
  cores: fc.integer({ min: 1, max: 9 }),
  threads: fc.integer({ min: 1, max: 2 }),
  plugged: fc.double({ min: 0.1, max: 1, noNaN: true }),
  remapping: fc.constantFrom('off', 'on', '{ eim: off }', '{ optOut: on }'),
  x2apic: fc.constantFrom('auto', 'supported', 'enabled', 'unsupported'),
  extDestId: fc.boolean(),
  queues: fc.integer({ min: 1, max: 32 }),
});

describe('on any machine', () => {
  test('answers are proved, ordered, and the same every time', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async (one) => {
        const { sockets, cores, threads } = one;
        const product = sockets * cores * threads;
        const present = Math.max(1, Math.floor(product * one.plugged));
        const text = [
          `platform: ${one.platform}`,
          `kernel: "${one.kernel}"`,
          `cmdline: "${one.cmdline}"`,
          `topology: { sockets: ${sockets}, cores: ${cores}, threads: ${threads}, present: ${present} }`,
          `remapping: ${one.remapping}`,
          `x2apic: ${one.x2apic}`,
          `extDestId: ${one.extDestId}`,
          `devices: [{ name: disk, driver: nvme, queues: ${one.queues} }]`,
          '',
        ].join('\n');
        const advice = await adviceOn(text, { budget: 60 });
        expect(plain(await adviceOn(text, { budget: 60 }))).toEqual(plain(advice));
        expect(advice.runs).toBeLessThanOrEqual(60);
        for (const { sets, file, changes, difference } of advice.answers) {
          expect(await leftIn(text, 'error', { set: sets })).toEqual([]);
          if (file?.elsewhere.length === 0) expect(await leftIn(file.text, 'error')).toEqual([]);
          const free = changes.every(({ givesUp }) => givesUp === null);
          if (free) expect(difference.usable.gained).toBeGreaterThanOrEqual(difference.usable.lost);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
