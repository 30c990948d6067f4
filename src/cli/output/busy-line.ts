/**
 * A line on a terminal's standard error that says for how long a command has been at work. The work leaves no time for
 * writing, so that another thread writes it; both take turns by a lock in shared memory.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Where in shared memory: who writes now, columns that are on the screen, whether it is over. */
const [LOCK, SHOWN, OVER] = [0, 1, 2];
/** Milliseconds before the line is shown, and between two of its texts. */
const PATIENCE = 1500;
const BETWEEN = 1000;

export interface BusyLine {
  /** Runs what writes to the terminal, on a line of its own. */
  readonly aside: (write: () => void) => void;
  readonly end: () => void;
}

/** Runs in the other thread, and holds nothing of this module: what it needs is its argument. */
function drawing(workerData: {
  readonly memory: SharedArrayBuffer;
  readonly file: number;
  readonly text: string;
  readonly patience: number;
  readonly between: number;
}): void {
  const { writeSync: write } = process.getBuiltinModule('node:fs');
  const { memory, file, text, patience, between } = workerData;
  const state = new Int32Array(memory);
  const began = Date.now();
  for (let wait = patience; Atomics.wait(state, 2, 0, wait) === 'timed-out'; wait = between) {
    while (Atomics.compareExchange(state, 0, 0, 1) !== 0) Atomics.wait(state, 0, 1, 10);
    if (Atomics.load(state, 2) === 0) {
      const line = `${text}: ${Math.round((Date.now() - began) / 1000)} s`;
      write(file, `\r${line}`);
      Atomics.store(state, 1, line.length);
    }
    Atomics.store(state, 0, 0);
    Atomics.notify(state, 0);
  }
}

/** `file`: that of the terminal. */
export function busyLine(
  file: number,
  text: string,
  { patience = PATIENCE, between = BETWEEN } = {},
): BusyLine {
  const memory = new SharedArrayBuffer(12);
  const state = new Int32Array(memory);
  const workerData = { memory, file, text, patience, between };
  const source = `(${drawing.toString()})(require('node:worker_threads').workerData)`;
  const worker = new Worker(source, { eval: true, workerData });
  worker.unref();
  // Without it, the work goes on unseen.
  worker.on('error', () => {});
  const aside = (write: () => void): void => {
    while (Atomics.compareExchange(state, LOCK, 0, 1) !== 0) Atomics.wait(state, LOCK, 1, 10);
    const shown = Atomics.exchange(state, SHOWN, 0);
    if (shown > 0) writeSync(file, `\r${' '.repeat(shown)}\r`);
    try {
      write();
    } finally {
      Atomics.store(state, LOCK, 0);
      Atomics.notify(state, LOCK);
    }
  };
  return {
    aside,
    end() {
      Atomics.store(state, OVER, 1);
      Atomics.notify(state, OVER);
      aside(() => {});
      void worker.terminate();
    },
  };
}
