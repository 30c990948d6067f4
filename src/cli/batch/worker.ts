/** A worker thread of a batch: chunks of items in, their outcomes out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from './job.ts';
import { unpack } from './packed-lines.ts';
import type { Chunk } from './pool.ts';
import { createMemory, runItems } from './runner.ts';

/** What a worker is given at its start. */
export interface WorkerData {
  readonly job: Job;
  /** One number: not 0 once nothing more is to be begun. */
  readonly stop: Int32Array;
}

/** Serves until the thread is ended; one chunk after the other. */
export function serve(): void {
  const { job, stop } = workerData as WorkerData;
  const memory = createMemory();
  let earlier: Promise<void> = Promise.resolve();
  parentPort?.on('message', ({ number, items }: Chunk) => {
    earlier = earlier.then(async () => {
      const ran = await runItems(unpack(items), job, () => Atomics.load(stop, 0) !== 0, memory);
      parentPort?.postMessage({ number, ...ran });
    });
  });
  parentPort?.postMessage('ready');
}
