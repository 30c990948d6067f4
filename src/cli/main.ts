/** The executable: wires the process to `run()` and leaves with its exit code. */
import { EXIT } from './io.ts';
import { run } from './run.ts';

/**
 * A reader such as `head` that closes the pipe is no error of ours. A full disk is, though not a bug: one line,
 * and the exit code of bad usage.
 */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`irqsim: standard output cannot be written: ${error.message}\n`);
  process.exit(EXIT.badInput);
}

async function main(): Promise<void> {
  process.stdout.on('error', endOfOutput);
  process.stderr.on('error', () => {});
  process.exitCode = await run(process.argv.slice(2), {
    env: process.env,
    stdoutIsTty: process.stdout.isTTY === true,
    stderrIsTty: process.stderr.isTTY === true,
    columns: process.stdout.columns,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    note: (text) => void process.stderr.write(text),
  });
}

void main();
