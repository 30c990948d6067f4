/** The executable: wires the process to `run()` and leaves with its exit code. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT } from './io.ts';
import { isAsciiOnly } from './output/charset.ts';
import { standard } from './output/standard.ts';
import { run } from './run.ts';

/** Programs of pages are beside those of the command line: bin/irqsim.cjs and dist/web. */
const pageProgram = (name: string): string =>
  readFileSync(join(dirname(realpathSync(process.argv[1])), '../dist/web', `${name}.js`), 'utf8');

async function main(): Promise<void> {
  const { write: err, isTty: stderrIsTty } = standard('stderr', () => {});
  /**
   * A reader such as `head` that closes the pipe is no error of ours. A full disk is, though not a bug: one line,
   * and the exit code of bad usage.
   */
  let isGone = false;
  const endOfOutput = (error: NodeJS.ErrnoException): void => {
    isGone = true;
    if (error.code === 'EPIPE') return;
    err(`irqsim: standard output cannot be written: ${error.message}\n`);
    process.exit(EXIT.badInput);
  };
  const { write: out, isTty: stdoutIsTty, columns } = standard('stdout', endOfOutput);
  process.exitCode = await run(process.argv.slice(2), {
    env: process.env,
    stdoutIsTty,
    stderrIsTty,
    asciiOnly: isAsciiOnly(process.env, process.platform),
    columns,
    out,
    err,
    note: err,
    isGone: () => isGone,
    pageProgram,
  });
}

void main();
