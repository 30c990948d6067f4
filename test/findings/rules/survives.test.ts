/** `expect.survives` of a description: proved, or an error with the counterexample. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/machine/locate.ts';
import { analyzeText, readText } from '../../helpers.ts';

const machine = (survives: string) => `kernel: "6.12"
topology: { cores: 8 }
devices:
  - { name: disk, driver: nvme, queues: 4 }
expect:
  survives: ${survives}
`;

const unmet = async (survives: string) =>
  (await analyzeText(machine(survives))).findings.filter(({ rule }) => rule === 'expectation');

test('what is proved is no finding', async () => {
  expect(await unmet('{ offline: 1, properties: [no-queue-stops, "every-device-works 4"] }')).toEqual([]);
  expect(await unmet('{ properties: [offline-accepted, no-io-hangs], plug: any }')).toEqual([]);
  expect(await unmet('{ offline: 2, keep: "2,4,6", properties: [no-queue-stops] }')).toEqual([]);
});

test('what fails has the smallest counterexample, and the place of the property', async () => {
  expect(await unmet('{ offline: 2, properties: [offline-accepted, no-queue-stops] }')).toMatchObject([
    {
      level: 'error',
      message: 'expected no-queue-stops to survive any 2 CPUs going offline',
      cause: ['offline CPUs 2-3: disk queue 1 stops: no CPU of 2-3 is online'],
      location: { line: 6 },
    },
  ]);
});

test('what is not known is an error, too', async () => {
  const [finding] = await unmet('{ offline: 7, among: "1-7", properties: ["every-device-works 9"] }');
  expect(finding.cause.join()).toContain('as it is: disk: 4 of 4 queues work');
  const [beyond] = await unmet('{ among: 99, properties: [no-queue-stops] }');
  expect(beyond.message).toContain('CPU 99 is outside 0-7');
});

describe('what cannot be read is refused', () => {
  test.each([
    ['{ offline: 2, properties: [no-queue-stop] }', /unknown property "no-queue-stop".*no-queue-stops/],
    ['{ offline: two, properties: [no-queue-stops] }', /whole number/],
    ['{ offline: 2 }', /properties/],
    ['{ ofline: 2, properties: [no-queue-stops] }', /offline/],
  ])('%s', async (survives, message) => {
    const reading = readText(machine(survives));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });
});
