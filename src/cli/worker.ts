/** What a worker thread runs: its data say whether it serves a language server or a batch. */
import { workerData } from 'node:worker_threads';
import { FOR_LSP } from './lsp/thread-data.ts';

const serves = workerData === FOR_LSP ? import('./lsp/worker.ts') : import('./batch/worker.ts');
void serves.then(({ serve }) => serve());
