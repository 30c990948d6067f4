/** One line on a terminal's standard error that says how far something long is, and goes when it is over. */
import type { Io } from '../io.ts';

/** Milliseconds before the line is shown, and between two of its texts. */
const PATIENCE = 1000;
const BETWEEN = 200;

export interface StatusLine {
  /** Shows the text, if there is a terminal and it is time for one; `text` is asked only then. */
  readonly step: (text: () => string) => void;
  readonly end: () => void;
}

export function statusLine(io: Io): StatusLine {
  let next = performance.now() + PATIENCE;
  let shown = '';
  const show = (line: string): void => {
    io.note(`\r${line.padEnd(shown.length)}${line === '' ? '\r' : ''}`);
    shown = line;
  };
  return {
    step(text) {
      if (!io.stderrIsTty || performance.now() < next) return;
      next = performance.now() + BETWEEN;
      show(text());
    },
    end() {
      if (shown !== '') show('');
    },
  };
}
