/** Why a CPU can or cannot be used: from its place in the description to its fate. */

import type { Analysis } from '../../findings/analyze.ts';
import { deviceNames } from '../../findings/rules/facts/queue-facts.ts';
import { whyUnknown } from '../../findings/rules/facts/unknown-cpus.ts';
import { formatList } from '../../lib/cpumask.ts';
import { refuseBringUp } from '../../linux/model/apic.ts';
import { bringUpCpus } from '../../linux/model/bringup.ts';
import type { KernelCpu } from '../../linux/model/enumerate.ts';
import { type IgnoredCpu, isGuessed, isInDoubt } from '../../linux/model/enumeration.ts';
import type { DeviceRun } from '../../linux/sim/run.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import { type Because, idText, originOf, type Step, type Why } from './chain.ts';
import { domainOf, domainReasons } from './domain.ts';
import { limitText, modeReasons, modeSteps, panicReasons } from './mode.ts';
import { cpuSteps, firmwareSteps } from './place.ts';

const DEVICES_SHOWN = 8;

interface Fate {
  readonly verdict: string;
  readonly works: boolean;
  readonly because: readonly Because[];
}

const above = (analysis: Analysis, apicId: number): Because[] => [
  { text: `its APIC ID ${idText(apicId)} is above the limit ${analysis.apic.limit}` },
  ...modeReasons(analysis),
];

/** Devices of other domains than pci-msi that cannot interrupt this CPU. */
function missingDevices({ domains, run }: Analysis, cpu: number): DeviceRun[] {
  const missing = new Set(
    domains
      .slice(1)
      .filter(({ unreachable }) => unreachable.test(cpu))
      .map(({ name }) => name as string),
  );
  return run.devices.filter(({ domain }) => missing.has(domain));
}

function onlineFate(analysis: Analysis, cpu: number, apicId: number): Fate {
  const [{ maxApicId, unreachable }] = analysis.domains;
  const missing = missingDevices(analysis, cpu);
  if (!unreachable.test(cpu) && missing.length > 0) {
    const domain = domainOf(analysis, missing[0]);
    const above = `its APIC ID ${idText(apicId)} is above ${domain.maxApicId}, the highest that messages of ${missing[0].name} can carry`;
    const text = apicId > domain.maxApicId ? above : `the domain ${domain.name} does not reach it`;
    return {
      verdict: `is online, but interrupts of ${deviceNames(missing)} cannot reach it`,
      works: false,
      because: [{ text }, ...domainReasons(analysis, missing[0])],
    };
  }
  if (!unreachable.test(cpu)) {
    const text =
      maxApicId >= NO_LIMIT - 1
        ? 'device messages can carry any APIC ID'
        : `its APIC ID ${idText(apicId)} is within ${maxApicId}, the highest that device messages can carry`;
    return { verdict: 'is online and every device interrupt can reach it', works: true, because: [{ text }] };
  }
  const text =
    apicId > maxApicId
      ? `its APIC ID ${idText(apicId)} is above ${maxApicId}, the highest that device messages can carry`
      : 'the domain pci-msi does not reach it, whatever its APIC ID';
  return {
    verdict: 'is online, but device interrupts cannot reach it',
    works: false,
    because: [{ text }, ...modeReasons(analysis)],
  };
}

/** Why a plugged CPU that may run does not. */
function offlineReason(analysis: Analysis, { cpu, firmwareIndex }: KernelCpu): Because {
  const { machine, enumeration, run, apic } = analysis;
  const event = run.events.findLast(({ changed }) => changed.cpus.offline.includes(cpu));
  if (event) return { text: 'an event took it offline', origin: originOf(machine, event.event.path) };
  const plugged = run.events.findLast(({ changed }) => changed.cpus.present.includes(cpu));
  if (plugged) {
    return {
      text: 'an event plugged it, none brought it online',
      origin: originOf(machine, plugged.event.path),
    };
  }
  if (firmwareIndex !== null && machine.cpus[firmwareIndex].state === 'offline') {
    return {
      text: 'it is described as offline',
      origin: originOf(machine, machine.cpuPath?.(firmwareIndex)),
    };
  }
  const { sentBack, online } = bringUpCpus(machine, enumeration, apic);
  if (sentBack.includes(cpu)) {
    return {
      text: 'nosmt keeps the second threads of cores offline',
      origin: originOf(machine, ['cmdline']),
    };
  }
  return online.test(cpu)
    ? { text: 'nothing brought it online' }
    : { text: 'maxcpus= ends the bring-up at boot before it', origin: originOf(machine, ['cmdline']) };
}

function fateOf(analysis: Analysis, slot: KernelCpu): Fate {
  const { run, apic } = analysis;
  const { cpu, apicId } = slot;
  if (apic.fatal) {
    return {
      verdict: 'never runs: the kernel panics at boot',
      works: false,
      because: panicReasons(analysis),
    };
  }
  const present = run.present.test(cpu);
  if (apicId !== null && apicId <= apic.limit && isInDoubt(analysis.enumeration, slot)) {
    const text = `it is not plugged: ${whyUnknown(analysis, slot)}`;
    return { verdict: 'cannot be judged', works: false, because: [{ text }] };
  }
  if (apicId === null) {
    const text = 'it is not plugged, and its APIC ID is known only once it is';
    return { verdict: 'cannot be judged yet', works: false, because: [{ text }] };
  }
  if (analysis.domains[0].unknown.test(cpu) && isGuessed(analysis.machine, slot))
    return { verdict: 'cannot be judged', works: false, because: [{ text: whyUnknown(analysis, slot) }] };
  if (run.online.test(cpu)) return onlineFate(analysis, cpu, apicId);
  if (apicId > apic.limit) {
    const verdict = present
      ? 'stays offline: the kernel refuses to bring it up (EINVAL)'
      : 'is not plugged, and could never come online';
    return { verdict, works: false, because: above(analysis, apicId) };
  }
  if (!present) {
    const which = apic.limit === NO_LIMIT ? 'any APIC ID' : limitText(analysis);
    const text = `it is not plugged; ${which} can come online`;
    return { verdict: 'is not plugged, and works once it is', works: true, because: [{ text }] };
  }
  return {
    verdict: 'is offline, and works once it is brought up',
    works: true,
    because: [offlineReason(analysis, slot)],
  };
}

/** The steps after the APIC mode: bring-up and what events did. */
function bringUpSteps({ machine, apic, run, enumeration }: Analysis, slot: KernelCpu): Step[] {
  const { cpu } = slot;
  if (apic.fatal || cpu === 0) return [];
  const by = 'native_kick_ap';
  const steps: Step[] = [];
  // The slot is as it is after the events; what is refused for want of a CPU is not said of a plugged one.
  const refusal = run.present.test(cpu) ? refuseBringUp(machine.kernel, slot, apic) : null;
  if (refusal) {
    const twice = apic.parallelBringUp && run.refused.includes(cpu) ? ' (twice at boot)' : '';
    steps.push({ topic: 'bring-up', text: `refused with EINVAL: "${refusal}"${twice}`, by });
  } else if (bringUpCpus(machine, enumeration, apic).online.test(cpu)) {
    steps.push({ topic: 'bring-up', text: 'comes online at boot', by });
  }
  for (const { event, changed } of run.events) {
    const { online, offline, present, absent } = changed.cpus;
    const became = [
      ...(present.includes(cpu) ? ['plugged'] : []),
      ...(online.includes(cpu) ? ['online'] : []),
      ...(offline.includes(cpu) ? ['offline'] : []),
      ...(absent.includes(cpu) ? ['unplugged'] : []),
    ];
    if (became.length > 0) {
      steps.push({ topic: 'event', text: became.join(', '), origin: originOf(machine, event.path) });
    }
  }
  return steps;
}

/** "I/O mapped to queue 3, reads to 7, polled to 9": by the maps of the block layer; undefined: it has none. */
function submitsTo({ maps }: DeviceRun, cpu: number): string | undefined {
  if (maps.length === 0) return undefined;
  const words = { default: 'I/O mapped to', read: 'reads to', poll: 'polled I/O to' } as const;
  const parts = maps.flatMap(({ type, entries }) => {
    const entry = entries.find(({ cpus }) => cpus.test(cpu));
    if (entry === undefined) return [];
    return [
      `${words[type]} queue ${entry.queue}${entry.fallback ? ' for want of a mask that holds it' : ''}`,
    ];
  });
  return parts.join(', ');
}

/** "nvme0: in the mask of queues 3,7; interrupted by 3; dead: 7". */
function deviceLine(device: DeviceRun, hangs: boolean, cpu: number): string | null {
  const { name, queues } = device;
  const holding = queues.filter(({ affinity }) => affinity.test(cpu));
  const submits = submitsTo(device, cpu);
  if (holding.length === 0 && submits === undefined) return null;
  const served = holding.filter(({ effective, state }) => state === 'started' && effective === cpu);
  const dead = holding.filter(({ health }) => health === 'dead');
  const list = (rows: typeof holding) => formatList(rows.map(({ index }) => index));
  const notes = [
    ...(served.length > 0 ? [`interrupted by ${list(served)}`] : []),
    ...(dead.length > 0 ? [`dead: ${list(dead)}`] : []),
    ...(submits === undefined ? [] : [submits]),
    ...(hangs ? ['its I/O hangs'] : []),
  ];
  const held =
    holding.length === 0
      ? 'in no mask'
      : `in the mask of queue${holding.length === 1 ? '' : 's'} ${list(holding)}`;
  return [`${name}: ${held}`, ...notes].join('; ');
}

function consequences({ run }: Analysis, cpu: number): string[] {
  const hung = new Set(
    run.hangs.filter(({ until, cpus }) => until === null && cpus.test(cpu)).map(({ device }) => device),
  );
  const lines = run.devices
    .map((device) => deviceLine(device, hung.has(device.name), cpu))
    .filter((line) => line !== null);
  const timer = run.hpet.find((one) => one.cpu === cpu);
  const { managed, managedAllocated } = run.vectors.perCpu[cpu];
  const idle = managed - managedAllocated;
  return [
    ...lines.slice(0, DEVICES_SHOWN),
    ...(lines.length > DEVICES_SHOWN ? [`and ${lines.length - DEVICES_SHOWN} more devices`] : []),
    ...(timer ? [`its timer is channel ${timer.channel} of the HPET, irq ${timer.irq}`] : []),
    ...(idle > 0 ? [`${idle} managed vector${idle === 1 ? '' : 's'} reserved on it and not in use`] : []),
  ];
}

/** Why the CPU with this number is as it is; it must be a possible CPU. */
export function whyCpu(analysis: Analysis, cpu: number): Why {
  const slot = analysis.enumeration.cpus[cpu];
  return {
    subject: `CPU ${cpu}`,
    ...fateOf(analysis, slot),
    steps: [...cpuSteps(analysis, slot), ...modeSteps(analysis), ...bringUpSteps(analysis, slot)],
    consequences: consequences(analysis, cpu),
  };
}

/** Why a CPU of firmware got no number. */
export function whyIgnored(analysis: Analysis, { apicId, reason, firmwareIndex }: IgnoredCpu): Why {
  return {
    subject: `APIC ID ${apicId === null ? '(unknown)' : idText(apicId)}`,
    verdict: 'is ignored: its CPU gets no number',
    works: false,
    because: [{ text: reason }],
    steps: firmwareSteps(analysis, firmwareIndex, `ignored: ${reason}`),
    consequences: [],
  };
}
