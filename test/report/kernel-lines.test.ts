/** Kernel lines for people: a run of one kind is cut and counted, and nothing else is lost. */
import { expect, test } from 'vitest';
import { analysisDocument } from '../../src/report/analysis/document.ts';
import { kernelLines } from '../../src/report/wording/kernel-lines.ts';
import { analyzeText } from '../helpers.ts';

const refused = (n: number): string[] =>
  Array.from(
    { length: n },
    (_, k) => `smpboot: CPU ${k + 250} has invalid APIC ID ${(k + 250).toString(16)}. Aborting bringup`,
  );

test('a long run of one kind is cut after ten lines; a short one and other lines stay', () => {
  const lines = ['x2apic: enabled', ...refused(300), 'CPU topo: Rejected CPUs 3', ...refused(11)];
  expect(kernelLines(lines)).toEqual([
    'x2apic: enabled',
    ...refused(10),
    '(and 290 more lines of this kind)',
    'CPU topo: Rejected CPUs 3',
    ...refused(11),
  ]);
  expect(kernelLines([])).toEqual([]);
});

test('reports of many CPUs that are refused stay readable', async () => {
  const analysis = await analyzeText('platform: kvm\ntopology: { cores: 600 }\nextDestId: false\n');
  expect(analysis.run.messages.length).toBeGreaterThan(300);
  const blocks = analysisDocument(analysis, true).flat();
  const [kernel] = blocks.flatMap((block) =>
    block.kind === 'facts' ? block.facts.filter(({ name }) => name === 'Kernel') : [],
  );
  expect(kernel.texts.length).toBeLessThan(20);
  expect(kernel.texts.some((text) => /^\(and \d+ more lines of this kind\)$/.test(String(text)))).toBe(true);
});
