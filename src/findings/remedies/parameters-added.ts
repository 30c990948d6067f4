/** Kernel parameters that help: they override firmware, or keep the kernel from counting on what never comes. */

import { CpuMask } from '../../lib/cpumask.ts';
import { count } from '../rules/rule.ts';
import { COSTS, type Cost, lossCost } from './parts/costs.ts';
import { TOO_MANY_CPUS } from './parts/out-of-reach.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

function parameter(
  word: string,
  title: string,
  cost: Cost = COSTS.parameter,
  givesUp: string | null = null,
): Draft {
  return {
    about: `parameter ${word.split('=')[0]}`,
    title,
    intents: [{ kind: 'parameters', add: [word], remove: [] }],
    cost,
    wording: { 'kernel parameters': [word] },
    givesUp,
  };
}

function optOut({ analysis: { machine } }: Context): Draft[] {
  const { remapping, cmdline } = machine;
  const obeyed = remapping.enabled && remapping.optOut && remapping.vendor === 'intel';
  if (!obeyed || cmdline.noX2apicOptout) return [];
  return [parameter('intremap=no_x2apic_optout', 'let the kernel ignore the x2APIC opt-out of firmware')];
}

/** Remapping with 8-bit destinations stands in the way of the extended destination ID that is offered. */
function noRemapping({ analysis: { machine, apic } }: Context): Draft[] {
  const { remapping, cmdline, extDestId } = machine;
  if (!extDestId || !apic.extDestId || !remapping.enabled || remapping.eim || cmdline.intremapOff) return [];
  return [
    parameter('intremap=off', 'switch remapping off, so that messages carry the extended destination ID'),
  ];
}

function noHpet({ analysis: { machine, domains } }: Context): Draft[] {
  const used = machine.hpet.present && !machine.cmdline.hpetDisable;
  if (!used || !domains.some(({ name }) => name === 'hpet-msi')) return [];
  return [parameter('hpet=disable', 'do without the HPET')];
}

/** Slots that the kernel is told to leave alone. */
const SLOTS_UNUSED: Cost = { ...COSTS.slots, costs: `${COSTS.parameter.costs}; ${COSTS.slots.costs}` };

/** True if a CPU of the set has this number or a higher one: nr_cpus= keeps the first CPUs by number. */
function anyFrom(cpus: CpuMask, first: number): boolean {
  let found = false;
  cpus.forEach((cpu) => {
    found ||= cpu >= first;
  });
  return found;
}

/** The kernel numbers no CPU that is not plugged: no queue waits for one. Slots are given up, no plugged CPU is. */
function pluggedOnly({ analysis: { enumeration, run, machine, domains }, inTheWay }: Context): Draft[] {
  const plugged = run.present.weight();
  const slots = enumeration.possible.weight() - plugged;
  if (!inTheWay.has('queue-waits-for-cpus') || slots === 0 || anyFrom(run.present, plugged)) return [];
  if (machine.cmdline.nrCpus !== undefined || !domains[0].unreachable.isEmpty()) return [];
  const title = `boot with the ${count(plugged, 'CPU')} that ${plugged === 1 ? 'is' : 'are'} plugged`;
  return [parameter(`nr_cpus=${plugged}`, title, SLOTS_UNUSED, count(slots, 'hot-plug slot'))];
}

/** The kernel numbers no CPU from the first one on that never works: no queue is made for it. */
function fewerPossible({ analysis: { enumeration, domains, run, machine, apic } }: Context): Draft[] {
  const { reachable, unreachable, unknown } = domains[0];
  const first = CpuMask.or(unreachable, unknown).first();
  if (first < 1 || apic.fatal || machine.cmdline.nrCpus !== undefined) return [];
  if (anyFrom(reachable, first)) return [];
  let [plugged, within] = [0, 0];
  run.present.forEach((cpu) => {
    if (cpu < first) return;
    plugged++;
    // A CPU that runs does its work, though no interrupt of a device reaches it.
    if (run.online.test(cpu) || !unreachable.test(cpu)) within++;
  });
  const slots = enumeration.possible.weight() - first - plugged;
  const reach =
    within === 0 ? 'none of which works now' : `${within} of which ${within === 1 ? 'works' : 'work'} now`;
  const lost = [
    ...(plugged > 0 ? [`${count(plugged, 'plugged CPU')} (${reach})`] : []),
    ...(slots > 0 ? [count(slots, 'hot-plug slot')] : []),
  ].join(' and ');
  const words = `a reboot; the kernel leaves ${lost} unused, and makes no queues for them`;
  const cost =
    within > 0
      ? lossCost(plugged, run.present.weight(), words)
      : plugged > 0
        ? { ...COSTS.deadCpus, costs: words }
        : SLOTS_UNUSED;
  return [
    parameter(
      `nr_cpus=${first}`,
      `boot with the ${count(first, 'CPU')} that interrupts can reach`,
      cost,
      lost,
    ),
  ];
}

export const parametersAdded: Remedy = {
  name: 'parameters-added',
  title: 'kernel parameters that help',
  cures: [
    ...TOO_MANY_CPUS,
    'x2apic-opt-out',
    'hpet-msi-in-use',
    'hpet-not-needed',
    'resume-turns-x2apic-on',
    'queue-waits-for-cpus',
    'duplicate-apic-ids',
  ],
  changes: (context) => [
    ...optOut(context),
    ...noRemapping(context),
    ...noHpet(context),
    ...pluggedOnly(context),
    ...fewerPossible(context),
  ],
};
