/** Events in words. */
import { formatList } from '../lib/cpumask.ts';
import { shortenList } from '../lib/ids.ts';
import type { InterruptName, MachineEvent } from './machine.ts';

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
    case 'reprobe':
      return `set up ${event.device} again`;
    case 'suspend':
    case 'resume':
      return event.kind;
    default:
      return `${event.kind} ${cpuText(event.cpus)}`;
  }
}
