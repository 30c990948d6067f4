/** A thread that decides about reviews: bodies come as messages, replies go back with their numbers. */
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.ts';
import { problemWith } from './decide.ts';
import type { Job } from './job.ts';
import type { Said, Sent, ThreadData } from './thread-data.ts';

const say = (said: Said): void => parentPort?.postMessage(said);

/** The job of a day: suppressions end. */
function jobOn(job: Job, today: string | undefined): Job {
  return today === undefined ? job : { ...job, settings: { ...job.settings, today } };
}

/** What a bug is told by: where it is in the program, and nothing of what was being read. */
function tellBug(error: unknown): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error();
  const places = stack.split('\n').filter((line) => /^\s*at /.test(line));
  process.stderr.write(`${JSON.stringify({ event: 'bug', error: name, places: places.slice(0, 8) })}\n`);
}

/** Serves until the thread is ended; one body after the other. */
export async function serve(): Promise<void> {
  const { job } = workerData as ThreadData;
  let earlier: Promise<void> = Promise.resolve();
  const reply = async ({ number, body, today }: Sent): Promise<void> => {
    const early = (known: Parameters<Parameters<typeof answer>[2]>[0]) =>
      say({ number, isEarly: true, reply: known });
    say({ number, isEarly: false, reply: await answer(body, jobOn(job, today), early, tellBug) });
  };
  parentPort?.on('message', (sent: Sent) => {
    earlier = earlier.then(() => reply(sent));
  });
  const refused = await problemWith(job);
  say(refused === undefined ? 'ready' : { refused });
}
