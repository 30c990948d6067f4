/** Events of counterexamples, to be pasted: into descriptions, and behind `--event`. */
import { formatList } from '../../lib/cpumask.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import { eventAsWritten } from '../wording/event-text.ts';

/** As a description has it: CPUs in the kernel's list form. */
export function eventWritten(event: MachineEvent): object {
  return 'cpus' in event && event.kind !== 'setAffinity' && event.cpus.length > 1
    ? { [event.kind]: formatList(event.cpus) }
    : eventAsWritten(event);
}

/** As `--event` has it: "offline=3,7". */
export function eventOption(event: MachineEvent): string {
  if (event.kind === 'plug') return `plug=${event.apicId}${event.node === undefined ? '' : `@${event.node}`}`;
  return 'cpus' in event && event.kind !== 'setAffinity'
    ? `${event.kind}=${formatList(event.cpus)}`
    : event.kind;
}
