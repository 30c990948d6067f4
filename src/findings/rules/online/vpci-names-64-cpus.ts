/** Before protocol 1.2 Hyper-V's virtual PCI bus names 64 virtual processors. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { vpciByMask } from '../../../linux/model/reach.ts';
import { lossTexts, missedBy } from '../facts/missed-cpus.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const vpciNames64Cpus: Rule = {
  name: 'vpci-names-64-cpus',
  aliases: ['R028'],
  level: 'warning',
  summary: "Interrupts of Hyper-V's virtual PCI devices reach virtual processors 0 to 63 only.",
  explain: [
    "A device on Hyper-V's virtual PCI bus has its interrupt targeted by virtual processor, not by APIC ID. Protocol 1.2 and newer take a set of any processors; older ones take a mask of 64 bits, so that an interrupt cannot be sent to virtual processor 64 or a higher one.",
    'Linux does not narrow the affinity of such interrupts. One that is started on a higher CPU, or moves there, does not arrive.',
    'Check: "hv_pci ... PCI VMBus probing: Using version 0x10001" in the log is protocol 1.1.',
    'Change: a newer Hyper-V host; or keep affinities and queues on CPUs 0 to 63.',
  ],
  messages: ['hv_pci {}: PCI VMBus probing: Using version 0x10001'],
  check(facts) {
    const { apic, machine, domains, run, policy } = facts;
    if (apic.fatal || !vpciByMask(machine) || policy.onlinesUnreachable) return [];
    const devices = run.devices.filter(({ domain }) => domain === 'pci-msi');
    const missed = missedBy(facts, devices, domains[0]);
    const cpus = CpuMask.or(missed.online, missed.later);
    if (devices.length === 0 || cpus.isEmpty()) return [];
    return [
      {
        level: missed.lostNow + missed.lostByEvents > 0 ? 'error' : 'warning',
        message: `interrupts of ${deviceNames(devices)} are limited to virtual processors 0-63: ${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) cannot be reached`,
        cause: [
          `the virtual PCI bus speaks protocol ${machine.vpciProtocol}, which targets by a mask of 64 bits`,
          ...lossTexts(missed),
        ],
        cpus,
        devices,
        path: ['vpciProtocol'],
      },
    ];
  },
};
