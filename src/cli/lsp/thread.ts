/**
 * An analyst in a thread of its own: the server can always answer, and what takes too long, or what nobody wants any
 * more, ends with its thread. One question at a time, in order.
 */
import type { Worker } from 'node:worker_threads';
import type { About, Answers, Asked } from '../../lsp/protocol.ts';
import { type Analyst, cancelled, NoAnswer } from './analyst.ts';

/** What a thread is sent. */
export interface Sent {
  readonly number: number;
  readonly asked: Asked;
}

/** What a thread sends back. */
export interface Reply {
  readonly number: number;
  readonly answer?: unknown;
  /** What went wrong where nothing may. */
  readonly failure?: string;
}

interface Task extends Sent {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: NoAnswer) => void;
}

export interface Limits {
  /** Milliseconds that an answer may take. */
  readonly answer: number;
  /** The same for advice, which analyses many machines. */
  readonly advice: number;
  /** What is left to an answer that nobody wants any more: a new thread takes longer than most answers. */
  readonly unwanted: number;
}

const LIMITS: Limits = { answer: 20_000, advice: 60_000, unwanted: 250 };

class ThreadAnalyst implements Analyst {
  readonly #spawn: () => Worker;
  readonly #limits: Limits;
  #worker: Worker | undefined;
  #queue: Task[] = [];
  #running: Task | undefined;
  #clock: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(spawn: () => Worker, limits: Limits) {
    this.#spawn = spawn;
    this.#limits = limits;
    this.#worker = this.#begin();
  }

  ask<A extends About>(asked: Asked<A>, signal: AbortSignal): Promise<Answers[A]> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const task: Task = {
        number: ++this.#asked,
        asked: asked as unknown as Asked,
        resolve: (answer) => resolve(answer as Answers[A]),
        reject,
      };
      signal.addEventListener('abort', () => this.#abandon(task), { once: true });
      this.#queue.push(task);
      this.#next();
    });
  }

  end(): void {
    for (const task of this.#queue.splice(0)) task.reject(cancelled());
    this.#stop(cancelled());
  }

  #begin(): Worker {
    const worker = this.#spawn();
    worker.on('message', (reply: Reply) => this.#told(reply));
    worker.on('error', (error) => this.#lost(worker, error.message));
    worker.on('exit', () => this.#lost(worker, 'it ended'));
    return worker;
  }

  #next(): void {
    if (this.#running) return;
    const task = this.#queue.shift();
    if (!task) return;
    this.#running = task;
    const { answer, advice } = this.#limits;
    this.#within(task.asked.question.about === 'actions' ? advice : answer);
    this.#worker ??= this.#begin();
    this.#worker.postMessage({ number: task.number, asked: task.asked } satisfies Sent);
  }

  /** Ends the thread unless the answer is there in time. */
  #within(ms: number, reason?: NoAnswer): void {
    clearTimeout(this.#clock);
    const late = new NoAnswer(`it took longer than ${ms / 1000} s`);
    this.#clock = setTimeout(() => this.#stop(reason ?? late), ms);
  }

  #told({ number, answer, failure }: Reply): void {
    const task = this.#running;
    if (task?.number !== number) return;
    clearTimeout(this.#clock);
    this.#running = undefined;
    if (failure === undefined) task.resolve(answer);
    else task.reject(new NoAnswer(failure));
    this.#next();
  }

  #abandon(task: Task): void {
    task.reject(cancelled());
    this.#queue = this.#queue.filter((one) => one !== task);
    if (this.#running === task) this.#within(this.#limits.unwanted, cancelled());
  }

  #lost(worker: Worker, reason: string): void {
    if (worker === this.#worker) this.#stop(new NoAnswer(`the thread of the analysis is gone: ${reason}`));
  }

  /** Ends the thread and what it is at; the next question begins another. */
  #stop(reason: NoAnswer): void {
    clearTimeout(this.#clock);
    const [worker, task] = [this.#worker, this.#running];
    this.#worker = undefined;
    this.#running = undefined;
    void worker?.terminate();
    task?.reject(reason);
    this.#next();
  }
}

/** An analyst whose threads `spawn` makes; the first at once, for it takes a while. */
export const threadAnalyst = (spawn: () => Worker, limits: Limits = LIMITS): Analyst =>
  new ThreadAnalyst(spawn, limits);
