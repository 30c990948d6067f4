/** Why a queue works or not: device, driver formula, spreading, reservation, start, hardware entry. */

import type { Analysis } from '../../findings/analyze.ts';
import { cpuNames } from '../../findings/rules/facts/queue-facts.ts';
import { whyAllUnknown } from '../../findings/rules/facts/unknown-cpus.ts';
import { count } from '../../findings/rules/rule.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { profileOf } from '../../linux/drivers/index.ts';
import type { DeviceRun, Loss, QueueRow } from '../../linux/sim/run.ts';
import { type Because, originOf, type Step, type Why } from './chain.ts';
import { deviceSteps } from './device.ts';
import { domainOf, domainReasons, outOfReachText } from './domain.ts';
import { hardwareSteps } from './hardware.ts';
import { panicReasons } from './mode.ts';

const list = (mask: CpuMask): string => shortenList(mask.toString()) || 'none';

/** Which stage of the spreading put which CPUs into the mask. */
function spreadSteps({ machine, run, enumeration }: Analysis, device: DeviceRun, queue: QueueRow): Step[] {
  if (queue.state === 'not-allocated') return [];
  if (!queue.managed) {
    const hints = profileOf(device.driver).hintedBy;
    if (hints !== null && device.fallback === null) {
      const text = `${list(queue.affinity)}: an ordinary interrupt, on the CPUs that the driver hints at`;
      return [{ topic: 'mask', text, by: hints }];
    }
    const text = `${list(queue.affinity)}: an ordinary interrupt, the default affinity`;
    const path = machine.cmdline.irqaffinity === undefined ? undefined : ['cmdline'];
    return [{ topic: 'mask', text, by: 'irq_setup_affinity', origin: originOf(machine, path) }];
  }
  const plugged = run.timeline?.boot.present ?? enumeration.present;
  const first = CpuMask.and(queue.affinity, plugged);
  const second = CpuMask.andNot(queue.affinity, plugged);
  const groups = device.queues.filter(({ managed }) => managed).length;
  const text =
    `${list(queue.affinity)}: one of ${count(groups, 'group')}; ` +
    `stage 1, plugged CPUs, gave ${list(first)}; stage 2, the others, gave ${list(second)}`;
  return [{ topic: 'mask', text, by: 'irq_create_affinity_masks, group_cpus_evenly' }];
}

function reserveSteps(queue: QueueRow): Step[] {
  if (queue.state === 'not-allocated') return [];
  const managed = `a vector on every CPU of the mask (${queue.affinity.weight()}), online or not`;
  return [
    queue.managed
      ? { topic: 'reserved', text: managed, by: 'irq_matrix_reserve_managed' }
      : { topic: 'reserved', text: 'counted, without a vector until requested', by: 'irq_matrix_reserve' },
  ];
}

function startSteps({ machine, run, policy }: Analysis, device: DeviceRun, queue: QueueRow): Step[] {
  if (queue.state === 'not-allocated') return [];
  const by = queue.managed ? 'irq_startup, __irq_startup_managed' : 'irq_startup';
  const changes = run.events.flatMap(({ event, changed }) =>
    changed.interrupts
      .filter((one) => one.device === device.name && one.queue === queue.index)
      .map(({ kind, from, to }): Step => {
        const text = {
          started: `started on CPU ${to}`,
          'shut-down': `shut down: the last online ${policy.onlinesUnreachable ? 'and reachable ' : ''}CPU of its mask left`,
          moved: `moved from CPU ${from} to CPU ${to}`,
          lost:
            to === null
              ? `lost: it stays on CPU ${from}, and nothing arrives there`
              : `lost: it goes to CPU ${to}, which its messages cannot address`,
        }[kind];
        return { topic: 'event', text, origin: originOf(machine, event.path) };
      }),
  );
  const running = CpuMask.and(queue.affinity, run.online);
  // A policy may have CPUs online that the interrupt cannot use.
  const none = running.isEmpty()
    ? 'no CPU of the mask is online'
    : `the online CPUs of the mask (${list(running)}) cannot be addressed`;
  const now =
    queue.state === 'started'
      ? `on CPU ${queue.effective}, vector ${queue.vector}, irq ${queue.irq}; online CPUs of the mask: ${list(running)}`
      : queue.stopped === 'shut-down'
        ? `stopped, irq ${queue.irq}; ${none}`
        : `not started, irq ${queue.irq}: ${none}; request_irq returns 0 all the same`;
  return [...changes, { topic: queue.state === 'started' ? 'runs' : 'stopped', text: now, by }];
}

const LOST: Readonly<Record<Loss, (cpu: number | null) => string>> = {
  'cpu-offline': (cpu) => `stays on CPU ${cpu}, which is offline`,
  'cpu-unreachable': (cpu) => `goes to CPU ${cpu}, which its messages cannot address`,
  'cpu-came-back': (cpu) => `stayed on CPU ${cpu}, which went offline and came back without it`,
};

function verdictOf(analysis: Analysis, device: DeviceRun, queue: QueueRow): string {
  const { unreachable } = domainOf(analysis, device);
  switch (queue.health) {
    case 'healthy':
      return `works: interrupts CPU ${queue.effective}, vector ${queue.vector}`;
    case 'idle':
      return 'waits: it starts with the first CPU of its mask that comes online';
    case 'at-risk':
      return queue.state === 'started'
        ? `works on CPU ${queue.effective}, but not every CPU of its mask can be counted on`
        : 'waits, and not every CPU of its mask can be counted on';
    case 'degraded':
      return `works on CPU ${queue.effective}, but not as its CPUs need it`;
    case 'dead':
      if (queue.state === 'not-allocated') return 'has no interrupt: no vector could be had for it';
      if (queue.lost !== undefined) return `is dead: its interrupt ${LOST[queue.lost](queue.effective)}`;
      return queue.affinity.isSubsetOf(unreachable)
        ? `${queue.stopped === 'shut-down' ? 'can get no interrupt' : 'can never start'}: every CPU of its mask is unreachable`
        : 'is dead: it has online CPUs, and no interrupt arrives';
  }
}

function reasonsOf(analysis: Analysis, device: DeviceRun, queue: QueueRow): Because[] {
  const domain = domainOf(analysis, device);
  const { unreachable, unknown } = domain;
  if (queue.state === 'not-allocated') {
    const full = device.fullCpu === null ? [] : [{ text: `CPU ${device.fullCpu} had no vector left` }];
    return [{ text: device.fallback ?? 'the driver drops the queue' }, ...full];
  }
  if (queue.health === 'healthy') {
    return [{ text: `CPU ${queue.effective} is in its mask ${list(queue.affinity)}, online and reachable` }];
  }
  if (queue.lost !== undefined && queue.lost !== 'cpu-unreachable') {
    return [
      { text: `its interrupt found no vector on another CPU when CPU ${queue.effective} went offline` },
      { text: 'the kernel only warns ("set affinity failed") and leaves it there' },
    ];
  }
  const lost = CpuMask.and(queue.affinity, unreachable);
  const unsure = CpuMask.and(queue.affinity, unknown);
  const because: Because[] = [];
  if (!lost.isEmpty()) {
    const limit = Math.min(analysis.apic.limit, domain.maxApicId);
    const why = outOfReachText(analysis, { ...domain, maxApicId: limit }, lost);
    because.push({ text: `${cpuNames(lost)} of its mask ${why}` }, ...domainReasons(analysis, device));
  }
  if (!unsure.isEmpty())
    because.push({
      text: `it is not known whether ${cpuNames(unsure)} can be reached: ${whyAllUnknown(analysis, unsure)}`,
    });
  if (because.length > 0) return because;
  if (queue.health === 'idle') return [{ text: `no CPU of its mask ${list(queue.affinity)} is online` }];
  if (device.fallback !== null) return [{ text: device.fallback }];
  return [
    { text: `CPU ${queue.effective} is outside its mask ${list(queue.affinity)}, or serves others too` },
  ];
}

/** Why the queue of this device is as healthy as it is. */
export function whyQueue(analysis: Analysis, device: DeviceRun, queue: QueueRow): Why {
  const subject = `queue ${device.name}:${queue.index}`;
  if (analysis.apic.fatal) {
    const because = panicReasons(analysis);
    return { subject, verdict: 'never exists', works: false, because, steps: [], consequences: [] };
  }
  const served = CpuMask.and(queue.affinity, analysis.run.online);
  return {
    subject,
    verdict: verdictOf(analysis, device, queue),
    works: queue.health === 'healthy',
    because: reasonsOf(analysis, device, queue),
    steps: [
      ...deviceSteps(analysis, device),
      ...spreadSteps(analysis, device, queue),
      ...reserveSteps(queue),
      ...startSteps(analysis, device, queue),
      ...hardwareSteps(analysis, device, queue),
    ],
    consequences: [
      ...(queue.redirectedTo === undefined ? [] : [`queue ${queue.redirectedTo} takes its I/O`]),
      ...(queue.state === 'shutdown' && served.isEmpty()
        ? [`no I/O is sent to it; effective_affinity shows CPU ${queue.effective} all the same`]
        : []),
    ],
  };
}
