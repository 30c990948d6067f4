/** Replaces the text of a file whole or not at all. */
import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { writing } from './writing.ts';

interface Target {
  readonly path: string;
  readonly mode: number | undefined;
}

/** The file itself where a link leads to it; a new file has no mode yet. */
function target(path: string, stat: Stats | undefined): Target {
  return stat ? { path: realpathSync(path), mode: stat.mode & 0o7777 } : { path, mode: undefined };
}

/**
 * Writes beside the file and renames; the mode stays. A device or a pipe is written into: the renamed file would be
 * there in its place. Throws UsageError, and leaves the file as it was.
 */
export function replaceFile(path: string, text: string): void {
  writing(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) writeFileSync(path, text);
    else replace(target(path, stat), text);
  });
}

function replace({ path, mode }: Target, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, text, { flag: 'wx' });
  try {
    // The mode that writing gives is cut by the umask.
    if (mode !== undefined) chmodSync(beside, mode);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
