/** What happens after boot: the events of a description, one after the other, and what each one changes. */

import { unreachable } from '../../lib/assert.ts';
import { formatList } from '../../lib/cpumask.ts';
import { EBUSY } from '../../lib/errno.ts';
import { shortenList } from '../../lib/ids.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import { tick } from '../engine/vector.ts';
import { reachOf } from './domain-use.ts';
import { createHistory, type History, historyRows, recordEvent } from './events/history.ts';
import { inOrder, offline, online, plug, unplug } from './events/hotplug.ts';
import { interruptText, raise, setAffinity } from './events/interrupts.ts';
import { rateLimited } from './events/rate-limit.ts';
import { reprobe } from './events/reprobe.ts';
import { resume, setSmt, suspend } from './events/sleep.ts';
import { createStage, type Outcome, refused, type Stage } from './events/stage.ts';
import { cpuChanges, createWatch, interruptChanges } from './events/watch.ts';
import type { BootState, CpuChanges, EventRun, HangSpan, InterruptChange, Timeline } from './run.ts';
import type { System } from './system.ts';

/** Changes of interrupts that are listed in all; past it they are only counted, so that memory is bounded. */
const MAX_LISTED = 200_000;

/** What only the whole run of events knows. */
interface Account {
  /** Changes of interrupts that may still be listed. */
  room: number;
  totalAllocated: number;
}

/**
 * Lets the events happen in order. Without events there is no timeline: the boot state is the end. `mostListed`:
 * changes of interrupts that are listed one by one.
 */
export function runEvents(
  system: System,
  events: readonly MachineEvent[],
  mostListed = MAX_LISTED,
): { events: EventRun[]; timeline: Timeline | null; hangs: readonly HangSpan[] } {
  if (events.length === 0) {
    const hangs = mayHangFromStart(system) ? createHistory(system).hangs.spans : [];
    return { events: [], timeline: null, hangs };
  }
  const boot = bootState(system);
  const history = createHistory(system);
  const stage = createStage(system, createWatch());
  const account: Account = { room: mostListed, totalAllocated: boot.totalAllocated };
  const runs = events.map((event, index) => happen(stage, history, account, event, index + 1));
  const timeline = { boot, devices: historyRows(history) };
  return { events: runs, timeline, hangs: history.hangs.spans };
}

/** Whether some online CPU is out of reach of a device: by policy, or as the device is outside of what covers others. */
function mayHangFromStart(system: System): boolean {
  if (system.policy.onlinesUnreachable) return true;
  const domains = new Set(system.devices.map(({ domain }) => domain));
  return [...domains].some((domain) => reachOf(system, domain).unreachable.intersects(system.online));
}

function bootState(system: System): BootState {
  const { online: up, enumeration, life } = system;
  const reach = reachOf(system, 'pci-msi');
  return {
    online: up.clone(),
    present: enumeration.present.clone(),
    reachable: reach.reachable.clone(),
    unreachable: reach.unreachable.clone(),
    unknown: reach.unknown.clone(),
    totalAllocated: life.matrix.totalAllocated >>> 0,
  };
}

function happen(
  stage: Stage,
  history: History,
  account: Account,
  event: MachineEvent,
  number: number,
): EventRun {
  const reached = !stage.crashed;
  const { errno, refused: no, crashed, reason, messages: said, notes } = actOn(stage, event);
  const messages = rateLimited(stage, said);
  const interrupts = interruptChanges(stage);
  const cpus = cpuChanges(stage);
  const { redirected, hanging } = recordEvent(stage, history, number, judgesEverything(stage, cpus));
  const shown = interrupts.slice(0, account.room);
  account.room -= shown.length;
  const vectors = { before: account.totalAllocated, after: stage.system.life.matrix.totalAllocated >>> 0 };
  account.totalAllocated = vectors.after;
  const unlisted = interrupts.length - shown.length;
  return {
    event,
    result: !reached ? 'not-reached' : crashed ? 'crashed' : no ? 'refused' : 'ok',
    errno,
    reason,
    messages,
    changes: [
      ...shown.map((change) => interruptChangeText(stage, change)),
      ...(unlisted > 0 ? [`${unlisted} more interrupt${unlisted === 1 ? '' : 's'} changed`] : []),
      ...notes,
      ...redirected.map(({ device, queue, to }) =>
        to === null
          ? `${device} queue ${queue} takes its own requests again`
          : `${device} queue ${queue} is served by queue ${to}`,
      ),
      ...hanging.map(({ device, queue, cpus: caught }) =>
        caught === null
          ? `I/O to ${device} queue ${queue} no longer hangs`
          : `I/O of CPU${caught.weight() === 1 ? '' : 's'} ${shortenList(caught.toString())} to ${device} queue ${queue} hangs`,
      ),
      ...cpuTexts(stage, event, no, cpus),
    ],
    changed: { interrupts: shown, unlisted, redirected, hanging, cpus, vectors },
  };
}

/** Lets one event happen, and time pass behind it; what it may have changed is in the stage's watch. */
export function actOn(stage: Stage, event: MachineEvent): Outcome {
  stage.watch = createWatch();
  const outcome = outcomeOf(stage, event);
  tick(stage.system.life);
  return outcome;
}

/** Queues whose interrupts stay may be judged anew when an unreachable CPU comes or goes, or becomes known. */
function judgesEverything({ system }: Stage, cpus: CpuChanges): boolean {
  // Where the requests of a queue go depends on all queues of its device, and on CPUs without interrupts.
  if (system.policy.onlinesUnreachable) return true;
  if (cpus.unreachable.length + cpus.reachable.length > 0) return true;
  const changed = [...cpus.online, ...cpus.offline];
  const domains = new Set(system.devices.map(({ domain }) => domain));
  return [...domains].some((domain) => {
    const { unreachable } = reachOf(system, domain);
    return changed.some((cpu) => unreachable.test(cpu));
  });
}

function interruptChangeText(stage: Stage, { kind, irq, from, to, affinity }: InterruptChange): string {
  const name = interruptText(stage, irq);
  const mask = shortenList(affinity.toString());
  switch (kind) {
    case 'started':
      return `${name} started on CPU ${to}`;
    case 'moved':
      return `${name} moved from CPU ${from} to CPU ${to}`;
    case 'lost':
      return to === null
        ? `${name} is lost: it stays on CPU ${from}, and nothing arrives there`
        : `${name} is lost: it goes to CPU ${to}, which its messages cannot address`;
    case 'shut-down':
      if (stage.system.hpet.some((timer) => timer.irq === irq))
        return `${name} shut down: CPU ${from}, whose timer it is, is offline`;
      // A policy may have CPUs online that the interrupt cannot use.
      return affinity.intersects(stage.system.online)
        ? `${name} shut down: no online CPU of ${mask} can be addressed`
        : `${name} shut down: no CPU of ${mask} is online`;
    default:
      return unreachable(kind);
  }
}

function cpuTexts({ system }: Stage, event: MachineEvent, no: boolean, cpus: CpuChanges): string[] {
  const texts: string[] = [];
  // A list that was done says by itself which CPUs changed.
  const listed = !no && 'cpus' in event && event.kind !== 'unplug';
  for (const way of ['online', 'offline'] as const) {
    const changed = cpus[way];
    if (changed.length > 0 && !listed && event.kind !== 'unplug')
      texts.push(`CPU${changed.length === 1 ? '' : 's'} ${formatList(changed)} ${way}`);
  }
  for (const cpu of cpus.present)
    texts.push(`APIC ID ${system.enumeration.cpus[cpu].apicId} is CPU ${cpu}, present`);
  for (const cpu of cpus.absent) texts.push(`CPU ${cpu} is no longer present`);
  for (const way of ['reachable', 'unreachable'] as const)
    for (const cpu of cpus[way]) texts.push(`the APIC ID of CPU ${cpu} is known now: it is ${way}`);
  return texts;
}

function outcomeOf(stage: Stage, event: MachineEvent): Outcome {
  if (stage.crashed) return refused(0, 'the kernel crashed before');
  if (stage.frozen && event.kind !== 'resume' && event.kind !== 'suspend')
    return refused(EBUSY, 'the machine sleeps: only resume can happen');
  switch (event.kind) {
    case 'online':
      return inOrder(event.cpus, (cpu) => online(stage, cpu));
    case 'offline':
      return inOrder(event.cpus, (cpu) => offline(stage, cpu));
    case 'unplug':
      return inOrder(event.cpus, (cpu) => unplug(stage, cpu));
    case 'plug':
      return plug(stage, event.apicId, event.node);
    case 'suspend':
      return suspend(stage);
    case 'resume':
      return resume(stage);
    case 'smt':
      return setSmt(stage, event.on);
    case 'setAffinity':
      return setAffinity(stage, event.interrupt, event.cpus);
    case 'fire':
      return raise(stage, event.interrupt);
    case 'reprobe':
      return reprobe(stage, event.device);
    default:
      return unreachable(event);
  }
}
