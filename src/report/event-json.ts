/** One event of a run as JSON: the fields that `irqsim schema report` describes and what changed, in structure. */
import { formatList } from '../lib/cpumask.ts';
import { errnoName } from '../lib/errno.ts';
import type { EventRun, InterruptChange } from '../linux/sim/run.ts';
import { eventAsWritten } from './wording/event-text.ts';

function interruptJson({ device, queue, vector, irq, from, to }: InterruptChange): object {
  return { device, queue, vector, irq, from, to };
}

/** The event; `changed` lists interrupts by what became of them and CPUs by the set they moved to. */
export function eventJson({ event, result, errno, reason, messages, changes, changed }: EventRun): object {
  const { interrupts, unlisted, redirected, hanging, cpus, vectors } = changed;
  const of = (kind: InterruptChange['kind']) =>
    interrupts.filter((change) => change.kind === kind).map(interruptJson);
  return {
    event: eventAsWritten(event),
    result,
    errno,
    ...(errno === 0 ? {} : { errnoName: errnoName(errno) }),
    ...(reason === null ? {} : { reason }),
    messages,
    changes,
    changed: {
      started: of('started'),
      shutDown: of('shut-down'),
      moved: of('moved'),
      ...(interrupts.some(({ kind }) => kind === 'lost') ? { lost: of('lost') } : {}),
      ...(redirected.length === 0 ? {} : { redirected }),
      ...(hanging.length === 0
        ? {}
        : { hanging: hanging.map((one) => ({ ...one, cpus: one.cpus?.toString() ?? '' })) }),
      ...(unlisted === 0 ? {} : { unlisted }),
      cpus: Object.fromEntries(
        Object.entries(cpus)
          .filter(([, list]) => list.length > 0)
          .map(([set, list]) => [set, formatList(list)]),
      ),
      vectors,
    },
  };
}
