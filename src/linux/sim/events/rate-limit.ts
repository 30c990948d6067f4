/** What printk's rate limit keeps from the log: ___ratelimit() of lib/ratelimit.c, as pr_warn_ratelimited() uses it. */
import { isSetAffinityFailure } from '../../engine/cpuhotplug.ts';
import type { Stage } from './stage.ts';

/** DEFAULT_RATELIMIT_BURST lines in DEFAULT_RATELIMIT_INTERVAL, 5 s. Events are taken to be further apart. */
const BURST = 10;

/**
 * The lines of one event that reach the log: of migrate_one_irq()'s warnings only the first ten, and before them
 * how many were left out the last time.
 */
export function rateLimited(stage: Stage, messages: readonly string[]): readonly string[] {
  let printed = 0;
  const shown: string[] = [];
  for (const message of messages) {
    if (!isSetAffinityFailure(message)) {
      shown.push(message);
      continue;
    }
    if (printed === 0 && stage.suppressed > 0) {
      shown.push(`migrate_one_irq: ${stage.suppressed} callbacks suppressed`);
      stage.suppressed = 0;
    }
    if (printed === BURST) stage.suppressed++;
    else {
      shown.push(message);
      printed++;
    }
  }
  return shown;
}
