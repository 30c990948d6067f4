/** README is for a stranger: what it shows must work as shown. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtProgram } from '../built.ts';
import { definitions, everyCommand } from './definitions.ts';
import { irqsim, ROOT } from './irqsim.ts';

/** README, and the page with its recipes for fleets. */
const README_AND_PAGES = ['README.md', 'docs/batch.md'].map((path) => readFileSync(join(ROOT, path), 'utf8'));
const README = README_AND_PAGES.join('\n');
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text);
const blockWith = (language: string, text: string) => {
  const found = blocks(language).filter((block) => block.includes(text));
  expect(found, `one ${language} block with ${text}`).toHaveLength(1);
  return found[0];
};

const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** The folder of a reader: the machine of the tour, the scenarios, and irqsim as a command. */
const desk = mkdtempSync(join(tmpdir(), 'irqsim-readme-'));
mkdirSync(join(desk, 'bin'));
symlinkSync(builtProgram(), join(desk, 'bin/irqsim'));
symlinkSync(join(ROOT, 'scenarios'), join(desk, 'scenarios'));
writeFileSync(join(desk, 'guest.yaml'), blockWith('yaml', '# guest.yaml'));

function shell(script: string): { code: number | null; out: string; err: string } {
  const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd: desk,
    env: { ...env, PATH: `${join(desk, 'bin')}:${env.PATH}` },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** Words that every shell takes as they are, and a comment behind them; pages are made of what was built. */
const PLAIN = /^irqsim(?! explore)((?: [\w./=:,-]+)+)(?: +#.*)?$/;

/** Runs a line as a shell does; one of plain words in this process, for the start of a program takes most of its time. */
async function typed(line: string): Promise<{ code: number | null; out: string; err: string }> {
  const [, words] = PLAIN.exec(line) ?? [];
  return words === undefined ? shell(line) : irqsim(words.trim().split(' '), { cwd: desk });
}

/** A pattern of what is shown: "..." stands for anything, also for any number of lines. */
function shown(lines: readonly string[]): RegExp {
  const escaped = lines.map((line) =>
    line === '...'
      ? '(?:.*\n)*?'
      : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\.\\.\\.', '[^]*?')}\n`,
  );
  return new RegExp(`^${escaped.join('')}$`);
}

describe('the console shows what irqsim prints', () => {
  const calls = blocks('console').flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((call) => call.trimEnd().split('\n')),
  );
  expect(calls.length).toBeGreaterThan(6);
  test.each(calls.map(([command, ...lines]) => ({ command, lines })))(
    '$command',
    async ({ command, lines }) => {
      const { out, err } = await typed(command);
      expect(err).toBe('');
      expect(out).toMatch(shown(lines));
    },
  );
});

/** What the reader is supposed to have: machines, a capture, and programs that print those of somebody else. */
function furnish(): void {
  const domain = `<domain type='kvm'><name>guest</name><vcpu>4</vcpu><os><type arch='x86_64'>hvm</type></os></domain>`;
  const program = (name: string, text: string) =>
    writeFileSync(join(desk, 'bin', name), `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`, { mode: 0o755 });
  mkdirSync(join(desk, 'vms'), { recursive: true });
  for (const name of ['guest.xml', 'vms/guest.xml']) writeFileSync(join(desk, name), domain);
  shell(`xz -dc '${join(ROOT, 'test/captures/a-8v-flat-7.0.tar.xz')}' | gzip -1 > host.tar.gz`);
  program('dmesg', readFileSync(join(ROOT, 'scenarios/imported/server-255-of-256.dmesg'), 'utf8'));
  program('kubectl', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [VM] }));
}
const VM = parse(readFileSync(join(ROOT, 'scenarios/imported/kubevirt-64-vcpus.yaml'), 'utf8'));

/** These go on until somebody ends them. */
const ENDLESS = /^irqsim (?:lsp|analyze --watch)/;

describe('what the reader may type runs as it is printed', () => {
  beforeAll(furnish);
  const [text] = README_AND_PAGES;
  const lines = [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block.trimEnd().split('\n'))
    .filter((line) => /\birqsim [a-z]/.test(line) && !line.startsWith('npm '));
  // A name and a command of irqsim are its name; capitals stand for something else.
  const inProse = [...text.replace(/^```.*?^```/gms, '').matchAll(/`((?:dmesg \| )?irqsim [^`]+)`/g)]
    .map(([, call]) => call.replaceAll('\n', ' '))
    .filter(
      (call) => call.split(' ').length > 2 && !/\b[A-Z]{4,}\b|\w\|\w/.test(call) && !ENDLESS.test(call),
    );
  const calls = [...lines, ...inProse];
  expect(calls.length).toBeGreaterThan(15);
  test.each(calls)('%s', async (call) => {
    const { code, err } = await typed(call);
    expect([0, 1], err).toContain(code);
    expect(err).not.toMatch(/^irqsim: (?!batch: \d+ record)/m);
  });
});

test('every scenario that README or a help text names exists', () => {
  const help = everyCommand().map(({ notes }) => notes);
  const named = new Set([README, ...help].join('\n').match(/scenarios\/[\w./-]+\.(?:yaml|sh)/g));
  expect(named.size).toBeGreaterThan(2);
  for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true);
});

test('every command and option that README names exists', () => {
  const commands = new Map(everyCommand().map((model) => [model.name, model]));
  expect(definitions().commands.length).toBeGreaterThan(15);
  const inText = [...README.matchAll(/`(irqsim [^`]+)`/g)].map(([, call]) => call.replaceAll('\n', ' '));
  const inBlocks = ['sh', 'console', 'yaml']
    .flatMap(blocks)
    .flatMap((block) => block.match(/\birqsim .*/g) ?? []);
  const calls = [...inText, ...inBlocks]
    .map((call) => /\birqsim ([a-z]+)([^|&>#]*)/.exec(call))
    .filter((call) => call !== null);
  let checked = 0;
  for (const [call, name, words] of calls) {
    const command = commands.get(name);
    if (!command) continue;
    const flags = command.options.flatMap(({ short, long }) => [short, long]);
    for (const [, flag] of words.matchAll(/ (--?[a-zA-Z][a-z-]*)/g)) {
      checked++;
      expect(flags, call).toContain(flag);
    }
  }
  expect(checked).toBeGreaterThan(20);
});

test('the description of every field is a valid one', () => {
  writeFileSync(join(desk, 'fields.yaml'), blockWith('yaml', 'name: kvm-guest-384'));
  const { code, err } = shell('irqsim analyze fields.yaml');
  expect(err).toBe('');
  expect(code).not.toBe(2);
});

test('the project file is a valid one, and does what is said', () => {
  writeFileSync(join(desk, 'project.yaml'), blockWith('yaml', 'fail-on: warning'));
  const { code, out } = shell('irqsim analyze --config project.yaml --format json guest.yaml');
  expect(code).toBe(1);
  const levels = JSON.parse(out).findings.map(({ rule, level }: { rule: string; level: string }) => [
    rule,
    level,
  ]);
  expect(levels).toContainEqual(['sparse-apic-ids', 'error']);
});

test('the workflow does what its steps say, and the Kubernetes job is YAML with the parts it needs', () => {
  const workflow = parse(blockWith('yaml', 'runs-on:'));
  expect(workflow.jobs.irqsim.steps).toHaveLength(6);
  const runs = workflow.jobs.irqsim.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  const [install, ...checks] = runs as string[];
  expect(install).toContain(`npm install --global ./irqsim-${VERSION}.tgz`);
  const codes = checks.map((run) => shell(`export GITHUB_STEP_SUMMARY=summary.md\n${run}`).code);
  expect(codes).toEqual([0, 0]);
  expect(JSON.parse(readFileSync(join(desk, 'irqsim.sarif'), 'utf8')).version).toBe('2.1.0');
  const job = parse(blockWith('yaml', 'completionMode'));
  const [container] = job.spec.template.spec.containers;
  expect(container.env).toContainEqual({ name: 'IRQSIM_SHARD_COUNT', value: String(job.spec.completions) });
});

/** A few hundred machines, of which some lose CPUs, and some cannot be read. */
function fleet(): void {
  const machines = join(ROOT, 'test/batch/machines.mjs');
  const { stdout } = spawnSync(process.execPath, [machines, '400'], { encoding: 'utf8' });
  writeFileSync(join(desk, 'fleet.ndjson'), stdout);
}

const isGnu = spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout?.startsWith('GNU parallel');

test.runIf(isGnu === true)('the recipe for GNU parallel works as it stands, and is one run', () => {
  fleet();
  const { code, err } = shell(blockWith('sh', 'parallel -j'));
  expect(err).toMatch(/merge: 8 shards, 400 records/);
  expect(err).not.toContain('internal');
  expect(code).toBe(2);
  expect(shell('irqsim batch fleet.ndjson -o whole.ndjson').code).toBe(2);
  expect(readFileSync(join(desk, 'verdicts.ndjson'), 'utf8')).toBe(
    readFileSync(join(desk, 'whole.ndjson'), 'utf8'),
  );
});

test('the Slurm script takes its shard from the array', () => {
  shell('rm -f out-*.ndjson');
  fleet();
  const array =
    'SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=64 SLURM_ARRAY_TASK_COUNT=64';
  const { code, err } = shell(`export ${array}; ${blockWith('sh', '#SBATCH')}`);
  expect(err).toContain('shard 3/64');
  expect(code).toBe(0);
  expect(existsSync(join(desk, 'out-3.ndjson'))).toBe(true);
});

test('the names of what the build leaves are those of this version', () => {
  const named = [...README.matchAll(/\birqsim[-_](\d+\.\d+\.\d+)/g)].map(([, version]) => version);
  expect(named.length).toBeGreaterThan(1);
  expect(new Set(named)).toEqual(new Set([VERSION]));
});

test('the first command of all is the one that CI runs', async () => {
  expect((await irqsim(['analyze', '--fail-on', 'never', 'scenarios/240-vcpus-of-5-cores.yaml'])).code).toBe(
    0,
  );
  expect(README).toContain('scenarios/240-vcpus-of-5-cores.yaml');
});
