/**
 * What findings propose: each change, carried out on the description from scratch, takes the findings of its rule
 * away and makes nothing worse; and it is what `advise` says. On scenarios, public configurations and random machines.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { proposals } from '../../../src/findings/remedies/propose.ts';
import { changeTexts } from '../../../src/findings/remedies/words.ts';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { type MachineSource, machineOf, readSources } from '../../../src/questions/source.ts';
import { runs } from '../../budget.ts';
import { adviceOn, scenarioNames, scenarioText } from '../../questions/advise/advising.ts';
import { machines } from '../random-machines.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const RANK = { pass: 0, warn: 1, fail: 2 };
const ABOUT_WRITING = ['expectation', 'suppression-expired', 'suppression-unused'];

/** The machine analysed without what its description expects of it. */
function analysed(source: MachineSource, sets: readonly string[] = []): Analysis {
  return analyze({ ...machineOf(source, sets), expect: undefined });
}

/** nr_cpus= that is proposed keeps every plugged CPU that interrupts reach: they all come before it by number. */
function keepsReachable({ domains, run }: Analysis, cmdline: string): boolean {
  const nrCpus = Number(/nr_cpus=(\d+)/.exec(cmdline)?.[1]);
  const reachable = CpuMask.and(domains[0].reachable, run.present);
  return CpuMask.of(reachable.nbits, [...Array(reachable.nbits).keys()].slice(nrCpus))
    .andWith(reachable)
    .isEmpty();
}

/** Carries out every proposal for every finding and looks at what comes of it; returns how many there were. */
function checkProposals(source: MachineSource): number {
  const before = analysed(source);
  const proposed = proposals(before, analyze);
  // One change is often proposed for several findings.
  const known = new Map<string, Analysis>();
  const changed = (sets: readonly string[]): Analysis => {
    const key = sets.join('\0');
    const after = known.get(key) ?? analysed(source, sets);
    known.set(key, after);
    return after;
  };
  let checked = 0;
  for (const finding of before.findings) {
    const { rule } = finding;
    for (const { sets, changes } of proposed(rule)) {
      const where = `${source.file}: ${rule}: ${changes.map(({ title }) => title).join(' and ')}`;
      for (const text of changeTexts(changes, before.machine)) expect(finding.fix, where).toContain(text);
      const after = changed(sets);
      expect(
        after.findings.filter((finding) => finding.rule === rule),
        where,
      ).toEqual([]);
      expect(RANK[after.summary.verdict], where).toBeLessThanOrEqual(RANK[before.summary.verdict]);
      const added = sets.find((set) => set.startsWith('cmdline=') && set.includes('nr_cpus='));
      if (changes.length === 1 && added && !before.machine.cmdline.text.includes('nr_cpus=')) {
        expect(keepsReachable(before, added), where).toBe(true);
      }
      checked++;
    }
  }
  return checked;
}

const sourcesOf = (bytes: Uint8Array, file: string) => readSources({ bytes, file });

describe('each proposal cures its finding', () => {
  test.each(scenarioNames)('%s', async (name) => {
    const [source] = await sourcesOf(new TextEncoder().encode(scenarioText(name)), name);
    expect(checkProposals(source)).toBeGreaterThanOrEqual(0);
  });

  test.skipIf(!existsSync(CORPUS))('in every public configuration', { timeout: 600_000 }, async () => {
    const names = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(?:json|md)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    // All of them with `npm run fuzz:properties`.
    const step = Math.max(1, Math.floor(names.length / runs(60)));
    let checked = 0;
    for (const name of names.filter((_, n) => n % step === 0)) {
      try {
        for (const source of await sourcesOf(readFileSync(name), name)) checked += checkProposals(source);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }
    expect(checked).toBeGreaterThan(5);
  });
});

describe('findings and advise say the same', () => {
  /** Answers that cost this much more than the cheapest are no alternative to advise. */
  const SLACK = 8;

  test.each(scenarioNames)('%s', async (name) => {
    const text = scenarioText(name);
    const advice = await adviceOn(text, { file: name, level: 'error', max: 20 });
    const before = advice.before;
    const proposed = proposals(before, analyze);
    const single = advice.answers.filter(({ changes }) => changes.length === 1);
    const rules = new Set(advice.inTheWay.map(({ rule }) => rule));
    rules.delete('hypervisor-refuses');
    for (const rule of rules) {
      const mine = proposed(rule).filter(({ changes }) => changes.length === 1);
      const about = new Set(mine.map(({ changes: [{ about }] }) => about));
      if (mine.length < 5) {
        for (const { changes, stack } of single) {
          if (stack.length === 0) expect(about, `${rule}: ${changes[0].title}`).toContain(changes[0].about);
        }
      }
      for (const { changes, after, cost } of mine) {
        const whole = after.findings.every(
          (finding) => finding.level !== 'error' || ABOUT_WRITING.includes(finding.rule),
        );
        if (!whole || cost > advice.answers[0].cost + SLACK || advice.cutShort) continue;
        const same = single.filter(({ changes: [other] }) => other.about === changes[0].about);
        expect(same.length, `${rule}: ${changes[0].title}`).toBeGreaterThan(0);
        const [{ title, wording }] = changes;
        const other = same.find(({ changes: [change] }) => change.title === title);
        if (other) expect(other.changes[0].wording).toEqual(wording);
      }
    }
  });
});

test('on random machines no proposal makes anything worse', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(machines, async (description) => {
      const [source] = await sourcesOf(new TextEncoder().encode(JSON.stringify(description)), 'm.json');
      checkProposals(source);
    }),
    { numRuns: runs(30) },
  );
});
