/** Replaces the text of a file whole or not at all. */
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UsageError } from '../io.ts';

/** The file itself where a link leads to it; a new file has no mode yet. */
function target(path: string): { readonly path: string; readonly mode: number | undefined } {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? { path: realpathSync(path), mode: stat.mode & 0o7777 } : { path, mode: undefined };
}

/** Writes beside the file and renames; the mode stays. Throws UsageError, and leaves the file as it was. */
export function replaceFile(path: string, text: string): void {
  let unfinished: string | undefined;
  try {
    const file = target(path);
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
