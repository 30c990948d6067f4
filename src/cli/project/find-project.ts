/** Finds the project file: `.irqsim.yaml` in the current folder or above, up to the top of the git repository. */
import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../io.ts';

export const PROJECT_FILE = '.irqsim.yaml';
/** Names that somebody may have given it by mistake: passed over, they would change the verdict in silence. */
const MISNAMED: readonly string[] = ['.irqsim.yml', '.irqsim.json'];

/** Absolute path of the current folder; one that was removed holds no files, so any other does. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** Whether there is anything of that name: a link that leads nowhere too. Throws UsageError if nobody can tell. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return false;
    throw new UsageError(`${path}: cannot be looked for (${code}); say --config FILE or --no-config`);
  }
}

/** Where the search ends: the top of a git repository, or of everything. */
const isTop = (folder: string): boolean => dirname(folder) === folder || existsSync(join(folder, '.git'));

/** The top of the git repository that `folder` is in, or undefined. */
function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}

/** The owner of what is at a path, or of the link there if it leads nowhere; undefined where nobody can tell. */
function ownerOf(path: string): number | undefined {
  try {
    return (statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path)).uid;
  } catch {
    return undefined;
  }
}

/**
 * Whether what the file says may count: it is in the repository that `folder` is in, or it belongs to the user or to
 * root. Anybody could put one into /tmp or a shared folder above, with a `.git` beside it, and switch findings off for
 * all below: a repository counts if it belongs to the user, to root, or to whom the folder belongs.
 */
export function isTrusted(file: string, folder: string): boolean {
  const user = process.geteuid?.();
  if (user === undefined) return true;
  const known = [user, 0];
  const repository = repositoryOf(folder);
  if (repository !== undefined && dirname(file).startsWith(repository)) {
    const owner = ownerOf(join(repository, '.git'));
    if (owner !== undefined && [...known, ownerOf(folder)].includes(owner)) return true;
  }
  const owner = ownerOf(file);
  return owner !== undefined && known.includes(owner);
}

/** Where a project file for `folder` is, or may come to be, from there up. */
export function projectCandidates(folder: string): string[] {
  const here = [PROJECT_FILE, ...MISNAMED].map((name) => join(folder, name));
  return isTop(folder) ? here : [...here, ...projectCandidates(dirname(folder))];
}

/** Absolute path of the nearest project file, or undefined. `folder` is absolute. Throws UsageError. */
export function findProject(folder: string): string | undefined {
  const file = join(folder, PROJECT_FILE);
  if (isThere(file)) return file;
  const misnamed = MISNAMED.map((name) => join(folder, name)).find(isThere);
  if (misnamed !== undefined) {
    throw new UsageError(
      `${misnamed}: the project file is called ${PROJECT_FILE}; rename it, or say --config FILE or --no-config`,
    );
  }
  return isTop(folder) ? undefined : findProject(dirname(folder));
}
