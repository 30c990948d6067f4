/** The texts of findings against the facts: whatever a sentence says of the CPUs that it names is so. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { type MachineSource, machineOf, readSources } from '../../../src/questions/source.ts';
import { runs } from '../../budget.ts';
import { livedMachines } from '../random-machines.ts';
import { CLAIMS, cpusOf, NEVER } from './claims.ts';

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

/** Queues that a finding calls never started must not have been. */
function historyFaults(text: string, { run }: Analysis): string[] {
  const found = /(?:was|were) never started/.test(text);
  if (!found) return [];
  const started = run.devices.some(({ queues }) => queues.some(({ stopped }) => stopped === 'never-started'));
  return started ? [] : [`"${text}", and every stopped queue was started before`];
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

async function checkTexts(description: object): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(description));
  const [source] = await readSources({ bytes, file: 'm.json' });
  const facts = analysed(source);
  if (!facts) return;
  for (const { rule, message, cause, fix } of facts.findings) {
    for (const text of [message, ...cause, ...fix]) {
      expect([...faultsOf(text, facts), ...historyFaults(text, facts)], `${rule}: ${text}`).toEqual([]);
    }
  }
}

test('on random machines every sentence of a finding is so', { timeout: 3_600_000 }, async () => {
  await fc.assert(fc.asyncProperty(livedMachines, checkTexts), { numRuns: runs(150) });
});
