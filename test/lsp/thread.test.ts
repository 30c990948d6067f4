import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { NoAnswer } from '../../src/cli/lsp/analyst.ts';
import { type Limits, threadAnalyst } from '../../src/cli/lsp/thread.ts';
import type { Asked } from '../../src/lsp/protocol.ts';
import { openText, READING } from './ask.ts';

/** A thread that answers by the word that the text is: `hang` and `wait` never, `die` by its end, any other at once. */
const PROGRAM = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ number, asked }) => {
  const { text } = asked.open;
  if (text === 'wait') return;
  if (text === 'hang') for (;;);
  if (text === 'die') throw new Error('no memory');
  parentPort.postMessage(text === 'fail' ? { number, failure: 'it failed' } : { number, answer: [text] });
});`;

const QUICK: Limits = { answer: 1500, advice: 1500, unwanted: 20 };

function analyst() {
  let threads = 0;
  const one = threadAnalyst(() => {
    threads++;
    return new Worker(PROGRAM, { eval: true });
  }, QUICK);
  const ask = (text: string, signal = new AbortController().signal) => {
    const asked: Asked<'lenses'> = { open: openText(text), reading: READING, question: { about: 'lenses' } };
    return one.ask(asked, signal);
  };
  return { ask, end: () => one.end(), threads: () => threads };
}

test('questions are answered in order, whatever becomes of the thread', async () => {
  const { ask, end, threads } = analyst();
  expect(await Promise.all([ask('a'), ask('b')])).toEqual([['a'], ['b']]);
  const late = ask('wait');
  const behind = ask('c');
  await expect(late).rejects.toThrow('it took longer than 1.5 s');
  expect(await behind).toEqual(['c']);
  await expect(ask('die')).rejects.toThrow('the thread of the analysis is gone: no memory');
  await expect(ask('fail')).rejects.toThrow('it failed');
  expect(await ask('d')).toEqual(['d']);
  expect(threads()).toBe(3);
  end();
});

test('what nobody wants any more ends, and nothing that waits behind it', async () => {
  const { ask, end } = analyst();
  await ask('a');
  const [running, waiting] = [new AbortController(), new AbortController()];
  const dropped = [ask('hang', running.signal), ask('b', waiting.signal)];
  const behind = ask('c');
  running.abort();
  waiting.abort();
  for (const one of dropped) await expect(one).rejects.toMatchObject({ isCancelled: true });
  expect(await behind).toEqual(['c']);
  await expect(ask('d', running.signal)).rejects.toBeInstanceOf(NoAnswer);
  const last = ask('hang');
  end();
  await expect(last).rejects.toMatchObject({ isCancelled: true });
});
