/** The package as it would be published: publint and "are the types wrong" have nothing to say. */
import { spawnSync } from 'node:child_process';
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
  const { status, stdout } = spawnSync(process.execPath, [attw, '--pack', ROOT, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const { analysis } = JSON.parse(stdout) as { analysis: { problems: { resolutionKind: string }[] } };
  expect(analysis.problems.filter(({ resolutionKind }) => !NOT_FOR.includes(resolutionKind))).toEqual([]);
  expect(status).toBe(0);
});
