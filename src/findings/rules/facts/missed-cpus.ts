/** Devices whose messages cannot name CPUs that run, or may come to run: what that costs them. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { CpuReach } from '../../../linux/model/reach.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Level } from '../rule.ts';
import { count } from '../rule.ts';
import { lostCount, lostFor } from './lost-interrupts.ts';

/** CPUs out of reach of some devices. */
export interface Missed {
  readonly devices: readonly DeviceRun[];
  /** Online, and their interrupts go astray. */
  readonly online: CpuMask;
  /** The kernel would bring them up, or nobody knows. */
  readonly later: CpuMask;
  /** Interrupts that are lost on such a CPU now. */
  readonly lostNow: number;
  /** Interrupts that events sent to one. */
  readonly lostByEvents: number;
}

/** What devices that reach these CPUs only miss. */
export function missedBy(
  facts: Simulation,
  devices: readonly DeviceRun[],
  { unreachable, unknown }: Pick<CpuReach, 'unreachable' | 'unknown'>,
): Missed {
  const { enumeration, apic, run } = facts;
  const mayRun = CpuMask.of(
    enumeration.nrCpuIds,
    enumeration.cpus.filter(({ apicId }) => apicId === null || apicId <= apic.limit).map(({ cpu }) => cpu),
  );
  const names = new Set<string | null>(devices.map(({ name }) => name));
  const lost = lostFor(facts, 'cpu-unreachable').filter(({ device }) => names.has(device.name));
  const byEvents = run.events.flatMap(({ changed }) =>
    changed.interrupts.filter(({ kind, device, to }) => kind === 'lost' && to !== null && names.has(device)),
  );
  return {
    devices,
    online: CpuMask.and(run.online, unreachable),
    later: CpuMask.and(CpuMask.or(unreachable, unknown), mayRun).andNotWith(run.online),
    lostNow: lost.reduce((sum, one) => sum + lostCount(one), 0),
    lostByEvents: new Set(byEvents.map(({ irq }) => irq)).size,
  };
}

/** The CPUs to name: those that run, else those that may. */
export const namedOf = ({ online, later }: Missed): CpuMask => (online.isEmpty() ? later : online);

/** "3 online CPUs", "1 CPU that may come online". */
export function whichText(missed: Missed): string {
  const n = namedOf(missed).weight();
  return missed.online.isEmpty() ? `${count(n, 'CPU')} that may come online` : count(n, 'online CPU');
}

/** An error where interrupts go astray, a warning where they may one day, else a note. */
export function levelOfMissed({ online, later }: Missed): Level {
  if (!online.isEmpty()) return 'error';
  return later.isEmpty() ? 'note' : 'warning';
}

/** What was seen to be lost, in sentences. */
export function lossTexts({ lostNow, lostByEvents }: Missed): string[] {
  const are = (n: number) => (n === 1 ? 'is' : 'are');
  return [
    ...(lostNow > 0
      ? [`${count(lostNow, 'interrupt')} ${are(lostNow)} on such a CPU now, and ${are(lostNow)} lost`]
      : []),
    ...(lostByEvents > 0
      ? [
          `events sent ${count(lostByEvents, 'interrupt')} to such a CPU, where ${lostByEvents === 1 ? 'it was' : 'they were'} lost`,
        ]
      : []),
  ];
}
