/** The rows of a device in numbers. */
import { HEALTHS, type Health, type InterruptRow, type QueueRow, type Tally } from './run.ts';

/** No queue of any health. */
export function noHealths(): Record<Health, number> {
  return { healthy: 0, idle: 0, 'at-risk': 0, degraded: 0, dead: 0 };
}

/** Counts the rows of one device. */
export function tallyOf(queues: readonly QueueRow[], interrupts: readonly InterruptRow[]): Tally {
  const healths = noHealths();
  const states = { started: 0, shutdown: 0, 'not-allocated': 0 };
  let lost = 0;
  for (const queue of queues) {
    healths[queue.health]++;
    states[queue.state]++;
    if (queue.lost !== undefined) lost++;
  }
  for (const interrupt of interrupts) if (interrupt.lost !== undefined) lost++;
  return { healths, states, lost };
}

/** The worst health that some queue has; healthy if there is none. */
export function worstOf({ healths }: Tally): Health {
  let worst: Health = 'healthy';
  for (const health of HEALTHS) if (healths[health] > 0) worst = health;
  return worst;
}
