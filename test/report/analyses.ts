/** What the tests of the formats report on: every scenario, odd names, and inputs that cannot be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Analysis, analyze } from '../../src/findings/analyze.ts';
import { InputError } from '../../src/machine/locate.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import type { Reporter, ReportOptions } from '../../src/report/reporter.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Paths of all scenarios, from the project's folder. */
export const SCENARIOS: readonly string[] = readdirSync(`${ROOT}/scenarios`, {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => relative(ROOT, `${entry.parentPath}/${entry.name}`))
  .sort();

export const FAIL = 'scenarios/240-vcpus-of-5-cores.yaml';
export const PASS = 'scenarios/server-384-cpus-apic-447.yaml';

/** The analyses of the machines that a text holds. */
export async function analysesOf(
  text: string | Uint8Array,
  file: string,
  set: readonly string[] = [],
): Promise<Analysis[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const sources = await readSources({ bytes, file });
  return sources.map((source) => analyze(machineOf(source, set)));
}

const known = new Map<string, Promise<Analysis[]>>();

/** The analyses of a scenario, made once for all tests: what is to be changed about a finding takes a long search. */
export function scenario(file: string): Promise<readonly Analysis[]> {
  let analyses = known.get(file);
  if (!analyses) {
    analyses = analysesOf(readFileSync(`${ROOT}/${file}`), file);
    known.set(file, analyses);
  }
  return analyses;
}

/** A machine with one error (a false expectation) and other findings, of any name and file name. */
export async function named(name: string, file: string): Promise<Analysis> {
  const machine = {
    name,
    platform: 'kvm',
    topology: { sockets: 300 },
    devices: [{ name: 'a|b `c` <d>, "e"', driver: 'nvme', queues: 4 }],
    expect: { reachable: '0' },
  };
  const [analysis] = await analysesOf(JSON.stringify(machine), file);
  return analysis;
}

export const unreadable = new InputError(
  [
    { file: 'dir/broken.yaml', line: 3, column: 7, message: 'unknown key "x", "y": 100%\nexpected <z>' },
    { file: '--set devices.a=1', line: 1, column: 1, message: 'no such device' },
  ],
  2,
);

const STYLE: ReportOptions = { version: '1.2.3', vectors: true, width: 80, colour: 0, verbose: false };

/** The document on these analyses, and on an unreadable input if one is named. */
export function render(
  reporter: Reporter,
  analyses: readonly Analysis[],
  { failed, ...style }: Partial<ReportOptions> & { failed?: string } = {},
): string {
  const inputs = analyses.length + (failed === undefined ? 0 : 1);
  const writer = reporter.begin({ ...STYLE, ...style }, inputs);
  const texts = analyses.map(writer.add);
  if (failed !== undefined) texts.push(writer.failed(failed, unreadable));
  return texts.join('') + writer.end();
}

/** Names that formats have to escape. */
export const ODD_NAMES: readonly string[] = [
  'plain',
  'with blanks',
  'a,b;c:d|e',
  `"double" and 'single'`,
  '<tag a="b">&amp;</tag>',
  '50% off %0A',
  '`code` *star* _line_ [link](x) ~~no~~ @user #1 $x$',
  'ünï中文🙂',
  'tab\tline\nreturn\rend',
  'bell\u0007null-free\u001b[31m',
  'C:\\temp\\x|y',
  'lone \ud800 surrogate',
  ']]> -->',
  ' blanks at the ends ',
];
