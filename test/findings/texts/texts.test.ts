/** The texts of findings against the facts: whatever a sentence says of the CPUs that it names is so. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { type MachineSource, machineOf, readSources } from '../../../src/questions/source.ts';
import type { Why } from '../../../src/questions/why/chain.ts';
import { whyCpu } from '../../../src/questions/why/cpu.ts';
import { whyDevice } from '../../../src/questions/why/device.ts';
import { whyQueue } from '../../../src/questions/why/queue.ts';
import { runs } from '../../budget.ts';
import { livedMachines } from '../random-machines.ts';
import { CLAIMS, cpusOf, NEVER } from './claims.ts';
import { countFaults, sentencesOf, stoppedFaults } from './queue-history.ts';

/** So many CPUs, and queues of a device, are asked about. */
const WHYS = 12;

/** Faults of one text, each with the words that are wrong. */
function faultsOf(text: string, facts: Analysis): string[] {
  const never = NEVER.flatMap((pattern) => pattern.exec(text)?.[0] ?? []).map((words) => `says "${words}"`);
  const wrong = CLAIMS.flatMap(({ pattern, holds }) =>
    [...text.matchAll(pattern)].flatMap(([words, ...lists]) => {
      const list = lists.find((found) => found !== undefined);
      const cpus = list === undefined ? [] : cpusOf(list).filter((cpu) => !holds(cpu, facts));
      return cpus.length > 0 ? [`"${words}" is not so of ${cpus.join()}`] : [];
    }),
  );
  return [...never, ...wrong];
}

/** Null: the description is refused, as its events name CPUs that it has not. */
function analysed(source: MachineSource): Analysis | null {
  try {
    return analyze(machineOf(source));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** What `why` answers about the first CPUs, devices and queues. */
function whys(facts: Analysis): Why[] {
  return [
    ...facts.enumeration.cpus.slice(0, WHYS).map(({ cpu }) => whyCpu(facts, cpu)),
    ...facts.run.devices.flatMap((device) => [
      whyDevice(facts, device),
      ...device.queues.slice(0, WHYS).map((queue) => whyQueue(facts, device, queue)),
    ]),
  ];
}

async function checkTexts(description: object): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(description));
  const [source] = await readSources({ bytes, file: 'm.json' });
  const facts = analysed(source);
  if (!facts) return;
  for (const finding of facts.findings) {
    const { rule, message, cause, fix } = finding;
    for (const text of [message, ...cause, ...fix]) {
      expect(faultsOf(text, facts), `${rule}: ${text}`).toEqual([]);
    }
    expect(countFaults(facts, finding), `${rule}: ${message}`).toEqual([]);
  }
  for (const device of facts.run.devices) {
    for (const queue of device.queues) {
      const name = `${device.name}:${queue.index}`;
      expect(stoppedFaults(facts, device, queue), name).toEqual([]);
    }
  }
  for (const why of whys(facts)) {
    for (const text of sentencesOf(why)) {
      expect(faultsOf(text, facts), `why ${why.subject}: ${text}`).toEqual([]);
    }
  }
}

test('on random machines every sentence of a finding is so', { timeout: 3_600_000 }, async () => {
  await fc.assert(fc.asyncProperty(livedMachines, checkTexts), { numRuns: runs(50) });
});
