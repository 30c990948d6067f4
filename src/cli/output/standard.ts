/**
 * Standard output and standard error. Node's streams take some milliseconds to set up; they are left to terminals, and a
 * file or a pipe is written to as they would: at once, and whole.
 */
import { fstatSync, statSync, writeSync } from 'node:fs';

export interface Standard {
  readonly isTty: boolean;
  /** Columns of a terminal. */
  readonly columns: number | undefined;
  readonly write: (text: string | Uint8Array) => void;
  /** True if all that was written is with whoever reads it. */
  readonly isWritten: () => boolean;
}

const FILES = { stdout: 1, stderr: 2 } as const;

/** True if the file may be a terminal; Node knows for sure. */
function mayBeTerminal(file: number): boolean {
  if (process.platform === 'win32') return true;
  const stat = fstatSync(file);
  return stat.isCharacterDevice() && stat.rdev !== statSync('/dev/null').rdev;
}

function nodeStream(name: keyof typeof FILES, failed: (error: NodeJS.ErrnoException) => void): Standard {
  const stream = process[name];
  stream.on('error', failed);
  return {
    isTty: stream.isTTY === true,
    columns: stream.columns,
    write: (text) => void stream.write(text),
    // Node says later what became of it.
    isWritten: () => false,
  };
}

/** One of both; `failed` hears why it cannot be written. */
export function standard(name: keyof typeof FILES, failed: (error: NodeJS.ErrnoException) => void): Standard {
  if (mayBeTerminal(FILES[name])) return nodeStream(name, failed);
  let waiting: Standard | undefined;
  let broken = false;
  const writeNow = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length && !broken; ) {
      try {
        at += writeSync(FILES[name], bytes, at);
      } catch (error) {
        // Who started irqsim made the pipe one that may be full: Node's stream waits for it.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          waiting = nodeStream(name, failed);
          waiting.write(bytes.subarray(at));
          return;
        }
        broken = true;
        failed(error as NodeJS.ErrnoException);
      }
    }
  };
  return {
    isTty: false,
    columns: undefined,
    write: (text) =>
      waiting ? waiting.write(text) : writeNow(typeof text === 'string' ? Buffer.from(text) : text),
    isWritten: () => waiting === undefined,
  };
}
