/** Every scenario that fails: a change that is proved from scratch, or a stated reason why there is none. */
import { describe, expect, test } from 'vitest';
import type { Level } from '../../../src/findings/rules/rule.ts';
import type { Advice } from '../../../src/questions/advise/advise.ts';
import { adviceOn, leftIn, scenarioNames, scenarioText, stackOf } from './advising.ts';

/** Scenarios that no change makes whole: rule → why it stays. */
const WITHOUT_CURE: Readonly<
  Partial<Record<Level, Readonly<Record<string, Readonly<Record<string, RegExp>>>>>>
> = {
  error: {
    // 202 managed devices of any queue count need 202 vectors a CPU.
    'rules/device-without-queue.bad.yaml': {
      'device-without-queue': /^202 devices want a vector on every CPU each, .* take devices away$/,
      'vector-reservation-failed': /^202 devices want a vector on every CPU each, .* take devices away$/,
    },
  },
  warning: {
    'rules/device-without-queue.bad.yaml': {
      'device-without-queue': /^202 devices want a vector/,
      'vector-reservation-failed': /^202 devices want a vector/,
    },
    'rules/broadcast-id.bad.yaml': { 'broadcast-id': /only the program that runs the guest/ },
    'rules/kernel-approximated.bad.yaml': { 'kernel-approximated': /backported is in no description/ },
    'rules/isolation-ignored.bad.yaml': { 'isolation-ignored': /only who wrote the CPU list knows/ },
    // nr_cpus= keeps the CPUs that the domain reaches, and gives up two that run.
    'rules/domain-misses-cpus.bad.yaml': {
      'cpus-over-count-limit': /tried/,
    },
    'rules/vmd-children-follow.bad.yaml': { 'vmd-children-follow': /only firmware can take a device out/ },
    'rules/package-not-told.bad.yaml': { 'package-not-told': /leaves out what decides it: add that/ },
    'rules/input-not-understood.bad.yaml': { 'input-not-understood': /write it in another way/ },
    // It plugs APIC ID 200, which its firmware does not list.
    'hotplug-above-the-limit.yaml': {
      'event-refused': /^the description asks for events that the kernel refuses .*ENODEV/,
    },
  },
};

describe.each(['error', 'warning'] as const)('at level %s', (level) => {
  describe.each(scenarioNames)('%s', (name) => {
    const text = scenarioText(name);
    let known: Promise<Advice> | undefined;
    const advised = () => {
      known ??= adviceOn(text, { level, file: name });
      return known;
    };

    test('is advised on honestly', async () => {
      const advice = await advised();
      const written = advice.aboutWriting.map(({ rule }) => rule);
      const found = await leftIn(text, level, { file: name });
      expect(advice.inTheWay.map(({ rule }) => rule)).toEqual(found.map(({ rule }) => rule));
      expect(written).toEqual([]);
      expect(advice.cutShort).toBe(false);
      const reasons = WITHOUT_CURE[level]?.[name];
      if (found.length === 0) {
        expect(advice.status).toBe('nothing-to-fix');
      } else if (reasons) {
        expect(advice.status).toBe('no-change-helps');
        const stays = advice.nearest?.stays ?? [];
        expect(stays.map(({ finding }) => finding.rule)).toEqual(Object.keys(reasons));
        for (const { finding, reason } of stays) expect(reason).toMatch(reasons[finding.rule]);
      } else {
        expect(advice.status).toBe('advised');
      }
    });

    test('has answers that hold when the machine is read from scratch', async () => {
      const { answers } = await advised();
      const costs = answers.map(({ cost }) => cost);
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      for (const { sets, setsProve, file, ...answer } of answers) {
        const stack = stackOf({ sets, setsProve, file, ...answer });
        if (setsProve) expect(await leftIn(text, level, { file: name, set: sets, stack })).toEqual([]);
        expect(setsProve || file !== null).toBe(true);
        if (file?.elsewhere.length === 0) {
          expect(await leftIn(file.text, level, { file: name, stack })).toEqual([]);
        }
      }
    });
  });
});

test.each(scenarioNames)('%s at level note does not fail', async (name) => {
  const { status, answers, nearest } = await adviceOn(scenarioText(name), { level: 'note', file: name });
  expect(answers.length > 0).toBe(status === 'advised');
  expect(nearest !== null).toBe(status === 'no-change-helps' || status === 'not-found');
});
