/** What `irqsim serve --admission` does: serves until a signal ends it, or prints what installs it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Job } from '../admission/job.ts';
import { LIMITS } from '../admission/limits.ts';
import { manifestsOf } from '../admission/manifests.ts';
import type { ServeOptions } from '../admission/options.ts';
import { startServing } from '../admission/serving.ts';
import { FOR_ADMISSION, type ThreadData } from '../admission/thread-data.ts';
import { awaitSignals } from '../batch/signals.ts';
import { EXIT, type Io } from '../io.ts';
import { programThread } from '../program.ts';

/** A thread with its limits of memory. */
function startThread(job: Job): Worker {
  return programThread({
    workerData: { serves: FOR_ADMISSION, job } satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb: LIMITS.youngMiB, maxOldGenerationSizeMb: LIMITS.threadMiB },
  });
}

/** Serves until somebody asks for the end, or until nothing can be decided any more. */
async function serveUntil(asked: Promise<void>, options: ServeOptions, io: Io): Promise<void> {
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  failure.catch(() => {});
  const serving = await startServing(options, io, { spawn: startThread, failed });
  try {
    await Promise.race([asked, failure]);
    serving.retire();
    if (options.drain > 0) await wait(options.drain * 1000);
  } finally {
    await serving.end();
  }
}

/** Rejects with UsageError, InputError or BugError; the exit code. */
export async function serveAdmission(options: ServeOptions, io: Io): Promise<number> {
  if (options.manifests) {
    io.out(await manifestsOf(options));
    return EXIT.clean;
  }
  const signals = awaitSignals();
  try {
    await serveUntil(new Promise<void>((end) => signals.do(end)), options, io);
  } finally {
    signals.close();
  }
  return EXIT.clean;
}
