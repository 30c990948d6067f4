/** The APIC switched off or set up by hand, IO-APIC and timer checks: apic.c, io_apic.c. */
import type { MessageEntry } from '../entry.ts';

export const APIC_SETUP_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'apic-disabled',
    templates: ['APIC: disable apic facility', 'disable apic facility'],
    printedBy: 'apic_intr_mode_select() of arch/x86/kernel/apic/apic.c',
    meaning:
      'The local APIC is not used at all: one CPU, and interrupts through the old 8259 PIC. No MSI, no multi-queue device.',
    matters: 'Yes: one CPU, slow devices with one interrupt each.',
    why: 'nolapic or disableapic on the command line, or no usable APIC.',
    check: '/proc/cmdline.',
    change: 'Take nolapic / disableapic out.',
    rules: [],
  },
  {
    name: 'smp-mode-deactivated',
    templates: ['SMP mode deactivated'],
    printedBy: 'native_smp_prepare_cpus() or disable_smp of arch/x86/kernel',
    meaning: 'The kernel runs on one CPU.',
    matters: 'Yes: one CPU does everything.',
    why: 'nosmp or maxcpus=0 on the command line, or no APIC.',
    check: '/proc/cmdline.',
    change: 'Take nosmp / maxcpus=0 out.',
    rules: [],
  },
  {
    name: 'keep-in-pic-mode',
    templates: ['Keep in PIC mode(8259)', 'APIC: Switch to virtual wire mode setup'],
    printedBy: 'apic_intr_mode_init() of arch/x86/kernel/apic/apic.c',
    meaning: 'Interrupts go through the 8259 PIC to one CPU; the IO-APIC is not used.',
    matters:
      'Yes: one CPU gets all line interrupts; without a local APIC there are no message interrupts either.',
    why: 'noapic, nolapic, or no APIC or MADT / MP table.',
    check: '/proc/cmdline and the MADT.',
    change: 'Take the parameter out.',
    rules: ['noapic-with-x2apic'],
  },
  {
    name: 'bios-disables-x2apic',
    templates: [
      'Your BIOS has requested that x2apic be disabled',
      'BIOS has requested that x2apic be disabled',
      'Your BIOS is broken and requested that x2apic be disabled',
    ],
    printedBy: 'intel_irq_remapping (older wording of the opt-out message)',
    meaning:
      'Firmware sets the x2APIC opt-out bit of the DMAR table. The kernel follows: xAPIC mode, with APIC IDs up to 254 and an 8-bit destination.',
    matters: 'Yes where APIC IDs of 255 and above exist: those CPUs are lost. No on smaller machines.',
    why: 'Firmware that cannot resume, or was told not to run, in x2APIC mode.',
    check: 'The DMAR table (flags, bit 1).',
    change: 'intremap=no_x2apic_optout overrides it; or the x2APIC setting of the firmware.',
    rules: ['x2apic-opt-out'],
  },
  {
    name: 'old-remapping-xapic',
    templates: ['x2apic not enabled, IRQ remapping is in xapic mode'],
    printedBy: 'older kernels (before 4.x), today "Enabled IRQ remapping in xapic mode"',
    meaning: 'Interrupts are remapped, but only to 8-bit APIC IDs: CPUs above 254 are not used.',
    matters: 'Yes where APIC IDs of 255 and above exist; no on smaller machines.',
    why: 'The IOMMU has no extended interrupt mode (EIM), or firmware opted out of x2APIC.',
    check: 'Lines before it.',
    change: 'Firmware settings for x2APIC; a newer kernel.',
    rules: ['remapping-without-eim'],
  },
  {
    name: 'old-remapping-x2apic',
    routine: true,
    templates: [
      'Enabling x2apic, Enabled IRQ-remapping in x2apic mode',
      'Enabled IRQ-remapping in x2apic mode',
    ],
    printedBy: 'older kernels, today "Enabled IRQ remapping in x2apic mode"',
    meaning: 'Interrupts are remapped with 32-bit destinations: any APIC ID can be reached.',
    matters: 'No: it is the good case.',
    why: 'The IOMMU supports the extended interrupt mode.',
    check: 'Nothing.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'timer-check',
    routine: true,
    templates: ['..TIMER: vector={} apic1={} pin1={} apic2={} pin2={}'],
    printedBy: 'check_timer() of arch/x86/kernel/apic/io_apic.c',
    meaning:
      'The kernel tests that the timer interrupt (IRQ 0) arrives through the IO-APIC pin that the MADT names. The line itself is only information.',
    matters: 'No: every boot with an IO-APIC prints it.',
    why: 'Printed on every boot that uses the check; trouble shows in the lines after it ("doesn\'t work").',
    check: 'The next lines.',
    change: 'Nothing unless the check fails.',
    rules: ['timer-interrupt-unreachable'],
  },
  {
    name: 'timer-virtual-wire',
    templates: [
      '...trying to set up timer as Virtual Wire IRQ',
      'trying to set up timer as Virtual Wire IRQ',
      '...trying to set up timer as ExtINT IRQ',
      '...trying to set up timer (IRQ0) through the 8259A',
    ],
    printedBy: 'check_timer() of arch/x86/kernel/apic/io_apic.c',
    meaning:
      'The timer interrupt did not arrive through the IO-APIC, so the kernel falls back to another path: the 8259A, or the local APIC as a virtual wire.',
    matters:
      'Only as a sign of faulty firmware or emulation: the timer works in the end if the boot goes on.',
    why: 'The destination that the IO-APIC entry holds does not reach the boot CPU (an APIC ID above the limit), or firmware describes the pins wrongly.',
    check: 'The lines before it; irqsim analyze for the IO-APIC domain and the boot CPU.',
    change: 'Remapping, or a boot CPU with a small APIC ID; noapic as a last resort.',
    rules: ['timer-interrupt-unreachable'],
  },
  {
    name: 'pre-enabled-x2apic',
    templates: [
      'Perhaps problem with the pre-enabled x2apic mode',
      'Try booting with x2apic and interrupt-remapping disabled in the bios',
    ],
    printedBy:
      'check_timer() of arch/x86/kernel/apic/io_apic.c, before the panic "IO-APIC + timer doesn\'t work!"',
    meaning:
      'The timer does not work at boot and firmware had turned x2APIC on: interrupts without remapping may not reach a CPU in that mode. The kernel is about to panic.',
    matters: 'Yes: the boot ends with a panic.',
    why: 'x2APIC set by the firmware (BIOS) while remapping is missing or off, with a boot CPU that an IO-APIC entry cannot address.',
    check: 'Remapping lines before it.',
    change: 'Turn interrupt remapping on (or x2APIC off) in the firmware.',
    rules: ['timer-interrupt-unreachable'],
  },
  {
    name: 'ioapic-probe-skipped',
    templates: ["Skipping IOAPIC probe due to 'noapic' option", 'Skipping IOAPIC probe'],
    printedBy: 'enable_IO_APIC path of acpi/boot.c and io_apic.c',
    meaning:
      'noapic: no IO-APIC is used. Line interrupts go through the 8259 PIC to one CPU; MSI still works, and interrupt remapping is not set up.',
    matters:
      'Yes where nobody meant it: noapic takes remapping and with it large APIC IDs away, and most devices share one CPU.',
    why: 'noapic on the command line.',
    check: '/proc/cmdline.',
    change: 'Take noapic out: with x2APIC enabled by firmware the kernel can crash with it.',
    rules: ['noapic-with-x2apic', 'crash-kernel-without-ioapic'],
  },
  {
    name: 'ioapic-gsi-conflict',
    templates: [
      'GSI range [{}-{}] for new IOAPIC conflicts with GSI[{}-{}]',
      'for new IOAPIC conflicts with GSI',
    ],
    printedBy: 'mp_register_ioapic() of arch/x86/kernel/apic/io_apic.c',
    meaning:
      'A hot-plugged (or second) IO-APIC claims interrupt numbers that another one has; it is not used.',
    matters:
      'Only for devices on that IO-APIC that use line interrupts; message interrupts do not go through it.',
    why: 'Firmware gives overlapping ranges in the MADT or in the hot-plug object, or describes one IO-APIC twice.',
    check: 'The MADT (acpidump).',
    change: 'Newer firmware.',
    rules: [],
  },
];
