/** The recipe for GNU parallel, run as it stands in docs/batch.md; where there is no parallel, it is passed over. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder } from './batch-inputs.ts';
import { ROOT } from './irqsim.ts';

const GNU =
  spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout?.startsWith('GNU parallel') === true;

test.runIf(GNU)('shards run by GNU parallel, merged, are one run', () => {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'test/batch/parallel.sh'), [folder(), '500'], {
    encoding: 'utf8',
  });
  expect(stderr).not.toContain('internal');
  expect(stdout).toContain('5 shards of 500 machines, merged: the same bytes as one run');
  expect(status).toBe(0);
});
