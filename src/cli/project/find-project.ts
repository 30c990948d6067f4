/** Finds the project file: `.irqsim.yaml` in the current folder or above, up to the top of the git repository. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PROJECT_FILE = '.irqsim.yaml';

/** Absolute path of the current folder; one that was removed holds no files, so any other does. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** Absolute path of the nearest project file, or undefined. `folder` is absolute. */
export function findProject(folder: string): string | undefined {
  const file = join(folder, PROJECT_FILE);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, '.git')) ? undefined : findProject(parent);
}
