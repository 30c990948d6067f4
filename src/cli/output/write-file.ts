/** Writes a file that somebody asked for by name; one that exists is overwritten on demand only. */
import { writeFileSync } from 'node:fs';
import { UsageError } from '../io.ts';
import { writing } from './writing.ts';

/** Throws UsageError if the file exists and `force` is false, or if it cannot be written. */
export function writeNewFile(path: string, text: string, force: boolean): void {
  writing(path, () => {
    try {
      writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new UsageError(`${path} exists; --force overwrites it`);
    }
  });
}
