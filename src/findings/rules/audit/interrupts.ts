/** Audit rows about where interrupts may go and what is reserved for them: H1, H4 to H7, H10, H20. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { managedIrqHousekeeping } from '../../../linux/model/housekeeping.ts';
import { defaultAffinity } from '../../../linux/sim/boot.ts';
import { nodesWithoutUsableCpus } from '../facts/node-facts.ts';
import { cpusOf, deviceNames, neverStarting, total } from '../facts/queue-facts.ts';
import { count } from '../rule.ts';
import type { Assumption } from './assumption.ts';
import { onlineUnreachable, unreachable } from './facts.ts';

export const INTERRUPT_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'H1',
    name: 'default-affinity',
    assumption: 'every CPU of the default affinity can take an interrupt',
    where: 'init_irq_default_affinity (all CPUs, or irqaffinity=)',
    consequence:
      'an ordinary interrupt may be asked for an unreachable CPU; harmless as long as no unreachable CPU is online',
    breach(facts) {
      const asked = defaultAffinity(facts.machine, facts.enumeration.nrCpuIds);
      const cpus = CpuMask.and(asked, unreachable(facts));
      if (cpus.isEmpty()) return null;
      const safe = cpus.intersects(facts.run.online)
        ? 'and some of them are online'
        : 'harmless, as none is online';
      return { text: `the default affinity holds ${count(cpus.weight(), 'unreachable CPU')}, ${safe}`, cpus };
    },
  },
  {
    id: 'H4',
    name: 'managed-vectors',
    assumption: 'a vector on every CPU of a managed mask is of use',
    where: 'irq_matrix_reserve_managed',
    consequence:
      'vectors on unreachable CPUs are reserved for nothing, and one such CPU without a free vector fails the whole allocation',
    breach(facts) {
      const cpus = new CpuMask(facts.enumeration.nrCpuIds);
      let vectors = 0;
      unreachable(facts).forEach((cpu) => {
        const { managed } = facts.run.vectors.perCpu[cpu];
        if (managed === 0) return;
        vectors += managed;
        cpus.set(cpu);
      });
      if (vectors === 0) return null;
      return {
        text: `${count(vectors, 'vector')} reserved on ${count(cpus.weight(), 'CPU')} that can use none`,
        cpus,
      };
    },
  },
  {
    id: 'H5',
    name: 'queue-count',
    assumption: 'a device can use a queue for every possible CPU',
    where: 'queue counts of nvme, virtio-blk, virtio-scsi, virtio-fs, mpi3mr',
    consequence: 'the device is set up with queues that can never work',
    breach(facts) {
      const devices = facts.run.devices.filter((device) => neverStarting(facts, device).length > 0);
      if (devices.length === 0) return null;
      const queues = devices.flatMap((device) => neverStarting(facts, device));
      const all = total(devices, (device) => device.queues.length);
      return {
        text: `${queues.length} of ${all} queues of ${deviceNames(devices)} are made for unreachable CPUs`,
        cpus: cpusOf(facts, queues),
        devices,
      };
    },
  },
  {
    id: 'H6',
    name: 'unplug-vectors',
    assumption: 'a free vector of any online CPU can take over an interrupt of a CPU that goes',
    where: 'lapic_can_unplug_cpu',
    consequence:
      'the check counts vectors that the interrupts cannot use, and lets a CPU go that is still needed',
    breach(facts) {
      const found = onlineUnreachable(facts);
      if (!found) return null;
      const free = found.cpus
        .toArray()
        .reduce((sum, cpu) => sum + facts.run.vectors.perCpu[cpu].available, 0);
      return {
        text: `the check before a CPU goes offline counts ${free} vectors on CPUs (${shortenList(found.cpus.toString())}) that ${found.domain} interrupts cannot reach`,
        cpus: found.cpus,
      };
    },
  },
  {
    id: 'H7',
    name: 'broken-affinity',
    assumption: 'an interrupt whose CPUs are gone can go to any online CPU',
    where: 'migrate_one_irq (cpu_online_mask)',
    consequence:
      "the interrupt is sent to an unreachable CPU; Hyper-V's IO-APIC stub refuses that with EINVAL, and the interrupt is lost",
    breach(facts) {
      const found = onlineUnreachable(facts);
      if (!found) return null;
      const outcome =
        facts.apic.hypervStub && found.domain === 'ioapic'
          ? 'the request names unreachable CPUs, fails with EINVAL and the interrupt is lost'
          : 'it may land on one that it cannot reach';
      return {
        text: `when the last CPU of an ${found.domain} interrupt goes, ${outcome} (${shortenList(found.cpus.toString())})`,
        cpus: found.cpus,
      };
    },
  },
  {
    id: 'H10',
    name: 'housekeeping',
    assumption: 'a housekeeping CPU of a managed mask can take the interrupt',
    where: 'irq_do_set_affinity (isolcpus=managed_irq)',
    consequence:
      'the queue falls back to an isolated CPU; if unreachable CPUs could be online, the queue would be sent to one although an isolated CPU is reachable',
    breach(facts) {
      const keepers = managedIrqHousekeeping(facts.machine, facts.enumeration);
      if (!keepers) return null;
      const beyond = unreachable(facts);
      const devices = facts.run.devices.filter(({ queues }) =>
        queues.some(({ managed, affinity }) => {
          const kept = CpuMask.and(affinity, keepers);
          return managed && !kept.isEmpty() && kept.isSubsetOf(beyond) && !affinity.isSubsetOf(beyond);
        }),
      );
      if (devices.length === 0) return null;
      return {
        text: `queues of ${deviceNames(devices)} have unreachable housekeeping CPUs only, so they interrupt isolated CPUs`,
        cpus: CpuMask.and(keepers, beyond),
        devices,
      };
    },
  },
  {
    id: 'H20',
    name: 'node-has-cpu',
    assumption: 'the NUMA node of an interrupt has a CPU that can take it',
    where: 'assign_irq_vector_any_locked (node and mask, mask, node, any online CPU)',
    consequence: 'interrupts of devices on the node all go to remote CPUs',
    breach(facts) {
      const nodes = nodesWithoutUsableCpus(facts);
      if (nodes.size === 0) return null;
      const cpus = new CpuMask(facts.enumeration.nrCpuIds);
      for (const mask of nodes.values()) cpus.orWith(mask);
      return {
        text: `${nodes.size === 1 ? 'node' : 'nodes'} ${[...nodes.keys()].sort((a, b) => a - b).join(', ')} ${nodes.size === 1 ? 'has' : 'have'} no usable CPU: interrupts of a device there go to remote CPUs`,
        cpus,
      };
    },
  },
];
