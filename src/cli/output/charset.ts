/** Whether the user's terminal shows more than ASCII, by the locale as POSIX has it. */
import type { Io } from '../io.ts';

/** Of these, the first that is set and not empty says it. */
const VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LANG'] as const;

/**
 * True where texts are to be in ASCII: in a locale that is not UTF-8, which on Linux is also the one that nobody set.
 * `IRQSIM_ASCII` (1 or 0) goes before the locale.
 */
export function isAsciiOnly(env: Io['env'], platform: NodeJS.Platform): boolean {
  const asked = env.IRQSIM_ASCII;
  if (asked !== undefined && asked !== '') return asked !== '0';
  // Elsewhere programs need no locale to be shown UTF-8.
  if (platform !== 'linux') return false;
  const name = VARIABLES.map((variable) => env[variable]).find(
    (value) => value !== undefined && value !== '',
  );
  return name === undefined || !/(?:^|\.)utf-?8(?:@|$)/i.test(name);
}
