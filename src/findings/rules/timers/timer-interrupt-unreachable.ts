/** The boot CPU is beyond the IO-APIC's destinations. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { bootCpuBeyondIoApic } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

export const timerInterruptUnreachable: Rule = {
  name: 'timer-interrupt-unreachable',
  aliases: ['R073'],
  level: 'error',
  summary:
    'The boot CPU has an APIC ID that IO-APIC entries cannot address: IRQ 0 and all legacy interrupts miss it.',
  explain: [
    'The kernel sends the legacy interrupts, IRQ 0 of the timer first, to the CPU it started on. An IO-APIC entry without remapping holds 8 bits of APIC ID, or 15 with the extended destination ID. If the boot CPU is above that, its entry names another CPU: serial port, keyboard and timer are lost.',
    'Check: the count of IRQ 0 in /proc/interrupts stays 0.',
    'Change: start the machine on a CPU with a low APIC ID, or make the IO-APIC reach further (extended destination ID, interrupt remapping).',
  ],
  messages: [
    "timer doesn't work through Interrupt-remapped IO-APIC",
    "IO-APIC + timer doesn't work!",
    '8254 timer not connected to IO-APIC',
  ],
  check(facts) {
    if (!bootCpuBeyondIoApic(facts)) return [];
    const limit = facts.domains.find((domain) => domain.name === 'ioapic')?.maxApicId;
    const id = facts.enumeration.cpus[0].apicId;
    return [
      {
        message: `IRQ 0 and the legacy interrupts cannot reach the boot CPU: its APIC ID ${id} is above ${limit}, the highest an IO-APIC entry can name`,
        cause: [
          'the kernel sends legacy interrupts to the CPU it starts on',
          ...facts.apic.because.map((reason) => reason.text),
        ],
        cpus: CpuMask.of(facts.enumeration.nrCpuIds, [0]),
        path: ['cpus'],
      },
    ];
  },
};
