/** Audit rows about messages, modes and counted CPUs: H11, H12, H14 to H16, H18, H19. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { CLUSTER_MAX_ID, MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { count } from '../rule.ts';
import type { Assumption } from './assumption.ts';
import { cpusWith, inXapic, unreachable } from './facts.ts';

export const COUNTING_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'H11',
    name: 'destination-255',
    assumption: 'destination 0xff of a message is the CPU with APIC ID 255',
    where: 'try_to_enable_x2apic (the limit 255 is inclusive)',
    consequence: 'a hypervisor with the broadcast quirk (KVM by default) sends the interrupt to every CPU',
    breach(facts) {
      if (inXapic(facts) || facts.apic.remapping === 'x2apic') return null;
      const cpus = cpusWith(facts, (id, cpu) => id === MSI_MAX_ID && facts.run.online.test(cpu));
      if (cpus.isEmpty()) return null;
      return { text: `messages for CPU ${cpus} (APIC ID 255) may be taken for broadcasts`, cpus };
    },
  },
  {
    id: 'H12',
    name: 'msi-behind-remapping',
    assumption: 'every device with message interrupts is behind the remapping hardware',
    where: 'no check for PCI devices; only IO-APIC and HPET are refused',
    consequence: 'a device outside all IOMMU scopes sends unremapped messages, which are cut to 8 bits',
    breach(facts) {
      const { mode, remapping, hypervStub } = facts.apic;
      if (remapping !== 'x2apic' || hypervStub || facts.run.devices.length === 0) return null;
      const most = mode === 'x2apic-cluster' ? CLUSTER_MAX_ID : MSI_MAX_ID;
      const cpus = cpusWith(facts, (id) => id > most);
      if (cpus.isEmpty()) return null;
      return {
        text: `a device that the tables of firmware leave out would reach APIC IDs 0 to ${most} only, not ${count(cpus.weight(), 'CPU')}; a description does not say which those are`,
        cpus,
      };
    },
  },
  {
    id: 'H14',
    name: 'remapping-in-xapic-mode',
    assumption: 'remapping in xAPIC mode means that all APIC IDs have 8 bits',
    where: 'try_to_enable_x2apic (ignores it under a hypervisor)',
    consequence: 'CPUs above APIC ID 255 come online and remapped interrupts to them are misrouted',
    breach(facts) {
      if (facts.apic.remapping !== 'xapic' || inXapic(facts)) return null;
      const cpus = cpusWith(facts, (id) => id > MSI_MAX_ID && id <= facts.apic.limit);
      if (cpus.isEmpty()) return null;
      return {
        text: `${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) above APIC ID 255 may come online while remapped messages hold 8 bits`,
        cpus,
      };
    },
  },
  {
    id: 'H15',
    name: 'refused-at-online-only',
    assumption: 'a CPU above the limit does no harm, as it is refused',
    where: 'it is refused when brought online, not when plugged',
    consequence: 'masks, vectors and memory are allocated for slots that can never run',
    breach(facts) {
      const cpus = CpuMask.andNot(unreachable(facts), facts.run.present);
      if (cpus.isEmpty()) return null;
      return {
        text: `${count(cpus.weight(), 'hot-plug slot')} (${shortenList(cpus.toString())}) can be plugged but never brought online`,
        cpus,
      };
    },
  },
  {
    id: 'H16',
    name: 'linear-cpu-numbers',
    assumption: 'CPU numbers follow APIC IDs',
    where: "Hyper-V's test for CPU numbers up to 255; max_affinity of the proposal of October 2020",
    consequence: 'a set made of the first CPU numbers holds unreachable CPUs, or leaves out reachable ones',
    breach(facts) {
      for (const { name, reachable, unreachable: beyond } of facts.domains) {
        const first = beyond.first();
        if (first < 0 || name === 'iommu-fault') continue;
        const after = reachable.next(first);
        if (after < 0) continue;
        return {
          text: `CPU ${first} is unreachable for ${name} and CPU ${after} after it is not: no range of CPU numbers is the set of reachable ones`,
          cpus: CpuMask.of(facts.enumeration.nrCpuIds, [first, after]),
        };
      }
      return null;
    },
  },
  {
    id: 'H18',
    name: 'present-cpus',
    assumption: 'a CPU that is present can be brought online',
    where: 'cpu_present_mask: tools, maxcpus=, SMT control, topology counts',
    consequence: 'user space sees present CPUs that refuse to come online',
    breach(facts) {
      const cpus = CpuMask.and(unreachable(facts), facts.run.present).andNotWith(facts.run.online);
      if (cpus.isEmpty()) return null;
      return {
        text: `${count(cpus.weight(), 'present CPU')} (${shortenList(cpus.toString())}) refuse${cpus.weight() === 1 ? 's' : ''} to come online: tools that count present CPUs count them`,
        cpus,
      };
    },
  },
  {
    id: 'H19',
    name: 'per-cpu-memory',
    assumption: 'a possible CPU will use what is set up for it',
    where: 'per-CPU memory, workqueues, RCU: sized by cpu_possible_mask',
    consequence: 'memory is spent for nothing',
    breach(facts) {
      const cpus = CpuMask.andNot(unreachable(facts), facts.run.online);
      if (cpus.isEmpty()) return null;
      return { text: `per-CPU memory of ${count(cpus.weight(), 'CPU')} is never used`, cpus };
    },
  },
];
