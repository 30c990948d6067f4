/** Interrupts that stayed on a CPU that went offline: nothing arrives there. */

import { EINVAL } from '../../../lib/errno.ts';
import type { EventRun, Loss } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { eventText } from '../../../machine/event-text.ts';
import {
  firstLoss,
  type LostOfDevice,
  lostCount,
  lostFor,
  lostForATime,
  lostOn,
} from '../facts/lost-interrupts.ts';
import { cpuNames, deviceNames } from '../facts/queue-facts.ts';
import { count, type RawFinding, type Rule } from '../rule.ts';

/** What is said of the CPUs; losses with another reason have rules of their own. */
const FATES: Readonly<Partial<Record<Loss, (several: boolean) => string>>> = {
  'cpu-offline': (several) => `which ${several ? 'are' : 'is'} offline: nothing arrives there`,
  'cpu-came-back': (several) =>
    `which went offline and came back without ${several ? 'them' : 'it'}: nothing arrives there`,
};

/** "queues 3 to 182 of nic" is long: how many queues, and which other vectors. */
function partsOf({ device, queues, others }: LostOfDevice): string {
  const parts = [
    ...(queues.length === 0 ? [] : [`${count(queues.length, 'queue')}`]),
    ...(others.length === 0
      ? []
      : [
          `vector${others.length === 1 ? '' : 's'} ${others.map(({ vectorIndex }) => vectorIndex).join(', ')}`,
        ]),
  ];
  return `${device.name}: ${parts.join(' and ')}, so the device is ${device.health}`;
}

/** By what migrate_one_irq() logs. */
function whyNotMoved({ messages }: EventRun): string {
  return messages.some((message) => message.includes(`set affinity failed(-${EINVAL})`))
    ? 'the interrupt domain refuses the CPUs that stay (-EINVAL)'
    : 'no CPU that the interrupt may go to has a vector left (-ENOSPC)';
}

/** What can be done while the machine runs. */
const FIX = [
  'network devices: ethtool -L DEV combined N, with fewer queues than now',
  'take fewer CPUs offline',
];

function finding(facts: Simulation, loss: Loss, fate: (several: boolean) => string): RawFinding[] {
  const lost = lostFor(facts, loss);
  if (lost.length === 0) return [];
  const devices = lost.map(({ device }) => device);
  const cpus = lostOn(facts, lost);
  const total = lost.reduce((sum, one) => sum + lostCount(one), 0);
  const event = firstLoss(facts, devices);
  const shown = lost.slice(0, 3).map(partsOf);
  return [
    {
      message: `${count(total, 'interrupt')} of ${deviceNames(devices)} ${total === 1 ? 'is' : 'are'} left on ${cpuNames(cpus)}, ${fate(loss === 'cpu-came-back' ? total > 1 : cpus.weight() > 1)}`,
      cause: [
        ...(event === undefined ? [] : [`${eventText(event.event)}: ${whyNotMoved(event)}`]),
        ...shown,
        'the kernel only warns ("set affinity failed") and leaves the interrupt where it is',
      ],
      fix: FIX,
      cpus,
      devices,
      ...(event === undefined ? {} : { path: event.event.path }),
    },
  ];
}

function mended(facts: Simulation): RawFinding[] {
  const lost = lostForATime(facts);
  if (lost === null) return [];
  const { event, devices } = lost;
  const whose = devices.length === 0 ? '' : ` of ${deviceNames(devices)}`;
  return [
    {
      message: `${count(lost.count, 'interrupt')}${whose} ${lost.count === 1 ? 'was' : 'were'} lost for a time, from "${eventText(event.event)}" on`,
      cause: [whyNotMoved(event), 'a later event moved what had stayed on the CPU that went'],
      fix: FIX,
      devices,
      path: event.event.path,
    },
  ];
}

export const interruptLost: Rule = {
  name: 'interrupt-lost',
  aliases: [],
  level: 'error',
  summary: 'Interrupts are left on a CPU that went offline, so they never arrive.',
  explain: [
    'When a CPU goes offline its ordinary interrupts move to the CPUs of their affinity that stay. If those have no vector left, kernels before 6.10 (and 6.6.45) only log "IRQ...: set affinity failed(-28)", at most ten times in five seconds, and the interrupt keeps pointing at the CPU that is gone. The check before the CPU goes counts the free vectors of all CPUs, so it does not help.',
    'What the device raises is then lost: a network queue stalls, and the driver gives up an NVMe controller whose admin interrupt is lost. The CPU coming back does not bring it back, as its vector table is empty then (lapic_online).',
    'Check: "set affinity failed" in the log; effective_affinity_list in /proc/irq/N names a CPU that is offline.',
    'Change: a kernel with commit 88d724e2301a, which tries every online CPU; fewer interrupts on network devices; or write smp_affinity of the interrupt, with interrupt remapping on, before the CPU goes.',
  ],
  messages: ['IRQ{}: set affinity failed({}).', 'migrate_one_irq: {} callbacks suppressed'],
  check(facts) {
    if (facts.apic.fatal) return [];
    const left = (Object.keys(FATES) as Loss[]).flatMap((loss) => {
      const fate = FATES[loss];
      return fate === undefined ? [] : finding(facts, loss, fate);
    });
    return [...left, ...mended(facts)];
  },
};
