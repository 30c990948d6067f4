/** The single file has no files beside it: only one module knows where the parts of the program are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './irqsim.ts';

// A thread with `eval` brings its text along.
test('threads and files of the build are asked of program.ts alone', () => {
  const folder = join(ROOT, 'src/cli');
  const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .filter((path) =>
      /new Worker\((?!.*eval: true)|process\.argv\[1\]|\bdist\//.test(
        readFileSync(join(folder, path), 'utf8'),
      ),
    );
  expect(asking).toEqual(['program.ts']);
});
