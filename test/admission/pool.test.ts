/** The threads that decide: what takes too long, dies or is too much, and those behind it. */
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { type Deciders, type PoolOptions, startPool } from '../../src/cli/admission/pool.ts';
import { FOR_ADMISSION, type ThreadData } from '../../src/cli/admission/thread-data.ts';
import { builtProgram } from '../built.ts';
import { bytesOf, instance, JOB, machine, objectOf, requestOf, reviewOf } from './ask.ts';

/** A thread that replies by the word that the body is. */
const PROGRAM = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ number, body, today }) => {
  const text = Buffer.from(body).toString();
  const say = (isEarly, reply) => parentPort.postMessage({ number, isEarly, reply });
  if (text === 'die') throw new Error('the object said SECRET');
  if (text === 'memory') for (const all = [];;) all.push(new Array(1e5).fill(number));
  if (text.startsWith('early')) say(true, { code: 200, text: 'early', log: {} });
  if (text === 'hang') for (;;);
  if (text.endsWith('wait')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  say(false, { code: 200, text: text === 'day' ? today : text, log: {} });
});
parentPort.postMessage('ready');`;

const open: Deciders[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function pool(more: Partial<PoolOptions> = {}) {
  const heard = { threads: 0, failures: [] as string[] };
  const deciders = startPool({
    threads: 1,
    waiting: 8,
    spawn: () => {
      heard.threads++;
      return new Worker(PROGRAM, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    },
    today: () => '2027-01-01',
    ready: () => {},
    failed: ({ message }) => heard.failures.push(message),
    ...more,
  });
  open.push(deciders);
  const ask = (text: string, ms = 5000, signal = new AbortController().signal) =>
    deciders.ask(new TextEncoder().encode(text), ms, signal);
  return { ask, heard, deciders };
}

test('bodies are decided in order, also before a thread is ready, and know the day', async () => {
  const { ask, deciders } = pool();
  expect(deciders.isReady).toBe(false);
  expect(await Promise.all(['a', 'b', 'day'].map((text) => ask(text)))).toMatchObject([
    { text: 'a' },
    { text: 'b' },
    { text: '2027-01-01' },
  ]);
  expect(deciders.isReady).toBe(true);
});

test('what takes too long ends with its thread, and those behind it have the next', async () => {
  const { ask, heard } = pool();
  await ask('a');
  const late = ask('hang', 100);
  const early = ask('early wait', 1000);
  const behind = ask('c');
  expect(await late).toEqual({ why: 'late', text: 'the analysis took longer than 0.1 s' });
  expect(await early).toMatchObject({ code: 200, text: 'early' });
  expect(await behind).toMatchObject({ text: 'c' });
  expect(heard).toEqual({ threads: 3, failures: [] });
});

test('a thread that dies is replaced, and what it died of is not told', async () => {
  const { ask, heard } = pool();
  expect(await ask('die')).toEqual({ why: 'bug', text: 'irqsim failed, which is a bug in it' });
  expect(await ask('memory')).toMatchObject({ why: 'memory' });
  expect(await ask('c')).toMatchObject({ text: 'c' });
  expect(heard).toEqual({ threads: 3, failures: [] });
});

test('what waits is bounded in number and time, and left where nobody wants it', async () => {
  const { ask, heard, deciders } = pool({ waiting: 2 });
  await ask('a');
  const running = ask('wait', 500);
  const gone = new AbortController();
  const unwanted = ask('b', 5000, gone.signal);
  const late = ask('c', 50);
  expect(await ask('d')).toMatchObject({ why: 'too-many' });
  expect(await late).toEqual({ why: 'late', text: 'waiting for other analyses took longer than 0.05 s' });
  gone.abort();
  expect(await unwanted).toMatchObject({ why: 'late' });
  expect(await running).toMatchObject({ why: 'late' });
  expect(await ask('e')).toMatchObject({ text: 'e' });
  expect(heard.threads).toBe(2);
  const last = ask('wait');
  await deciders.close();
  expect(await last).toEqual({ why: 'late', text: 'irqsim is being stopped' });
  expect(await ask('f')).toMatchObject({ why: 'late' });
});

test('a thread that does not start, and a job that it refuses, end the pool', async () => {
  const dead = pool({ spawn: () => new Worker('throw new Error("no")', { eval: true }) });
  await expect.poll(() => dead.heard.failures).toMatchObject([/does not start/]);
  const none = () => {
    throw new Error('no more threads');
  };
  const poor = pool({ spawn: none });
  await expect.poll(() => poor.heard.failures[0]).toMatch(/does not start: no more threads$/);
  const refuse = `require('node:worker_threads').parentPort.postMessage({ refused: '--kernel 9: unknown' })`;
  const refused = pool({ spawn: () => new Worker(refuse, { eval: true }) });
  await expect.poll(() => refused.heard.failures[0]).toBe('--kernel 9: unknown');
});

test('the threads of the program decide, and an analysis that takes too long ends with its thread', async () => {
  const worker = join(dirname(builtProgram()), 'worker.cjs');
  const workerData: ThreadData = { serves: FOR_ADMISSION, job: JOB };
  let threads = 0;
  const { deciders, heard } = pool({
    spawn: () => {
      threads++;
      return new Worker(worker, { argv: [], workerData });
    },
  });
  const ask = (object: Parameters<typeof requestOf>[0], ms: number) =>
    deciders.ask(bytesOf(reviewOf(requestOf(object))), ms, new AbortController().signal);
  const denied = { code: 200, log: { outcome: 'analysed', allowed: false, rules: ['hypervisor-refuses'] } };
  expect(await ask(machine({ sockets: 64 }), 20_000)).toMatchObject(denied);
  const disks = Array.from({ length: 4000 }, (_, n) => ({ name: `d${n}`, disk: { bus: 'virtio' } }));
  const many = instance({ sockets: 1 }, { domain: { cpu: { sockets: 1, cores: 64 }, devices: { disks } } });
  expect(await ask(objectOf('VirtualMachineInstance', many), 20)).toMatchObject({ why: 'late' });
  expect(await ask(machine({ sockets: 64 }), 20_000)).toMatchObject(denied);
  expect([threads, heard.failures]).toEqual([2, []]);
});
