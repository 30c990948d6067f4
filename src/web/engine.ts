/** The worker of a page: questions come as messages, answers go back with their numbers. */
import * as z from 'zod';
import { createEngine } from './answers.ts';
import type { Numbered, Question, Reply } from './protocol.ts';

/** A worker's own end of the line, as far as it is used here. */
interface Line {
  onmessage: ((event: { readonly data: Numbered<Question> }) => void) | null;
  postMessage(message: Numbered<Reply>): void;
}

// The page's policy lets no text become a program; zod would try.
z.config({ jitless: true });

const line = globalThis as unknown as Line;
const answer = createEngine();
let turn: Promise<unknown> = Promise.resolve();

line.onmessage = ({ data: { number, message } }) => {
  turn = turn.then(async () => line.postMessage({ number, message: await answer(message) }));
};
