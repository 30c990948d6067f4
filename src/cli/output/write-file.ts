/** Writes a file that somebody asked for by name; one that exists is overwritten on demand only. */
import { writeFileSync } from 'node:fs';
import { UsageError } from '../io.ts';

/** Throws UsageError if the file exists and `force` is false, or if it cannot be written. */
export function writeNewFile(path: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(
      code === 'EEXIST' ? `${path} exists; --force overwrites it` : `${path} cannot be written (${code})`,
    );
  }
}
