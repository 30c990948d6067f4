/** Ends a run that is asked to end: what is begun is finished, unless somebody asks twice. */
import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
export type EndSignal = (typeof SIGNALS)[number];

/** 143 for SIGTERM, 130 for SIGINT, as shells have it. */
export function codeOfSignal(signal: EndSignal): number {
  return 128 + constants.signals[signal];
}

export interface Ending {
  /** The signal that came, if one did. */
  readonly signal: EndSignal | undefined;
  /** What to do at the first signal, now if it came already. */
  do(act: () => void): void;
  /** From now on signals are nobody's business. */
  close(): void;
}

/** Waits for signals; the second leaves the process at once. */
export function awaitSignals(): Ending {
  let came: EndSignal | undefined;
  let act = () => {};
  const listener = (signal: NodeJS.Signals) => {
    if (came) process.exit(codeOfSignal(came));
    came = signal as EndSignal;
    act();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    get signal() {
      return came;
    },
    do(what) {
      act = what;
      if (came) act();
    },
    close() {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
