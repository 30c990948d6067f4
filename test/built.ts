/** The built program, for tests that start it: a build that is older than the source is refused. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PARTS = [
  'dist/cli/start.pack',
  'dist/lib/index.js',
  'dist/web/index.html',
  'dist/share/man/man1/irqsim.1',
];

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** When the newest file below a folder was written, in ms. */
function newestIn(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newestIn(path) : modified(path);
  });
  return Math.max(...times);
}

/** Path of the built program. Throws if a part of the build is missing or older than the source. */
export function builtProgram(): string {
  const newest = newestIn(join(ROOT, 'src'));
  for (const part of PARTS)
    if (modified(join(ROOT, part)) < newest)
      throw new Error(`${part} is older than src, or missing: npm run build`);
  return join(ROOT, 'bin/irqsim.cjs');
}
