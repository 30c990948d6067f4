/** The parts of the program: files of the build beside bin/irqsim.cjs, or inside of the single file that runs. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const besideProgram = (path: string): string => join(dirname(realpathSync(process.argv[1])), '..', path);

/** The text of a program that pages hold. Throws if the build left none. */
export function pageProgram(name: 'engine' | 'page'): string {
  const path = `dist/web/${name}.js`;
  return isSea() ? getAsset(path, 'utf8') : readFileSync(besideProgram(path), 'utf8');
}

/** A thread of the program's own: `workerData` say what it serves (worker.ts). */
export function programThread(options: WorkerOptions): Worker {
  const own = { argv: [], ...options };
  return isSea()
    ? new Worker(getAsset('program', 'utf8'), { ...own, eval: true })
    : new Worker(besideProgram('bin/worker.cjs'), own);
}
