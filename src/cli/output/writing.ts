/** The system's errors about a file that somebody asked for, as the user's. */
import { UsageError } from '../io.ts';

/** Runs what writes `path`. Throws UsageError for an error of the system, and anything else as it is. */
export function writing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${path} cannot be written (${code})`);
  }
}
