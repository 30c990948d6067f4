/** The thread of a language server: questions come as messages, answers go back with their numbers. */
import { parentPort } from 'node:worker_threads';
import { createAnswers } from '../../lsp/answers.ts';
import { PROJECT_FILES } from './project-files.ts';
import type { Reply, Sent } from './thread.ts';

/** Serves until the thread is ended; one question after the other. */
export function serve(): void {
  const answer = createAnswers(PROJECT_FILES);
  let earlier: Promise<void> = Promise.resolve();
  const reply = async ({ number, asked }: Sent): Promise<Reply> => {
    try {
      return { number, answer: await answer(asked) };
    } catch (error) {
      return { number, failure: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.on('message', (sent: Sent) => {
    earlier = earlier.then(async () => parentPort?.postMessage(await reply(sent)));
  });
}
