/** How a failure is told: bad input in one clear message, a bug as such. */
import { visibleLines } from '../lib/visible.ts';
import { InputError } from '../machine/locate.ts';
import { EXIT, type Io, oneLine, UsageError } from './io.ts';

/** Says what went wrong; the exit code tells whose fault it is. */
export function reportFailure(error: unknown, io: Io): number {
  if (error instanceof InputError) {
    io.err(`${error.format()}\n`);
    return EXIT.badInput;
  }
  if (error instanceof UsageError) {
    io.err(error.lines.map((text) => oneLine(`irqsim: ${text}`)).join(''));
    return EXIT.badInput;
  }
  const text = error instanceof Error ? (io.env.IRQSIM_DEBUG ? error.stack : error.message) : String(error);
  io.err(
    `irqsim: internal error: ${visibleLines(String(text))}\nThis is a bug in irqsim; please report it with the input.\n`,
  );
  return EXIT.bug;
}
