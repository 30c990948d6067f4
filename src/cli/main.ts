/** The executable: wires the process to `run()` and leaves with its exit code. */
import { EXIT } from './io.ts';
import { isAsciiOnly } from './output/charset.ts';
import { standard } from './output/standard.ts';
import { pageProgram } from './program.ts';
import { run } from './run.ts';

async function main(): Promise<void> {
  const stderr = standard('stderr', () => {});
  const { write: err, isTty: stderrIsTty } = stderr;
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
  const stdout = standard('stdout', endOfOutput);
  const { write: out, isTty: stdoutIsTty, columns } = stdout;
  process.exitCode = await run(process.argv.slice(2), {
    env: process.env,
    stdoutIsTty,
    stderrIsTty,
    stderrFile: 2,
    asciiOnly: isAsciiOnly(process.env, process.platform),
    columns,
    out,
    err,
    note: err,
    isGone: () => isGone,
    pageProgram,
  });
  // Otherwise the event loop turns once more, in which V8 tidies a heap that nobody needs any more.
  if (stdout.isWritten() && stderr.isWritten()) process.exit();
}

void main();
