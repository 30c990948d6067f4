/** A pool of worker threads. One that dies is replaced, and the item that it died of gets an error record. */
import type { Worker } from 'node:worker_threads';
import { BugError } from '../../lib/assert.ts';
import type { Item } from './item.ts';
import type { Outcome } from './process.ts';
import type { Ran, Runner } from './runner.ts';

/** What a worker is sent; it answers with the number, and what came of the items. */
export interface Chunk {
  readonly number: number;
  readonly items: readonly Item[];
}
type Answer = { readonly number: number } & Ran;

interface Task extends Chunk {
  readonly done: (ran: Ran) => void;
}

interface Member {
  readonly worker: Worker;
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

/** Starts no worker before there is work for it. */
export function createPool({ threads, spawn, lost, failed }: PoolOptions): Runner {
  const stopFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const members = new Set<Member>();
  const queue: Task[] = [];
  let numbers = 0;
  let closed = false;

  const task = (items: readonly Item[], done: Task['done']): Task => ({ number: ++numbers, items, done });

  function freeMember(): Member | undefined {
    const least = [...members].reduce<Member | undefined>(
      (best, member) => (best && best.tasks.length <= member.tasks.length ? best : member),
      undefined,
    );
    if (least?.tasks.length === 0) return least;
    if (members.size < threads) return hire();
    return least && least.tasks.length < DEPTH ? least : undefined;
  }

  function dispatch(): void {
    while (queue.length > 0 && !closed) {
      const member = freeMember();
      if (!member) return;
      const next = queue.shift()!;
      member.tasks.push(next);
      member.worker.postMessage({ number: next.number, items: next.items } satisfies Chunk);
    }
  }

  function hire(): Member {
    const member: Member = { worker: spawn(stopFlag), tasks: [], ready: false, reason: '' };
    members.add(member);
    member.worker.on('message', (message: Answer | 'ready') => {
      if (message === 'ready') member.ready = true;
      else finish(member, message);
    });
    member.worker.on('error', (error) => {
      member.reason = whyDied(error);
    });
    member.worker.on('exit', (code) => died(member, member.reason || `the worker ended with code ${code}`));
    return member;
  }

  function finish({ tasks }: Member, { number, outcomes, ms }: Answer): void {
    const [done] = tasks.splice(
      tasks.findIndex((one) => one.number === number),
      1,
    );
    done.done({ outcomes, ms });
    dispatch();
  }

  /** Of several items it is not known which was the deadly one: each has another worker to itself. */
  function retry({ items, done }: Task, reason: string): Task[] {
    if (items.length === 1) {
      void lost(items[0], reason).then((outcome) => done({ outcomes: [outcome], ms: 0 }));
      return [];
    }
    const tasks: Task[] = [];
    const parts = items.map((item) => new Promise<Ran>((resolve) => void tasks.push(task([item], resolve))));
    void Promise.all(parts).then((ran) => done(together(ran)));
    return tasks;
  }

  function died(member: Member, reason: string): void {
    members.delete(member);
    if (closed) return;
    if (!member.ready) {
      failed(new BugError(`a worker thread does not start: ${reason}`));
      return;
    }
    const [first, ...others] = member.tasks;
    queue.unshift(...(first ? retry(first, reason) : []), ...others);
    if (Atomics.load(stopFlag, 0) !== 0) leaveQueue();
    else dispatch();
  }

  function leaveQueue(): void {
    for (const left of queue.splice(0)) left.done(STOPPED);
  }

  return {
    slots: threads * SLOTS,
    run(items) {
      return new Promise((resolve) => {
        queue.push(task(items, resolve));
        dispatch();
      });
    },
    stop() {
      Atomics.store(stopFlag, 0, 1);
      leaveQueue();
    },
    async close() {
      closed = true;
      await Promise.all([...members].map(({ worker }) => worker.terminate()));
    },
  };
}
