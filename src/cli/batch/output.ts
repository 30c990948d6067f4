/** Where the lines go: standard output, or a file that has its name only when it is whole. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../io.ts';
import { writing } from '../output/writing.ts';

export interface Output {
  /** False if nobody reads any more. Throws UsageError if it cannot be written. */
  write(text: string | Buffer): Promise<boolean>;
  /** After the last line: now it is whole. */
  finish(): Promise<void>;
  /** It stays as it is, to be resumed if it is a file. */
  leave(): void;
}

/** Waits until a slow reader has taken what was written. */
export function standardOutput(): Output {
  const { stdout } = process;
  let gone = false;
  let wake = () => {};
  const end = () => {
    gone = true;
    wake();
  };
  const drained = () => wake();
  stdout.on('error', end).on('close', end).on('drain', drained);
  const leave = () => void stdout.off('error', end).off('close', end).off('drain', drained);
  return {
    async write(text) {
      if (!gone && !stdout.write(text)) await new Promise<void>((resolve) => (wake = resolve));
      return !gone;
    },
    finish: async () => leave(),
    leave,
  };
}

/** The name of a file that is not whole yet. */
export const partOf = (path: string) => `${path}.part`;

function writeAll(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
  }
}

/** A new name in a directory is on the disk when the directory is; some systems cannot do that. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(dirname(path), 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {
    // Then the name is as safe as the system makes it.
  }
}

/**
 * A file that is written behind its first `keep` bytes, from the first line on: a run that ends before changes nothing.
 * What was written is with the system at once, so that the end of the process loses none of it. Throws UsageError, also
 * once `isOurs` says that another process has taken the output: bytes of both may be in it then.
 */
export function fileOutput(path: string, keep: number, isOurs: () => boolean): Output {
  const part = partOf(path);
  let open: number | undefined;
  let size = keep;
  const check = (file: number) => {
    if (!isOurs() || fstatSync(file).size !== size)
      throw new UsageError(
        `${part} was changed by another process; once nobody writes it any more, --resume goes on with it`,
      );
  };
  const opened = (): number => {
    if (open === undefined) {
      open = openSync(part, keep > 0 ? 'r+' : 'w');
      ftruncateSync(open, keep);
    }
    check(open);
    return open;
  };
  return {
    async write(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      writing(part, () => writeAll(opened(), bytes, size));
      size += bytes.length;
      return true;
    },
    async finish() {
      writing(path, () => {
        const file = opened();
        fsyncSync(file);
        check(file);
        closeSync(file);
        renameSync(part, path);
      });
      syncDirectory(path);
    },
    leave() {
      if (open !== undefined) closeSync(open);
    },
  };
}
