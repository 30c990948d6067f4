/**
 * What events cost to simulate: the kernel looks at every interrupt for each CPU that goes or comes, and so does the
 * simulation. Small texts can ask for years of it, so there is a budget, of one machine and of all variants of it that
 * one run compares.
 */
import { grouped } from './limits.ts';
import { inputError } from './locate.ts';
import type { DeviceSpec, Machine, MachineEvent } from './machine.ts';
import type { Budget } from './schema-budget.ts';

/** CPUs in whose place each event counts, whatever it does: what it changed is looked for among all interrupts. */
const EVENT_CPUS = 16;

/** Interrupts times CPUs, and how much of it may be. */
export interface EventWork {
  readonly work: number;
  readonly budget: number;
}

const interruptsOf = ({ vectors, queues }: DeviceSpec): number => vectors ?? queues ?? 1;

/** How many CPUs an event takes offline or brings online. */
function cpusMoved(event: MachineEvent, cpuCount: number): number {
  switch (event.kind) {
    case 'offline':
    case 'online':
    case 'unplug':
      return event.cpus.length;
    case 'suspend':
    case 'resume':
    case 'smt':
      return cpuCount;
    case 'plug':
      return 1;
    case 'setAffinity':
    case 'fire':
    case 'reprobe':
      return 0;
  }
}

/** The work of events on a machine of so many CPUs. A device that is set up again is spread over all of them. */
export function eventWork(
  events: readonly MachineEvent[],
  cpuCount: number,
  devices: readonly DeviceSpec[],
  budget: Budget,
): EventWork {
  const interrupts = devices.reduce((sum, device) => sum + interruptsOf(device), 0);
  const byName = new Map(devices.map((device) => [device.name, interruptsOf(device)]));
  let work = 0;
  for (const event of events) {
    work += interrupts * (EVENT_CPUS + cpusMoved(event, cpuCount));
    if (event.kind === 'reprobe') work += (byName.get(event.device) ?? 0) * cpuCount;
  }
  return { work, budget: budget.work };
}

/** Why this much work is refused; undefined if it is within the budget. `who`: what asks for it, in the plural. */
export function tooMuchWork({ work, budget }: EventWork, who: string): string | undefined {
  if (work <= budget) return undefined;
  return (
    `${who} ask for a work of ${grouped(work)}, interrupts times the CPUs that are moved or looked at; ` +
    `the budget is ${grouped(budget)}; --set budget.work=${work} raises it`
  );
}

/**
 * Adds up the work of the variants of a machine that one run analyses, `count` in all. The function throws InputError
 * past the budget, with one that would be enough if no variant to come asks for more than those before.
 */
export function workOfVariants(
  count: number,
): (machine: Pick<Machine, 'eventWork' | 'source' | 'events'>) => void {
  let sum = 0;
  let most = 0;
  let seen = 0;
  return ({ eventWork: { work, budget }, source, events }) => {
    sum += work;
    most = Math.max(most, work);
    seen++;
    if (sum <= budget) return;
    const needed = sum + most * (count - seen);
    const who = `${grouped(events.length)} events in ${grouped(count)} variants of the machine`;
    const refused = tooMuchWork({ work: needed, budget }, who);
    if (refused !== undefined) throw inputError(source, refused);
  };
}
