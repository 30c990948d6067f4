/** What a worker thread runs: its data say whether it serves a language server, admission reviews or a batch. */
import { workerData } from 'node:worker_threads';
import { isForAdmission } from './admission/thread-data.ts';
import { FOR_LSP } from './lsp/thread-data.ts';

const serves =
  workerData === FOR_LSP
    ? import('./lsp/worker.ts')
    : isForAdmission(workerData)
      ? import('./admission/worker.ts')
      : import('./batch/worker.ts');
void serves.then(({ serve }) => serve());
