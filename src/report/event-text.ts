/** Events in words, and as the description writes them. */
import { formatList } from '../lib/cpumask.ts';
import { shortenList } from '../lib/ids.ts';
import type { InterruptName, MachineEvent } from '../machine/machine.ts';
import type { EventRun } from '../sim/run.ts';

/** include/uapi/asm-generic/errno-base.h, those that an event can be refused with. */
const ERRNO_NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  5: 'EIO',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  28: 'ENOSPC',
  34: 'ERANGE',
};

/** "ENOSPC"; null for 0. */
export function errnoName(errno: number): string | null {
  return errno === 0 ? null : (ERRNO_NAMES[errno] ?? `errno ${errno}`);
}

function interruptText(name: InterruptName): string {
  if ('irq' in name) return `irq ${name.irq}`;
  return 'queue' in name ? `${name.device} queue ${name.queue}` : `${name.device} vector ${name.vector}`;
}

const cpuText = (cpus: readonly number[]): string =>
  `CPU${cpus.length === 1 ? '' : 's'} ${shortenList(formatList(cpus))}`;

/** "offline CPU 3", "plug APIC ID 300 on node 1". */
export function eventText(event: MachineEvent): string {
  switch (event.kind) {
    case 'plug':
      return `plug APIC ID ${event.apicId}${event.node === undefined ? '' : ` on node ${event.node}`}`;
    case 'smt':
      return `SMT ${event.on ? 'on' : 'off'}`;
    case 'setAffinity':
      return `set affinity of ${interruptText(event.interrupt)} to ${cpuText(event.cpus)}`;
    case 'fire':
      return `interrupt of ${interruptText(event.interrupt)}`;
    case 'suspend':
    case 'resume':
      return event.kind;
    default:
      return `${event.kind} ${cpuText(event.cpus)}`;
  }
}

/** "ok", "refused (ENOSPC): why". */
export function resultText({ result, errno, reason }: EventRun): string {
  if (result === 'ok') return 'ok';
  const name = errnoName(errno);
  return `refused${name ? ` (${name})` : ''}${reason === null ? '' : `: ${reason}`}`;
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
    case 'suspend':
    case 'resume':
      return { [event.kind]: true };
    default:
      return { [event.kind]: listOrOne(event.cpus) };
  }
}
