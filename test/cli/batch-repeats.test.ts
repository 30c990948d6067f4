/** Records made of other records are those that an analysis of their own would give. */
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/cli/batch/item.ts';
import type { Job } from '../../src/cli/batch/job.ts';
import { sha256 } from '../../src/cli/batch/load.ts';
import { processItem } from '../../src/cli/batch/process.ts';
import { createRepeats } from '../../src/cli/batch/repeats.ts';
import { NO_SETTINGS } from '../../src/findings/triage/judge.ts';

const JOB: Job = { changes: [], settings: NO_SETTINGS, reports: false, digest: '0'.repeat(16) };

const REST =
  '"kernel":"6.12","topology":{"sockets":1,"cores":8,"threads":2},"devices":[{"name":"m1","driver":"nvme","queues":4}]}';
const ABOVE = '"topology":{"sockets":1,"cores":300},"devices":[{"name":"n","driver":"nvme","queues":4}]}';

/** Numbered lines of one stream. */
function linesOf(texts: readonly string[]): Item[] {
  return texts.map((text, index) => ({
    kind: 'line',
    id: `s.ndjson:${index + 1}`,
    file: 's.ndjson',
    line: index + 1,
    bytes: new TextEncoder().encode(text),
    index,
  }));
}

/** How many analyses the records of these lines took; each is held against its own analysis. */
async function analysesOf(texts: readonly string[], job = JOB): Promise<number> {
  const repeats = createRepeats();
  let analyses = 0;
  for (const item of linesOf(texts)) {
    const outcome = await repeats.outcome(item, job, sha256, () => {
      analyses++;
      return processItem(item, job);
    });
    expect(outcome).toEqual(await processItem(item, job));
  }
  return analyses;
}

const named = (count: number, line: (name: string) => string) =>
  Array.from({ length: count }, (_, n) => line(`m${10 + n}`));

describe('descriptions that repeat but for their name', () => {
  it('are analysed twice: the second shows that the others may be made of the first', async () => {
    expect(await analysesOf(named(20, (name) => `{"name":"${name}",${REST}`))).toBe(2);
  });

  it('have findings at their own places', async () => {
    expect(await analysesOf(named(20, (name) => `{"name":"${name}",${ABOVE}`))).toBe(2);
    expect(await analysesOf(named(20, (name) => `{"id":"${name}","machine":{${ABOVE}}`))).toBe(2);
  });

  it('are of another kind where the name has another length, as columns differ', async () => {
    const names = ['a1', 'bb1', 'a2', 'bb2', 'a3', 'bb3'];
    expect(await analysesOf(names.map((name) => `{"name":"${name}",${ABOVE}`))).toBe(4);
  });

  it('are analysed each where the first name comes again inside', async () => {
    const names = ['m1x', 'm2x', 'm3x', 'm1x'];
    expect(await analysesOf(names.map((name) => `{"id":"${name}","machine":{"name":"m1x",${REST}}`))).toBe(4);
  });

  it('keep the places of a text inside the record', async () => {
    const text =
      'kernel: \\"6.12\\"\\ntopology: { cores: 300 }\\ndevices:\\n  - { name: n, driver: nvme }\\n';
    const lines = named(6, (name) => `{"id":"${name}","text":"${text}"}`);
    expect(await analysesOf(lines)).toBeLessThanOrEqual(6);
  });

  it('are analysed each if they cannot be read, if another key differs, and for reports', async () => {
    expect(await analysesOf(named(4, (name) => `{"name":"${name}","nosuch":1}`))).toBe(4);
    expect(await analysesOf(named(4, (name) => `{"name":"x","kernel":"6.${name.slice(1)}"}`))).toBe(4);
    expect(
      await analysesOf(
        named(4, (name) => `{"name":"${name}",${REST}`),
        { ...JOB, reports: true },
      ),
    ).toBe(4);
  });
});
