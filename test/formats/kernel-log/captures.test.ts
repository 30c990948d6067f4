/** The logs of booted kernels, each alone, held against the analysis of the whole capture. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { treeOf } from '../../../src/cli/input/tree.ts';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { readMachineTree } from '../../../src/formats/linux-capture/machine.ts';
import type { Tree } from '../../../src/formats/linux-capture/tree.ts';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { annotateLog } from '../../../src/questions/dmesg/dmesg.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';
import { CAPTURES, treeOfCapture } from '../../exactness/captures.ts';

const LOGS = fileURLToPath(new URL('./boot-logs.tar.xz', import.meta.url));

let logs: Tree;
beforeAll(async () => {
  logs = (await treeOf(LOGS)) as Tree;
});

async function byLog(name: string): Promise<{ format: string; analysis: Analysis; text: string }> {
  const bytes = logs.read(`${name}/dmesg.txt`) as Uint8Array;
  const [source] = await readSources({ bytes, file: `${name}.txt` });
  return {
    format: source.format,
    analysis: analyze(machineOf(source)),
    text: new TextDecoder().decode(bytes),
  };
}

/** Their drivers took vectors that no line of the log tells of. */
const FULL: ReadonlySet<string> = new Set([
  'b8c-2v-exhausted-6.1',
  'b8d-1v-exhausted-6.12',
  'i-2v-exhausted-7.3',
]);

async function byCapture(name: string): Promise<Analysis> {
  const result = readMachineTree(await treeOfCapture(name), name);
  return analyze(machineOf({ file: name, format: 'machine', result }));
}

const facts = ({ machine, enumeration, run, apic }: Analysis) => ({
  kernel: machine.kernel.text,
  nrCpus: machine.kernelConfig.nrCpus,
  cmdline: machine.cmdline.text,
  possible: enumeration.possible.toString(),
  online: run.online.toString(),
  mode: apic.mode,
  remapping: apic.remapping,
});

const notUnderstood = ({ machine }: Analysis) => machine.notUnderstood.map(({ part }) => part).join('\n');

describe.each(CAPTURES)('%s', (name) => {
  test('its log contradicts nothing and passes nothing', async () => {
    const [{ format, analysis, text }, whole] = await Promise.all([byLog(name), byCapture(name)]);
    expect(format).toBe('kernel-log');
    // A capture adds parameters that /sys shows.
    const { cmdline, ...others } = facts(whole);
    expect(facts(analysis)).toMatchObject(others);
    expect(cmdline.startsWith(facts(analysis).cmdline)).toBe(true);
    const [reach, truth] = [analysis.domains[0], whole.domains[0]];
    expect(CpuMask.and(reach.reachable, truth.unreachable).toString()).toBe('');
    expect(CpuMask.and(reach.unreachable, truth.reachable).toString()).toBe('');
    // Plugged CPUs that the log does not count are named.
    const missed = CpuMask.andNot(whole.run.present, analysis.run.present);
    if (!missed.isEmpty()) expect(notUnderstood(analysis)).toContain('whose entries the kernel passed over');
    expect(analysis.summary.verdict).not.toBe('pass');
    if (whole.summary.verdict !== 'fail') expect(analysis.summary.verdict).toBe('warn');
    if (whole.apic.extDestId && !analysis.apic.extDestId)
      expect(notUnderstood(analysis)).toContain('extended destination ID');
    const { differences } = annotateLog(text, name, { analysis });
    const differing = differences.map((one) => `${one.kind}: ${one.text}`);
    expect(differing).toEqual(
      FULL.has(name) ? ['unexpected: Interrupt reservation exceeds available resources'] : [],
    );
  });
});
