/** A pool of worker threads. One that dies is replaced, and the item that it died of gets an error record. */
import type { Worker } from 'node:worker_threads';
import { BugError } from '../../lib/assert.ts';
import type { Item } from './item.ts';
import { type Packed, pack } from './packed-lines.ts';
import type { Outcome } from './process.ts';
import type { Ran, Runner } from './runner.ts';

/** What a worker is sent; it answers with the number, and what came of the items. */
export interface Chunk {
  readonly number: number;
  readonly items: readonly Packed[];
}
type Answer = { readonly number: number } & Ran;

interface Task {
  readonly number: number;
  readonly items: readonly Item[];
  readonly done: (ran: Ran) => void;
}

interface PoolWorker {
  readonly thread: Worker;
  /** What it has been sent, in order: it is at work on the first. */
  readonly tasks: Task[];
  ready: boolean;
  reason: string;
}

export interface PoolOptions {
  readonly threads: number;
  /** Starts a worker, which says "ready" and then answers chunks. `stop`: see WorkerData. */
  readonly spawn: (stop: Int32Array) => Worker;
  /** The outcome of an item that a worker died of. */
  readonly lost: (item: Item, reason: string) => Promise<Outcome>;
  /** The pool cannot go on. */
  readonly failed: (error: Error) => void;
}

/** Chunks that a worker has at once: the next is there when one is done. */
const DEPTH = 2;
/** Chunks a thread that may be under way, so that one slow item at the front does not stop the others. */
const SLOTS = 32;

const STOPPED: Ran = { outcomes: [], ms: 0 };

function whyDied(error: Error): string {
  const outOfMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return outOfMemory ? 'the worker ran out of memory' : `the worker failed: ${error.message}`;
}

/** Outcomes up to the first item that was left. */
function together(parts: readonly Ran[]): Ran {
  const left = parts.findIndex(({ outcomes }) => outcomes.length === 0);
  const whole = left < 0 ? parts : parts.slice(0, left);
  return {
    outcomes: whole.flatMap(({ outcomes }) => outcomes),
    ms: whole.reduce((sum, { ms }) => sum + ms, 0),
  };
}

/** Of several items it is not known which was the deadly one: each becomes a task of its own. */
function oneByOne({ items, done }: Task, task: (items: readonly Item[], done: Task['done']) => Task): Task[] {
  const tasks: Task[] = [];
  const parts = items.map((item) => new Promise<Ran>((resolve) => void tasks.push(task([item], resolve))));
  void Promise.all(parts).then((ran) => done(together(ran)));
  return tasks;
}

/** The worker with the least to do. */
function leastBusy(workers: ReadonlySet<PoolWorker>): PoolWorker | undefined {
  return [...workers].reduce<PoolWorker | undefined>(
    (best, worker) => (best && best.tasks.length <= worker.tasks.length ? best : worker),
    undefined,
  );
}

/** Starts no worker before there is work for it. */
export class WorkerPool implements Runner {
  readonly slots: number;
  readonly #options: PoolOptions;
  readonly #stopFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #workers = new Set<PoolWorker>();
  readonly #queue: Task[] = [];
  #numbers = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.slots = options.threads * SLOTS;
  }

  run(items: readonly Item[]): Promise<Ran> {
    return new Promise((resolve) => {
      this.#queue.push(this.#task(items, resolve));
      this.#dispatch();
    });
  }

  stop(): void {
    Atomics.store(this.#stopFlag, 0, 1);
    this.#leaveQueue();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers].map(({ thread }) => thread.terminate()));
  }

  #task(items: readonly Item[], done: Task['done']): Task {
    return { number: ++this.#numbers, items, done };
  }

  #freeWorker(): PoolWorker | undefined {
    const least = leastBusy(this.#workers);
    if (least?.tasks.length === 0) return least;
    if (this.#workers.size < this.#options.threads) return this.#start();
    return least && least.tasks.length < DEPTH ? least : undefined;
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const worker = this.#freeWorker();
      if (!worker) return;
      const next = this.#queue.shift()!;
      worker.tasks.push(next);
      worker.thread.postMessage({ number: next.number, items: pack(next.items) } satisfies Chunk);
    }
  }

  #start(): PoolWorker {
    const worker: PoolWorker = {
      thread: this.#options.spawn(this.#stopFlag),
      tasks: [],
      ready: false,
      reason: '',
    };
    this.#workers.add(worker);
    worker.thread.on('message', (message: Answer | 'ready') => {
      if (message === 'ready') worker.ready = true;
      else this.#finish(worker, message);
    });
    worker.thread.on('error', (error) => {
      worker.reason = whyDied(error);
    });
    worker.thread.on('exit', (code) =>
      this.#died(worker, worker.reason || `the worker ended with code ${code}`),
    );
    return worker;
  }

  #finish({ tasks }: PoolWorker, { number, outcomes, ms }: Answer): void {
    const [done] = tasks.splice(
      tasks.findIndex((one) => one.number === number),
      1,
    );
    done.done({ outcomes, ms });
    this.#dispatch();
  }

  #died(worker: PoolWorker, reason: string): void {
    this.#workers.delete(worker);
    if (this.#closed) return;
    if (!worker.ready) {
      this.#options.failed(new BugError(`a worker thread does not start: ${reason}`));
      return;
    }
    const [first, ...others] = worker.tasks;
    this.#queue.unshift(...(first ? this.#retry(first, reason) : []), ...others);
    if (Atomics.load(this.#stopFlag, 0) !== 0) this.#leaveQueue();
    else this.#dispatch();
  }

  /** What is left to do of a task that a worker died of. */
  #retry(task: Task, reason: string): Task[] {
    const { items, done } = task;
    if (items.length > 1) return oneByOne(task, (one, whenDone) => this.#task(one, whenDone));
    void this.#options.lost(items[0], reason).then((outcome) => done({ outcomes: [outcome], ms: 0 }));
    return [];
  }

  #leaveQueue(): void {
    for (const left of this.#queue.splice(0)) left.done(STOPPED);
  }
}
