/** Audit rows about the boot CPU, legacy interrupts and the crash kernel: H2, H3, H8, H9, H13, H17, H22. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { MSI_MAX_ID, XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { onlineAbove } from '../facts/crash-kernel.ts';
import { count } from '../rule.ts';
import type { Assumption } from './assumption.ts';
import { bootId, cpusWith, inXapic } from './facts.ts';

export const BOOT_CPU_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'H2',
    name: 'boot-cpu',
    assumption: 'the boot CPU can take every interrupt',
    where: 'vector_configure_legacy, IRQ 0, IO-APIC set-up, irqaffinity= (adds the boot CPU)',
    consequence: 'the timer and every early line interrupt are lost',
    breach(facts) {
      const beyond = facts.domains.find(({ name, unreachable }) => name !== 'ipi' && unreachable.test(0));
      if (!beyond) return null;
      return {
        text: `the boot CPU (APIC ID ${bootId(facts)}) is beyond ${beyond.name} interrupts, which end at ${beyond.maxApicId}`,
        cpus: CpuMask.of(facts.enumeration.nrCpuIds, [0]),
      };
    },
  },
  {
    id: 'H3',
    name: 'early-line-interrupts',
    assumption: 'line interrupts reach the boot CPU before remapping is on',
    where: 'PIC or virtual wire until enable_IR_x2apic; save_ioapic_entries, restore_ioapic_entries',
    consequence: 'until remapping is on an IO-APIC entry names another CPU',
    breach(facts) {
      if (facts.apic.remapping === 'none' || !facts.machine.legacyIrqs || bootId(facts) <= MSI_MAX_ID)
        return null;
      return {
        text: `the boot CPU (APIC ID ${bootId(facts)}) gets no line interrupt until remapping is on: entries hold 8 bits till then`,
        cpus: CpuMask.of(facts.enumeration.nrCpuIds, [0]),
      };
    },
  },
  {
    id: 'H8',
    name: 'crash-cpu',
    assumption: 'any CPU can be the boot CPU of a crash kernel',
    where: 'kdump: machine_crash_shutdown, x2apic_disable',
    consequence:
      'on bare metal without remapping the crash kernel panics on an APIC ID of 255 or above; on Hyper-V without the extended ID it has no IO-APIC interrupts',
    breach(facts) {
      const { machine, apic } = facts;
      const high = onlineAbove(facts, XAPIC_MAX_ID);
      if (!machine.kdump || high.isEmpty() || apic.extDestId) return null;
      const outcome = apic.hypervStub
        ? 'gets no IO-APIC interrupts'
        : apic.remapping === 'x2apic'
          ? 'needs interrupt remapping, as this kernel does'
          : 'finds no remapping';
      return {
        text: `a crash kernel on one of ${count(high.weight(), 'CPU')} (${shortenList(high.toString())}) with APIC IDs of 255 and above ${outcome}`,
        cpus: high,
      };
    },
  },
  {
    id: 'H9',
    name: 'reboot-virtual-wire',
    assumption: 'the virtual-wire entry for the boot CPU fits the IO-APIC at reboot',
    where: 'native_restore_boot_irq_mode',
    consequence: 'the entry written for reboot or kexec has reserved bits set',
    breach(facts) {
      const id = bootId(facts);
      const { apic } = facts;
      if (!apic.ioApic || apic.extDestId || id <= MSI_MAX_ID) return null;
      return { text: `at reboot and kexec the IO-APIC entry for APIC ID ${id} gets reserved bits` };
    },
  },
  {
    id: 'H13',
    name: 'ioapic-parent',
    kernelPanics: true,
    assumption: 'the IO-APIC always finds a parent interrupt domain',
    where: 'BUG_ON(mp_irqdomain_create()) in setup_IO_APIC',
    consequence: 'a locked x2APIC without remapping ends the boot in a BUG',
    breach({ machine, apic }) {
      if (!machine.x2apic.locked || !apic.fatal) return null;
      return { text: `x2APIC is locked and there is no remapping in x2APIC mode: ${apic.fatal.why}` };
    },
  },
  {
    id: 'H17',
    name: 'resume-x2apic',
    assumption: 'firmware leaves the APIC mode alone at resume',
    where: 'lapic_resume; handled since early 2026',
    consequence: 'the kernel goes on in xAPIC mode while x2APIC is on, and hangs',
    breach(facts) {
      const { machine } = facts;
      if (!machine.x2apic.firmware || !inXapic(facts) || machine.kernel.has('x2apic-off-at-resume'))
        return null;
      return {
        text: 'firmware switched x2APIC on and the kernel switched it off: a resume from suspend may hang',
      };
    },
  },
  {
    id: 'H22',
    name: 'nmi-to-offline-cpus',
    assumption: 'an NMI or INIT reaches CPUs that are offline',
    where: 'nmi_to_offline_cpu, the stop of all CPUs in a crash',
    consequence:
      'in xAPIC mode a CPU above APIC ID 254 cannot be addressed: it stays in the wait loop of firmware',
    breach(facts) {
      if (!inXapic(facts)) return null;
      const cpus = cpusWith(facts, (id, cpu) => id > XAPIC_MAX_ID && facts.run.present.test(cpu));
      if (cpus.isEmpty()) return null;
      return {
        text: `${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) stay${cpus.weight() === 1 ? 's' : ''} in firmware's wait loop: no NMI or INIT reaches APIC IDs above 254`,
        cpus,
      };
    },
  },
];
