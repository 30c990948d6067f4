/** A CPU runs, sends I/O to its queue, and that queue has no interrupt; now, or for a time. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { HangSpan } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { eventText } from '../../../machine/event-text.ts';
import { cpuNames, deviceNames } from '../facts/queue-facts.ts';
import type { RawFinding, Rule } from '../rule.ts';

/** How long a hang lasts, with the events that began and ended it. */
function timeOf({ run, policy }: Simulation, { from, until }: HangSpan): string {
  const eventAt = (number: number) => `event ${number} (${eventText(run.events[number - 1].event)})`;
  const begin = from === 0 ? `the set-up of the device under the policy ${policy.name}` : eventAt(from);
  return until === null ? `from ${begin} on` : `from ${begin} to ${eventAt(until)}`;
}

function finding(facts: Simulation, hangs: readonly HangSpan[]): RawFinding[] {
  if (hangs.length === 0) return [];
  const { policy, enumeration, run } = facts;
  const cpus = new CpuMask(enumeration.nrCpuIds);
  for (const hang of hangs) cpus.orWith(hang.cpus);
  // Of those that are caught now, not of those that have gone since.
  if (hangs[0].until === null && cpus.intersects(run.online)) cpus.andWith(run.online);
  const names = new Set(hangs.map(({ device }) => device));
  const devices = run.devices.filter(({ name }) => names.has(name));
  const [first] = hangs;
  const over = first.until !== null;
  const outside = devices.some(({ maps }) =>
    maps.some(({ entries }) =>
      entries.some(
        ({ fallback, queue, cpus: mapped }) =>
          fallback && queue === first.queue && mapped.intersects(first.cpus),
      ),
    ),
  );
  return [
    {
      message: `I/O of ${cpuNames(cpus)} on ${deviceNames(devices)} ${over ? 'hung for a time' : 'hangs'}: the interrupt of ${first.device} queue ${first.queue}, which takes it, ${over ? 'was' : 'is'} not served ${timeOf(facts, first)}`,
      cause: [
        outside
          ? `${cpuNames(first.cpus)} ${first.cpus.weight() === 1 ? 'is' : 'are'} in no mask of the device, so the block layer leaves ${first.cpus.weight() === 1 ? 'it' : 'them'} with queue 0`
          : `the policy ${policy.name} brings CPUs online that device messages cannot address`,
        'a queue works only on a CPU of its mask that is online and reachable, and nothing redirects its requests',
      ],
      cpus,
      devices,
      path: first.from === 0 ? ['policy'] : run.events[first.from - 1].event.path,
    },
  ];
}

export const policyIoHangs: Rule = {
  name: 'policy-io-hangs',
  aliases: ['R058'],
  level: 'error',
  summary: 'Under this policy I/O of an online CPU goes to a queue whose interrupt never fires.',
  explain: [
    'If CPUs that cannot be addressed come online, the block layer maps them to queues as it does all CPUs: to the queue whose mask holds them, and to hardware queue 0 if none does (blk_mq_clear_mq_map). A queue stops with the last CPU of its mask that is online and reachable, but the block layer drains it only if no online CPU maps to it, so what an unreachable CPU submits then is never completed.',
    'Mainline avoids it by keeping such CPUs offline. The answer of the LKML discussion of October 2020 between Thomas Gleixner and David Woodhouse is to redirect their requests to a queue that works.',
    'A hang that ends with a later event is found too: requests that time out in between are errors all the same.',
    'Change: the policy redirect; see irqsim policies.',
  ],
  messages: [],
  check(facts) {
    const { policy, run } = facts;
    if (!policy.onlinesUnreachable) return [];
    const lasting = run.hangs.filter(({ until }) => until === null);
    const over = run.hangs.filter(({ until }) => until !== null);
    return [...finding(facts, lasting), ...finding(facts, over)];
  },
};
