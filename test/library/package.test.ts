/** The package as it would be published: publint and "are the types wrong" have nothing to say. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtProgram, ROOT } from '../built.ts';

const MACHINE = 'scenarios/imported/kubevirt-64-vcpus.yaml';

test('publint has nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: ROOT, pack: false, level: 'suggestion' });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

/** The folder of the package, as npm leaves it below node_modules, and its archive. */
let unpacked: string;
let archive: string;
beforeAll(() => {
  builtProgram();
  // Packed without its script: a build would pull dist away from under the other tests.
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-package-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  archive = join(folder, packed.stdout.trim());
  spawnSync('tar', ['-xzf', archive, '-C', folder]);
  unpacked = join(folder, 'package');
});

/** An ES module only package is not for these two, and that is known. */
const NOT_FOR: readonly string[] = ['node10', 'node16-cjs'];

test('the types are found by every resolver of ES modules', () => {
  const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'json'];
  const { status, stdout } = spawnSync(process.execPath, [attw, archive, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const { analysis } = JSON.parse(stdout) as { analysis: { problems: { resolutionKind: string }[] } };
  expect(analysis.problems.filter(({ resolutionKind }) => !NOT_FOR.includes(resolutionKind))).toEqual([]);
  expect(status).toBe(0);
});

describe('the package', () => {
  const programOf = (folder: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'bin/irqsim.cjs'), ...args], { encoding: 'utf8' });

  test('is small, and has nothing of the build or of one Node alone', () => {
    expect(statSync(archive).size).toBeLessThan(3_000_000);
    expect(readdirSync(join(unpacked, 'bin')).sort()).toEqual([
      'compiled.cjs',
      'irqsim.cjs',
      'load.cjs',
      'pace.cjs',
      'parts.cjs',
      'worker.cjs',
    ]);
    expect(readdirSync(join(unpacked, 'dist')).sort()).toEqual(['cli', 'lib', 'share', 'web']);
    expect(existsSync(join(unpacked, 'dist/cli/compiled'))).toBe(false);
  });

  test('has the manual page that npm links, and what shells complete with', () => {
    const { man } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    expect(man).toEqual(['./dist/share/man/man1/irqsim.1']);
    const share = (path: string) => readFileSync(join(unpacked, 'dist/share', path), 'utf8');
    expect(share('man/man1/irqsim.1')).toContain('.TH IRQSIM 1');
    expect(share('bash-completion/completions/irqsim')).toContain('complete -F');
    expect(share('zsh/site-functions/_irqsim')).toMatch(/^#compdef irqsim/);
    expect(share('fish/vendor_completions.d/irqsim.fish')).toContain('complete -c irqsim');
  });

  test('has the pages that its own pages name', () => {
    for (const page of ['README.md', 'SECURITY.md', 'docs/ci.md', 'docs/batch.md', 'docs/editors.md']) {
      const text = readFileSync(join(unpacked, page), 'utf8');
      for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        expect(existsSync(join(unpacked, dirname(page), link)), `${page}: ${link}`).toBe(true);
    }
  });

  test('needs no other package for its commands', () => {
    const { status, stdout, stderr } = programOf(unpacked, 'import', join(ROOT, MACHINE));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('platform: kvm');
  });

  test('needs of the packages that it names only those that the library imports, and all of them', () => {
    const { dependencies } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    const lib = join(unpacked, 'dist/lib');
    const imported = readdirSync(lib, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) => [...readFileSync(join(lib, path), 'utf8').matchAll(/ from '([a-z@][^'.]*)'/g)])
      .map(([, name]) => name);
    expect([...new Set(imported)].sort()).toEqual(Object.keys(dependencies).sort());
  });
});

test('a program that is not built yet says so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-unbuilt-'));
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/irqsim.cjs'), '--version'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('irqsim: not built yet: run `npm run build` in the folder of irqsim first\n');
  expect(status).toBe(2);
});
