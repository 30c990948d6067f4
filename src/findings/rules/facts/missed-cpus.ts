/** Devices whose messages cannot name CPUs that run, or may come to run: what that costs them. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { CpuReach } from '../../../linux/model/reach.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Level } from '../rule.ts';
import { count } from '../rule.ts';
import { lostCount, lostFor } from './lost-interrupts.ts';
import { everOnline, ranText } from './ran.ts';

/** CPUs out of reach of some devices. */
export interface Missed {
  readonly devices: readonly DeviceRun[];
  /** Online, now or before some event, and their interrupts go astray. */
  readonly online: CpuMask;
  /** The kernel would bring them up, or nobody knows. */
  readonly later: CpuMask;
  /** Interrupts that are lost on such a CPU now. */
  readonly lostNow: number;
  /** Interrupts that events sent to one. */
  readonly lostByEvents: number;
}

/** The sets without CPUs of which nobody knows: no more is said than what they miss for sure. */
export const knownOf = ({ unreachable }: Pick<CpuReach, 'unreachable'>) => ({
  unreachable,
  unknown: new CpuMask(unreachable.nbits),
});

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
  const ran = everOnline(facts);
  const names = new Set<string | null>(devices.map(({ name }) => name));
  const lost = lostFor(facts, 'cpu-unreachable').filter(({ device }) => names.has(device.name));
  const byEvents = run.events.flatMap(({ changed }) =>
    changed.interrupts.filter(({ kind, device, to }) => kind === 'lost' && to !== null && names.has(device)),
  );
  return {
    devices,
    online: CpuMask.and(ran, unreachable),
    later: CpuMask.and(CpuMask.or(unreachable, unknown), mayRun).andNotWith(ran),
    lostNow: lost.reduce((sum, one) => sum + lostCount(one), 0),
    lostByEvents: new Set(byEvents.map(({ irq }) => irq)).size,
  };
}

/** The CPUs to name: those that ran, else those that may. */
export const namedOf = ({ online, later }: Missed): CpuMask => (online.isEmpty() ? later : online);

/** "3 online CPUs", "1 CPU that may come online". */
export function whichText(facts: Simulation, missed: Missed): string {
  return missed.online.isEmpty()
    ? `${count(missed.later.weight(), 'CPU')} that may come online`
    : ranText(facts, missed.online);
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
