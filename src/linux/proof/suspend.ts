/** Suspend and resume, simulated: there is one way to do it. */
import type { MachineEvent } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import type { Answer } from './answer.ts';
import { continued } from './live.ts';
import { noQueueStops } from './properties/no-queue-stops.ts';
import { isGone, type Subject } from './subject.ts';

const SUSPEND: MachineEvent = { kind: 'suspend', path: [] };
const RESUME: MachineEvent = { kind: 'resume', path: [] };

/** The first of the events that is not done, or what they leave wrong; null: nothing. */
function faultOf({ machine, state }: Subject, events: readonly MachineEvent[]): string | null {
  const { facts, stage } = continued(machine, events);
  const happened = facts.run.events.slice(machine.events.length);
  const failed = happened.find(({ result }) => result !== 'ok');
  if (failed) return failed.reason ?? `${failed.event.kind} fails with error ${failed.errno}`;
  const gone = isGone(stage);
  if (gone !== null || stage === null || state === null) return gone;
  if (events.length < 2) return null;
  const { online } = state.stage.system;
  if (!online.isSubsetOf(facts.run.online)) return 'not every CPU comes back';
  return noQueueStops.fault({ ...state, stage }, 1);
}

/** The machine suspends, and every CPU and queue comes back. */
export function proveSuspend(subject: Subject, asked: AskedProperty): Answer {
  const common = { asked, method: 'exhaustive', offlineAtMost: null, largest: null, sets: 1n } as const;
  for (const events of [[SUSPEND], [SUSPEND, RESUME]]) {
    const shows = faultOf(subject, events);
    if (shows === null) continue;
    const counterexample = { events, probeOrder: null, shows, smallest: true };
    return { ...common, answer: 'fails', counterexample, because: ['suspend and resume were simulated'] };
  }
  return { ...common, answer: 'holds', counterexample: null, because: ['suspend and resume were simulated'] };
}
