/** The line that says how long a command has been at work: written while the thread of the work has no time. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { busyLine } from '../../src/cli/output/busy-line.ts';
import { run } from '../../src/cli/run.ts';
import { keepingIo, scratchFile } from './irqsim.ts';

const GUEST = 'scenarios/four-cpus-four-queues.yaml';

/** Leaves no other code of this thread the time for anything. */
function work(until: () => boolean): void {
  for (const end = Date.now() + 20_000; Date.now() < end && !until(); ) Math.sqrt(2);
}

test('is written while the work goes on, makes way for what is said, and is gone at the end', () => {
  const path = scratchFile('terminal', '');
  const file = openSync(path, 'r+');
  const text = () => readFileSync(path, 'utf8');
  const line = busyLine(file, 'at work', { patience: 5, between: 5 });
  work(() => text().split('at work').length > 2);
  expect(text()).toMatch(/^(?:\rat work: \d+ s)+$/);
  let before = '';
  line.aside(() => {
    before = text();
  });
  expect(before).toMatch(/\r {12}\r$/);
  work(() => text().length > before.length);
  line.end();
  const after = text();
  expect(after).toMatch(/\r {12}\r$/);
  closeSync(file);
});

test('work that is done soon shows nothing', () => {
  const path = scratchFile('terminal', '');
  const file = openSync(path, 'r+');
  busyLine(file, 'at work').end();
  expect(readFileSync(path, 'utf8')).toBe('');
  closeSync(file);
});

test.each([
  ['a terminal', { stderrIsTty: true }],
  ['no terminal', { stderrIsTty: false }],
])('a run says the same where standard error is %s', async (_, more) => {
  const path = scratchFile('terminal', '');
  const stderrFile = openSync(path, 'r+');
  const { io, said } = keepingIo({});
  const args = ['analyze', '--no-config', GUEST, 'no-such-file.yaml'];
  expect(await run(args, { ...io, ...more, stderrFile })).toBe(2);
  const plain = keepingIo({});
  await run(args, plain.io);
  expect(said).toEqual(plain.said);
  // Whatever was shown on a busy machine is gone.
  expect(readFileSync(path, 'utf8')).toMatch(more.stderrIsTty ? /^$|\r *\r$/ : /^$/);
  closeSync(stderrFile);
});
