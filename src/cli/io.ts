/** What the command line needs from the world, so that a run is a function of its arguments. */
import { visible } from '../lib/visible.ts';

/** Exit codes, frozen. */
export const EXIT = { clean: 0, findings: 1, badInput: 2, bug: 3 } as const;

/** What `--color` may say. */
export const COLOUR_CHOICES = ['always', 'never', 'auto'] as const;
export type ColourChoice = (typeof COLOUR_CHOICES)[number];

/** How a run of several went. */
export interface Again {
  readonly code: number;
  /** It did not begin: what was typed cannot be done. */
  readonly isBadUsage: boolean;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly columns: number | undefined;
  /** The open file that is standard error, for who writes there while this thread works; absent: nobody may. */
  readonly stderrFile?: number;
  /** Texts for people are to be in ASCII: the terminal shows nothing else. */
  readonly asciiOnly: boolean;
  /** A text as standard output is to show it; absent: as it is. `out` does it by itself. */
  readonly shown?: (text: string) => string;
  /** The open file that is standard input; absent: the process's own. */
  readonly stdin?: number;
  /** The folder that the run works in, as a shell's `cd` would have it; absent: where the process is. */
  readonly cwd?: string;
  /** Standard output: data only. */
  readonly out: (text: string) => void;
  /** Standard error: errors. */
  readonly err: (text: string) => void;
  /** Standard error: what a user need not know; `--quiet` silences it. */
  readonly note: (text: string) => void;
  /** A program of pages, as the build leaves it; absent: there are none. */
  readonly pageProgram?: (name: 'engine' | 'page') => string;
  /** Nobody reads standard output any more. */
  readonly isGone?: () => boolean;
  /** The same run once more, for who watches its inputs; absent in a run that is one of these. */
  readonly again?: () => Promise<Again>;
  /** `--quiet`: results and errors only, as short as they can be. */
  readonly quiet?: boolean;
  /** `--color`; absent: nobody said. */
  readonly color?: ColourChoice | undefined;
}

/** One line for standard error: what a name in it holds neither ends the line nor does anything to a terminal. */
export const oneLine = (text: string): string => `${visible(text)}\n`;

/** Something the user did wrong that has no place in a file, a line each; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export type ColourLevel = 0 | 1 | 2 | 3;

/** What the terminal can show: at least 16 colours. */
function terminalLevel({ TERM, COLORTERM }: Io['env']): ColourLevel {
  return COLORTERM === 'truecolor' ? 3 : TERM?.includes('256') ? 2 : 1;
}

/**
 * The colour level for standard output: `--color` always and never win, then FORCE_COLOR, then NO_COLOR and
 * TERM=dumb, then whether it is a terminal.
 */
export function colourLevel(io: Pick<Io, 'env' | 'stdoutIsTty' | 'color'>): ColourLevel {
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (io.color === 'never') return 0;
  if (io.color === 'always') return terminalLevel(io.env);
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') {
    if (FORCE_COLOR === '0' || FORCE_COLOR === 'false') return 0;
    return FORCE_COLOR === '2' ? 2 : FORCE_COLOR === '3' ? 3 : 1;
  }
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || !io.stdoutIsTty) return 0;
  return terminalLevel(io.env);
}
