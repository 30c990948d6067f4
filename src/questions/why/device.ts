/** Why a device has the queues it has: its line, its driver's formula, and what was granted. */
import type { Analysis } from '../../findings/analyze.ts';
import { count } from '../../findings/rules/rule.ts';
import { formatList } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { profileOf } from '../../linux/drivers/index.ts';
import { type DeviceRun, HEALTHS, type QueueRow } from '../../linux/sim/run.ts';
import { type Because, originOf, type Step, type Why } from './chain.ts';
import { domainOf, domainReasons, domainSteps } from './domain.ts';
import { panicReasons } from './mode.ts';

/** Steps from the device's line to the vectors it was granted. */
export function deviceSteps(analysis: Analysis, device: DeviceRun): Step[] {
  const { machine, enumeration, run } = analysis;
  const { name, driver, path, vectorsAsked, vectorsGranted, fallback, fullCpu } = device;
  const { formula } = profileOf(driver);
  const online = (run.timeline?.boot.online ?? run.online).weight();
  const counts = `${enumeration.possible.weight()} possible, ${count(online, 'online CPU')}`;
  const full = fullCpu === null ? '' : `; CPU ${fullCpu} had no vector left`;
  return [
    { topic: 'described', text: `${name}, driver ${driver}`, origin: originOf(machine, path) },
    ...domainSteps(analysis, device),
    { topic: 'asks', text: `${count(vectorsAsked, 'vector')}: ${formula.text} (${counts})`, by: formula.by },
    {
      topic: 'granted',
      text: `${count(vectorsGranted, 'vector')}${fallback === null ? '' : `: ${fallback}`}${full}`,
      by: 'pci_alloc_irq_vectors_affinity',
    },
  ];
}

/** Queues of each health, the worst first: "18 dead (46-63), 5 healthy (0-4)". */
function healthText(queues: readonly QueueRow[]): string {
  return [...HEALTHS]
    .reverse()
    .map((health) => ({ health, rows: queues.filter((queue) => queue.health === health) }))
    .filter(({ rows }) => rows.length > 0)
    .map(
      ({ health, rows }) =>
        `${rows.length} ${health} (${shortenList(formatList(rows.map(({ index }) => index)))})`,
    )
    .join(', ');
}

/** Shared by all queues of one health: why the worst ones are as they are. */
function reasons(analysis: Analysis, device: DeviceRun): Because[] {
  const { unreachable, unknown } = domainOf(analysis, device);
  const { queues, fallback, fullCpu } = device;
  if (fallback !== null) {
    return [{ text: fallback }, ...(fullCpu === null ? [] : [{ text: `CPU ${fullCpu} had no vector left` }])];
  }
  const lost = queues.filter(
    ({ health, affinity }) => health !== 'healthy' && affinity.intersects(unreachable),
  );
  const unsure = queues.filter(
    ({ health, affinity }) => health !== 'healthy' && affinity.intersects(unknown),
  );
  const asleep = queues.filter(({ health }) => health === 'idle');
  return [
    ...(lost.length > 0
      ? [
          { text: `${count(lost.length, 'mask holds', 'masks hold')} unreachable CPUs` },
          ...domainReasons(analysis, device),
        ]
      : []),
    ...(unsure.length > 0
      ? [{ text: `${count(unsure.length, 'mask holds', 'masks hold')} CPUs whose APIC ID is not known yet` }]
      : []),
    ...(asleep.length > 0
      ? [{ text: `${count(asleep.length, 'mask holds', 'masks hold')} no online CPU` }]
      : []),
  ];
}

function noQueues({ driver, behind, vectorsGranted, vectorsAsked }: DeviceRun): Because[] {
  if (behind !== undefined)
    return [
      { text: `which vector of ${behind} serves which of its queues is not known, so that none is listed` },
    ];
  return [
    {
      text: `${driver} as described has no queues; ${vectorsGranted} of ${count(vectorsAsked, 'vector')} ${vectorsAsked === 1 ? 'was' : 'were'} granted`,
    },
  ];
}

/** Why the device is as healthy as it is. */
export function whyDevice(analysis: Analysis, device: DeviceRun): Why {
  const { name, queues, health, interrupts } = device;
  const subject = `device ${name}`;
  if (analysis.apic.fatal) {
    const because = panicReasons(analysis);
    return { subject, verdict: 'is never probed', works: false, because, steps: [], consequences: [] };
  }
  const works = health === 'healthy';
  const fine = [{ text: 'every queue has a started interrupt, and every CPU of its mask can be reached' }];
  const worst = queues.find((queue) => queue.health === health);
  return {
    subject,
    verdict:
      queues.length === 0
        ? `has ${count(interrupts.length, 'interrupt')} and no queues`
        : works
          ? `works: ${queues.length === 1 ? 'its queue is' : `all ${queues.length} queues are`} healthy`
          : `has ${count(queues.length, 'queue')}: ${healthText(queues)}`,
    works,
    because: works ? (queues.length > 0 ? fine : noQueues(device)) : reasons(analysis, device),
    steps: deviceSteps(analysis, device),
    consequences: worst ? [`irqsim why INPUT queue ${name}:${worst.index} follows one ${health} queue`] : [],
  };
}
