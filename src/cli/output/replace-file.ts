/** Replaces the text of a file whole or not at all. */
import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { UsageError } from '../io.ts';

/** The file itself where a link leads to it; a new file has no mode yet. */
function target(
  path: string,
  stat: Stats | undefined,
): { readonly path: string; readonly mode: number | undefined } {
  return stat ? { path: realpathSync(path), mode: stat.mode & 0o7777 } : { path, mode: undefined };
}

/**
 * Writes beside the file and renames; the mode stays. A device or a pipe is written into: the renamed file would be
 * there in its place. Throws UsageError, and leaves the file as it was.
 */
export function replaceFile(path: string, text: string): void {
  let unfinished: string | undefined;
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) {
      writeFileSync(path, text);
      return;
    }
    const file = target(path, stat);
    const beside = `${file.path}.${process.pid}.tmp`;
    writeFileSync(beside, text, { flag: 'wx' });
    unfinished = beside;
    // The mode that writing gives is cut by the umask.
    if (file.mode !== undefined) chmodSync(beside, file.mode);
    renameSync(beside, file.path);
  } catch (error) {
    if (unfinished !== undefined) rmSync(unfinished, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path} cannot be written (${code ?? message})`);
  }
}
