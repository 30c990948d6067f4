/** How events ended in words, and events as the description writes them. */
import { errnoName } from '../../lib/errno.ts';
import type { EventRun } from '../../linux/sim/run.ts';
import type { MachineEvent } from '../../machine/machine.ts';

/** What did not end well, in a word. */
const ENDED = { refused: 'refused', crashed: 'the kernel crashes', 'not-reached': 'cannot happen' } as const;

/** "ok", "refused (ENOSPC): why", "the kernel crashes: why". */
export function resultText({ result, errno, reason }: EventRun): string {
  if (result === 'ok') return 'ok';
  const name = errno === 0 ? '' : ` (${errnoName(errno)})`;
  return `${ENDED[result]}${name}${reason === null ? '' : `: ${reason}`}`;
}

const listOrOne = (cpus: readonly number[]): number | readonly number[] =>
  cpus.length === 1 ? cpus[0] : cpus;

/** The event in the form the description has it. */
export function eventAsWritten(event: MachineEvent): object {
  switch (event.kind) {
    case 'plug': {
      const { apicId, node } = event;
      return { plug: node === undefined ? { apicId } : { apicId, node } };
    }
    case 'smt':
      return { smt: event.on ? 'on' : 'off' };
    case 'setAffinity':
      return { setAffinity: { ...event.interrupt, cpus: listOrOne(event.cpus) } };
    case 'fire':
      return { fire: event.interrupt };
    case 'reprobe':
      return { reprobe: event.device };
    case 'suspend':
    case 'resume':
      return { [event.kind]: true };
    default:
      return { [event.kind]: listOrOne(event.cpus) };
  }
}
