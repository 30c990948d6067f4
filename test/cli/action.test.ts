/** The script of action.yml, as a job of GitHub Actions runs it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtProgram } from '../built.ts';
import { ROOT } from './irqsim.ts';

const FAIL = 'scenarios/240-vcpus-of-5-cores.yaml';
const PASS = 'scenarios/server-384-cpus-apic-447.yaml';

function job(files: string, more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-job-'));
  copyFileSync(join(ROOT, FAIL), join(folder, 'fail it.yaml'));
  copyFileSync(join(ROOT, PASS), join(folder, 'pass.yaml'));
  copyFileSync(join(ROOT, PASS), join(folder, 'vm[1].yaml'));
  const env = {
    ...process.env,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_OUTPUT: join(folder, 'output'),
    IRQSIM_FILES: files,
    IRQSIM_SARIF: 'irqsim.sarif',
    ...more,
  };
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'bin/action.sh'), {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return { status, stdout, stderr, read };
}

beforeAll(() => void builtProgram());

describe('a job', () => {
  test('with findings annotates, summarises, leaves SARIF and fails', () => {
    const { status, stdout, read } = job('*.yaml\n');
    expect(status).toBe(1);
    expect(stdout).toContain('::error file=fail it.yaml,line=1');
    expect(read('summary.md')).toMatch(/^# irqsim: 3 machines, 1 fail, 2 pass/);
    expect(JSON.parse(read('irqsim.sarif')).runs[0].results.length).toBeGreaterThan(0);
    expect(read('output')).toBe('verdict=findings\nsarif=irqsim.sarif\n');
  });

  test('with a name that has blanks, and without findings', () => {
    expect(job('fail it.yaml', { IRQSIM_FAIL_ON: 'never' })).toMatchObject({ status: 0 });
    const { status, read } = job('pass.yaml', { IRQSIM_SARIF: '', IRQSIM_ARGUMENTS: '--kernel 6.1' });
    expect(status).toBe(0);
    expect(read('output')).toBe('verdict=clean\nsarif=\n');
  });

  test('with a name that would be a pattern, and options on several lines, the last of which counts too', () => {
    const more = { IRQSIM_SARIF: '', IRQSIM_ARGUMENTS: '--kernel 6.1\n--policy nobodys\n' };
    expect(job('vm[1].yaml', { IRQSIM_SARIF: '' })).toMatchObject({ status: 0 });
    const { status, stdout, stderr } = job('vm[1].yaml', more);
    expect(status).toBe(2);
    expect(stdout + stderr).toContain('nobodys');
  });

  test('of a pattern without files says so', () => {
    const { status, stdout } = job('vms/*.xml');
    expect([status, stdout]).toEqual([2, '::error title=irqsim::no file matches vms/*.xml\n']);
  });
});

test('the files of other systems are what those systems read', () => {
  const yaml = (name: string) => parse(readFileSync(join(ROOT, name), 'utf8'));
  const { runs, inputs } = yaml('action.yml');
  expect(runs.using).toBe('composite');
  expect(Object.keys(inputs)).toEqual(['files', 'fail-on', 'sarif', 'arguments']);
  const [hook] = yaml('.pre-commit-hooks.yaml');
  expect(hook).toMatchObject({ id: 'irqsim', language: 'node' });
  expect(new RegExp(hook.files).test('vms/a.xml')).toBe(true);
});

describe('docs/ci.md', () => {
  const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const job = [...page.matchAll(/^```yaml\n(.*?)^```/gms)]
    .map(([, text]) => parse(text).irqsim)
    .find((one) => one !== undefined);
  const [install, ...checks]: string[] = job.script;

  test('installs for GitLab what npm pack leaves', () => {
    expect(install).toBe(`npm install --global ./irqsim-${version}.tgz`);
  });

  test('checks there as it is printed, and leaves the reports that it names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'irqsim-gitlab-'));
    mkdirSync(join(folder, 'vms'));
    copyFileSync(join(ROOT, FAIL), join(folder, 'vms/guest.xml'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(builtProgram(), join(folder, 'bin/irqsim'));
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
    const codes = checks.map((line) => spawnSync('sh', ['-c', line], { cwd: folder, env }).status);
    expect(codes).toEqual([0, 1]);
    const { codequality, junit } = job.artifacts.reports;
    expect(JSON.parse(readFileSync(join(folder, codequality), 'utf8'))).not.toEqual([]);
    expect(readFileSync(join(folder, junit), 'utf8')).toContain('<failure');
  });
});
