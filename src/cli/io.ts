/** What the command line needs from the world, so that a run is a function of its arguments. */

/** Exit codes, frozen (contract.md section 3). */
export const EXIT = { clean: 0, findings: 1, badInput: 2, bug: 3 } as const;

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly columns: number | undefined;
  /** Standard output: data only. */
  readonly out: (text: string) => void;
  /** Standard error: errors. */
  readonly err: (text: string) => void;
  /** Standard error: what a user need not know; `--quiet` silences it. */
  readonly note: (text: string) => void;
}

/** Something the user did wrong that has no place in a file; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export type ColourLevel = 0 | 1 | 2 | 3;

/**
 * The colour level for standard output: FORCE_COLOR wins, then NO_COLOR and TERM=dumb, then whether it
 * is a terminal.
 */
export function colourLevel(io: Pick<Io, 'env' | 'stdoutIsTty'>): ColourLevel {
  const { FORCE_COLOR, NO_COLOR, TERM, COLORTERM } = io.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') {
    if (FORCE_COLOR === '0' || FORCE_COLOR === 'false') return 0;
    return FORCE_COLOR === '2' ? 2 : FORCE_COLOR === '3' ? 3 : 1;
  }
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || !io.stdoutIsTty) return 0;
  return COLORTERM === 'truecolor' ? 3 : TERM?.includes('256') ? 2 : 1;
}
