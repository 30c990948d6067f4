/** What a description says of a domain keeps its interrupts from CPUs that the kernel brings online. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { domainReach } from '../../../linux/model/irqdomain.ts';
import type { DomainReach } from '../../../linux/model/reach.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { varied } from '../../../machine/vary.ts';
import { knownOf, levelOfMissed, lossTexts, missedBy, namedOf } from '../facts/missed-cpus.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type RawFinding, type Rule } from '../rule.ts';

/** Domains that interrupts of devices, lines among them, are of. */
const OF_DEVICES = ['pci-msi', 'pci-msi-unremapped', 'ioapic', 'hpet-msi'];

/** The CPUs that a domain would reach if the description were silent about domains. */
function withoutDescription({ machine, enumeration, apic, policy }: Simulation, name: string): CpuMask {
  const silent = varied(machine, { domains: {} });
  const found = domainReach(silent, enumeration, apic, policy.domainMax).find((one) => one.name === name);
  return found?.reachable ?? new CpuMask(enumeration.nrCpuIds);
}

/** Interrupts of the machine itself are of the domain: lines, and timers. */
function isUsedByMachine({ machine, run }: Simulation, name: DomainReach['name']): boolean {
  if (name === 'hpet-msi') return run.hpet.some(({ cpu }) => cpu !== null);
  return name === 'ioapic' && machine.legacyIrqs;
}

/** Some interrupt of the device arrives nowhere. */
const losesSome = ({ queues, interrupts }: DeviceRun): boolean =>
  [...queues, ...interrupts].some(({ lost }) => lost !== undefined);

function finding(facts: Simulation, domain: DomainReach): RawFinding[] {
  const { run, policy } = facts;
  const devices = run.devices.filter((device) => device.domain === domain.name);
  const ownUse = isUsedByMachine(facts, domain.name);
  const ticks = domain.name === 'hpet-msi' ? run.hpet.filter(({ lost }) => lost !== undefined) : [];
  if (devices.length === 0 && !ownUse) return [];
  // A policy that tests what is reachable sends nothing to CPUs that are not, as far as it knows; a timer belongs to
  // its CPU all the same.
  if (policy.onlinesUnreachable && ticks.length === 0 && !devices.some(losesSome)) return [];
  const unreachable = CpuMask.and(domain.unreachable, withoutDescription(facts, domain.name));
  const missed = missedBy(facts, devices, knownOf({ unreachable }));
  const cpus = namedOf(missed);
  if (cpus.isEmpty()) return [];
  const whose = devices.length === 0 ? '' : ` (${deviceNames(devices)})`;
  const runs = missed.online.weight() === 1 ? 'that runs' : 'that run';
  const ran = missed.online.isSubsetOf(run.online) ? runs : 'that ran';
  const state = missed.online.isEmpty() ? 'that may come online' : ran;
  return [
    {
      level: devices.length > 0 ? levelOfMissed(missed) : ticks.length > 0 ? 'error' : 'warning',
      message: `${domain.name}${whose} does not reach ${count(cpus.weight(), 'CPU')} ${state} (${shortenList(cpus.toString())})`,
      cause: [
        'the description says so, and the kernel does not know: it brings CPUs up by one limit for the machine',
        ...lossTexts(missed),
        ...ticks.map(({ channel, cpu }) => `hpet${channel}, the timer of CPU ${cpu}, is lost`),
      ],
      cpus,
      devices,
      path: ['domains'],
    },
  ];
}

export const domainMissesCpus: Rule = {
  name: 'domain-misses-cpus',
  aliases: [],
  level: 'error',
  summary: 'An interrupt domain does not reach CPUs that the kernel brings online, as the description says.',
  explain: [
    'Linux keeps one APIC ID limit for the machine. A domain that reaches less than that, because an emulator ignores address bits, a bridge is broken or an interrupt controller is old, is not known to it: interrupts are sent to CPUs that they cannot reach.',
    'A description states such limits under `domains:` (maxApicId, or CPUs by number under reach); the domains and devices below a domain inherit its limits.',
    'Check: an interrupt whose count in /proc/interrupts stays still although its device raises it.',
    'Change: what limits the domain; or keep the affinity of its interrupts on CPUs that it reaches.',
  ],
  messages: [],
  check(facts) {
    if (facts.apic.fatal || Object.keys(facts.machine.domains).length === 0) return [];
    return facts.domains
      .filter(({ name }) => OF_DEVICES.includes(name))
      .flatMap((one) => finding(facts, one));
  },
};
