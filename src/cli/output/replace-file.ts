/** Replaces the text of a file whole or not at all. */
import {
  chmodSync,
  chownSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { UsageError } from '../io.ts';
import { throughLinks } from './through-links.ts';
import { writing } from './writing.ts';

/**
 * Writes beside the file and renames; owner and mode stay, and a symbolic link leads to the new text. A file with
 * more names (hard links) is written in place, so that all of them have the text. A device or a pipe is written into:
 * the renamed file would be there in its place. Throws UsageError, and leaves the file as it was.
 */
export function replaceFile(path: string, text: string | Uint8Array): void {
  writing(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) writeFileSync(path, text);
    else if (stat && stat.nlink > 1) overwrite(path, text);
    else replace(throughLinks(path), stat, text);
  });
}

/** In place; what was there comes back if the disk is full. */
function overwrite(path: string, text: string | Uint8Array): void {
  const before = readFileSync(path);
  try {
    writeFileSync(path, text);
  } catch (error) {
    writeFileSync(path, before);
    throw error;
  }
}

function replace(path: string, stat: Stats | undefined, text: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    if (stat) keepOwnerAndMode(beside, path, stat);
    renameSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(beside, { force: true });
    throw error;
  }
}

function keepOwnerAndMode(beside: string, path: string, { uid, gid, mode }: Stats): void {
  const own = statSync(beside);
  if (own.uid !== uid || own.gid !== gid) {
    try {
      chownSync(beside, uid, gid);
    } catch {
      throw new UsageError(
        `${path} cannot be written without changing its owner: it belongs to another user or group`,
      );
    }
  }
  // The mode that writing gives is cut by the umask, and a new owner clears bits of it.
  chmodSync(beside, mode & 0o7777);
}
