/** Threads that decide about reviews, one each at a time: what takes too long ends with its thread. */
import type { Worker } from 'node:worker_threads';
import { BugError } from '../../lib/assert.ts';
import { UsageError } from '../io.ts';
import type { Reply } from './reply.ts';
import type { Said, Sent } from './thread-data.ts';
import { BUG } from './unjudged.ts';
import type { Without } from './without.ts';

/** Who answers bodies of requests. */
export interface Deciders {
  /** True once somebody can answer at once. */
  readonly isReady: boolean;
  /** `ms`: how long it may take, waiting included; `signal`: nobody wants the answer any more. */
  ask(body: Uint8Array, ms: number, signal: AbortSignal): Promise<Reply | Without>;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly threads: number;
  /** Requests that may wait for a thread. */
  readonly waiting: number;
  readonly spawn: () => Worker;
  /** The day, as 2027-03-31. */
  readonly today: () => string | undefined;
  /** A thread can begin. */
  readonly ready: () => void;
  /** The pool cannot go on. */
  readonly failed: (error: Error) => void;
}

interface Task {
  readonly body: Uint8Array;
  readonly done: (outcome: Reply | Without) => void;
  readonly clock: NodeJS.Timeout;
  early?: Reply;
}

interface Thread {
  readonly worker: Worker;
  task: Task | undefined;
  number: number;
  isReady: boolean;
  reason: Without | undefined;
}

const ENDING: Without = { why: 'late', text: 'irqsim is being stopped' };
const UNWANTED: Without = { why: 'late', text: 'nobody waits for the answer any more' };
const FULL: Without = { why: 'too-many', text: 'too many requests wait for an analysis' };
const OUT_OF_MEMORY: Without = { why: 'memory', text: 'the analysis needs more memory than it may have' };
const DIED: Without = { why: 'bug', text: BUG };

const late = (ms: number, what: string): Without => ({
  why: 'late',
  text: `${what} took longer than ${Number((ms / 1000).toFixed(3))} s`,
});

function whyDied({ code }: NodeJS.ErrnoException): Without {
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? OUT_OF_MEMORY : DIED;
}

class Pool implements Deciders {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue: Task[] = [];
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let n = 0; n < options.threads; n++) this.#begin();
  }

  get isReady(): boolean {
    return [...this.#threads].some(({ isReady }) => isReady);
  }

  ask(body: Uint8Array, ms: number, signal: AbortSignal): Promise<Reply | Without> {
    return new Promise((done) => {
      if (this.#isClosed) return done(ENDING);
      if (this.#queue.length >= this.#options.waiting) return done(FULL);
      const task: Task = { body, done, clock: setTimeout(() => this.#late(task, ms), ms) };
      signal.addEventListener('abort', () => this.#leave(task, UNWANTED), { once: true });
      this.#queue.push(task);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const task of this.#queue.splice(0)) this.#finish(task, ENDING);
    for (const { task } of this.#threads) if (task) this.#finish(task, ENDING);
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #begin(): void {
    let worker: Worker;
    try {
      worker = this.#options.spawn();
    } catch (error) {
      // The system has no more threads or memory.
      const failure = new BugError(`a thread of the analysis does not start: ${(error as Error).message}`);
      queueMicrotask(() => this.#options.failed(failure));
      return;
    }
    const thread: Thread = {
      worker,
      task: undefined,
      number: 0,
      isReady: false,
      reason: undefined,
    };
    this.#threads.add(thread);
    worker.on('message', (said: Said) => this.#told(thread, said));
    worker.on('error', (error) => {
      thread.reason = whyDied(error);
    });
    worker.on('exit', () => this.#died(thread));
  }

  #next(): void {
    for (const thread of this.#threads) {
      if (!thread.isReady || thread.task) continue;
      const task = this.#queue.shift();
      if (!task) return;
      thread.task = task;
      const sent: Sent = { number: ++thread.number, body: task.body, today: this.#options.today() };
      thread.worker.postMessage(sent);
    }
  }

  #told(thread: Thread, said: Said): void {
    if (said === 'ready') {
      thread.isReady = true;
      this.#options.ready();
    } else if ('refused' in said) this.#options.failed(new UsageError(said.refused));
    else if (said.number === thread.number && thread.task) {
      if (said.isEarly) {
        thread.task.early = said.reply;
        return;
      }
      this.#finish(thread.task, said.reply);
      thread.task = undefined;
    }
    this.#next();
  }

  #finish(task: Task, outcome: Reply | Without): void {
    clearTimeout(task.clock);
    task.done(outcome);
  }

  /** Ends the thread of what takes too long; what still waits was not begun. */
  #late(task: Task, ms: number): void {
    const thread = [...this.#threads].find((one) => one.task === task);
    if (!thread) {
      this.#leave(task, late(ms, 'waiting for other analyses'));
      return;
    }
    this.#finish(task, task.early ?? late(ms, 'the analysis'));
    thread.task = undefined;
    this.#replace(thread);
  }

  /** A task that still waits is not begun. */
  #leave(task: Task, outcome: Without): void {
    const at = this.#queue.indexOf(task);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#finish(task, outcome);
  }

  #replace(thread: Thread): void {
    this.#threads.delete(thread);
    void thread.worker.terminate();
    if (!this.#isClosed) this.#begin();
  }

  #died(thread: Thread): void {
    // One that was ended is not in the set any more.
    if (this.#isClosed || !this.#threads.delete(thread)) return;
    const { task, isReady, reason = DIED } = thread;
    if (task) this.#finish(task, task.early ?? reason);
    if (isReady) this.#begin();
    else this.#options.failed(new BugError(`a thread of the analysis does not start: ${reason.text}`));
  }
}

export const startPool = (options: PoolOptions): Deciders => new Pool(options);
