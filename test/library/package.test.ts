/** The package as it would be published: publint and "are the types wrong" have nothing to say. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, test } from 'vitest';
import { ROOT } from '../built.ts';

test('publint has nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: ROOT, pack: false, level: 'suggestion' });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

/** An ES module only package is not for these two, and that is known. */
const NOT_FOR: readonly string[] = ['node10', 'node16-cjs'];

test('the types are found by every resolver of ES modules', () => {
  const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'json'];
  // Packed without its script: a build would pull dist away from under the other tests.
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-package-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const { status, stdout } = spawnSync(
    process.execPath,
    [attw, join(folder, packed.stdout.trim()), ...options],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const { analysis } = JSON.parse(stdout) as { analysis: { problems: { resolutionKind: string }[] } };
  expect(analysis.problems.filter(({ resolutionKind }) => !NOT_FOR.includes(resolutionKind))).toEqual([]);
  expect(status).toBe(0);
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
