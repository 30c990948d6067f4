/** Whatever CPU is plugged comes online, and device interrupts reach it: each that may come is tried by itself. */
import type { MachineEvent } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import type { Answer } from './answer.ts';
import { continued } from './live.ts';
import { type Plug, plugEvents, plugsOf } from './plugs.ts';
import { isGone, type Subject } from './subject.ts';

/** Whether it comes online and is reached follows from its APIC ID alone, so that others do not matter. */
export function proveReachable(subject: Subject, asked: AskedProperty): Answer {
  const common = { asked, offlineAtMost: null, largest: null } as const;
  const { stage } = subject.state ?? { stage: null };
  const gone = isGone(stage);
  if (stage === null || gone !== null) {
    const counterexample = { events: [], probeOrder: null, shows: gone ?? '', smallest: true };
    const because = ['it does not hold before anything happens'];
    return { ...common, answer: 'fails', method: 'exhaustive', sets: 1n, counterexample, because };
  }
  const plugs = plugsOf(stage);
  const sets = BigInt(plugs.length);
  const each = isSpecial(subject);
  for (const plug of plugs.filter((one) => each || !one.comesOnline || !one.reachable)) {
    const events = plugEvents(stage, plug);
    const shows = faultAfterPlug(subject, plug, events);
    if (shows === null) continue;
    const counterexample = { events, probeOrder: null, shows, smallest: true };
    const because = ['an APIC ID decides by itself whether its CPU comes online and is reached'];
    return { ...common, answer: 'fails', method: 'closed-form', sets, counterexample, because };
  }
  const doubt = plugs.find(({ inDoubt }) => inDoubt);
  const because = [
    plugs.length === 0
      ? 'no CPU can be plugged'
      : 'the APIC ID of every CPU that can be plugged is within the limit of the kernel and of every domain',
  ];
  if (doubt === undefined)
    return { ...common, answer: 'holds', method: 'closed-form', sets, counterexample: null, because };
  const why = `the description does not tell whether the kernel rejects CPU ${doubt.cpu}`;
  return { ...common, answer: 'unknown', method: null, sets: 0n, counterexample: null, because: [why] };
}

/** Events that decide what can be plugged, and whether it comes up. */
const DECIDING: readonly MachineEvent['kind'][] = ['plug', 'unplug', 'suspend', 'smt'];

/**
 * An APIC ID alone does not tell: devices hang on other domains than plugs are judged by, which may have masks of their
 * own, a domain is stated, or events were about what can come.
 */
function isSpecial({ facts, machine }: Subject): boolean {
  return (
    Object.keys(machine.domains).length > 0 ||
    facts.run.devices.some(({ domain }) => domain !== 'pci-msi') ||
    machine.events.some(({ kind }) => DECIDING.includes(kind))
  );
}

function faultAfterPlug(
  { machine }: Subject,
  { apicId }: Plug,
  events: readonly MachineEvent[],
): string | null {
  const { facts } = continued(machine, events);
  const failed = facts.run.events.slice(machine.events.length).find(({ result }) => result !== 'ok');
  if (failed) return `a CPU with APIC ID ${apicId} does not come online: ${failed.reason ?? failed.errno}`;
  const cpu = facts.enumeration.cpus.find((slot) => slot.apicId === apicId)?.cpu ?? -1;
  const used = new Set(facts.run.devices.map(({ domain }) => domain));
  const missing = facts.domains.find(
    ({ name, unreachable }, at) =>
      unreachable.test(cpu) && (at === 0 || [...used].some((domain) => domain === name)),
  );
  return missing ? `${missing.name} cannot address APIC ID ${apicId} of CPU ${cpu}` : null;
}
