/** What texts say of queues that are stopped, one queue at a time, against what the events did to them. */
import type { Analysis } from '../../../src/findings/analyze.ts';
import { domainOf } from '../../../src/findings/rules/facts/queue-facts.ts';
import type { Finding } from '../../../src/findings/rules/rule.ts';
import type { DeviceRun, QueueRow } from '../../../src/linux/sim/run.ts';
import type { Why } from '../../../src/questions/why/chain.ts';
import { whyQueue } from '../../../src/questions/why/queue.ts';

/** Whether a stopped queue ran before: null where an event changed more interrupts than it lists. */
function ranBefore({ run }: Analysis, device: DeviceRun, queue: QueueRow): boolean | null {
  if (run.events.some(({ changed }) => changed.unlisted > 0)) return null;
  // Whatever ran at boot and is stopped now was shut down by an event.
  return run.events.some(({ changed }) =>
    changed.interrupts.some((one) => one.device === device.name && one.queue === queue.index),
  );
}

/** What `why queue` says of a queue: all of its sentences. */
const whyTexts = (facts: Analysis, device: DeviceRun, queue: QueueRow): string[] =>
  sentencesOf(whyQueue(facts, device, queue));

/** Every sentence of an answer to "why". */
export function sentencesOf({ verdict, because, steps, consequences }: Why): string[] {
  return [verdict, ...because.map(({ text }) => text), ...steps.map(({ text }) => text), ...consequences];
}

/** "not started" of what never ran, "stopped" of what ran; "can never start" of what no interrupt can be sent to. */
export function stoppedFaults(facts: Analysis, device: DeviceRun, queue: QueueRow): string[] {
  const ran = ranBefore(facts, device, queue);
  if (queue.state !== 'shutdown' || ran === null || facts.apic.fatal) return [];
  const name = `${device.name}:${queue.index}`;
  const texts = whyTexts(facts, device, queue);
  const says = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const { unreachable } = domainOf(facts, device);
  return [
    ...((queue.stopped === 'never-started') === ran ? [`${name} is ${queue.stopped}`] : []),
    ...(says(/^not started, irq/) === ran ? [`${name}: "not started", and it ran: ${ran}`] : []),
    ...(says(/^stopped, irq/) === ran ? [] : [`${name}: "stopped", and it ran: ${ran}`]),
    ...(says(/can never start/) && (ran || !queue.affinity.isSubsetOf(unreachable))
      ? [`${name}: "can never start" of one that ran, or could`]
      : []),
  ];
}

/** "3 queues of 8 on nvme can never start" or "can get no interrupt", "2 queues of 4 on nvme wait: 1 for …": which queues those are. */
export function countFaults(facts: Analysis, { rule, message, devices, cpus }: Finding): string[] {
  const never = rule === 'queue-never-starts';
  const [, count, total] = /^(\d+) queues? of (\d+) on /.exec(message) ?? [];
  if (count === undefined || (!never && rule !== 'queue-waits-for-cpus')) return [];
  const concerned = facts.run.devices.filter(({ name }) => devices.includes(name));
  const meant = concerned.flatMap((device) =>
    device.queues
      .filter(({ state, redirectedTo, affinity, health }) => {
        if (state !== 'shutdown') return false;
        const { reachable, unreachable } = domainOf(facts, device);
        return never
          ? affinity.isSubsetOf(unreachable) && redirectedTo === undefined
          : affinity.intersects(reachable) && health !== 'dead';
      })
      .map((queue) => ({ device, queue })),
  );
  const all = concerned.reduce((sum, { queues }) => sum + queues.length, 0);
  return [
    ...(meant.length === Number(count) ? [] : [`${count} queues are said, ${meant.length} are so`]),
    ...(all === Number(total) ? [] : [`of ${total} is said, there are ${all}`]),
    ...meant.flatMap(({ device, queue }) => [
      ...(/can never start/.test(message) && ranBefore(facts, device, queue)
        ? [`${device.name}:${queue.index} ran before`]
        : []),
      ...(cpus && !queue.affinity.intersects(cpus) ? [`${device.name}:${queue.index} has other CPUs`] : []),
    ]),
  ];
}
