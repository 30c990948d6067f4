/** Interrupts that nobody expected: arch/x86/kernel/irq.c, kernel/irq/spurious.c, the local APIC's errors. */
import type { MessageEntry } from '../entry.ts';

export const STRAY_INTERRUPT_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'no-irq-handler',
    templates: [
      '__common_interrupt: {} No irq handler for vector',
      'do_IRQ: {} No irq handler for vector',
      'common_interrupt: {} No irq handler for vector',
      'No irq handler for vector',
      '__common_interrupt: No irq handler for {}',
      'No irq handler for {}.{}',
    ],
    printedBy:
      'common_interrupt() of arch/x86/kernel/irq.c: do_IRQ up to 5.7, common_interrupt or __common_interrupt since; the two numbers are CPU.VECTOR',
    meaning:
      'An interrupt arrived on a CPU at a vector that no interrupt uses there. The CPU acknowledges it and goes on; the interrupt itself is lost.',
    matters:
      'Only if it repeats, or if a device hangs: a few at boot, at CPU hot-plug or in a crash kernel are harmless.',
    why: 'Most often a message that was sent before its interrupt was moved or freed: a race while a CPU goes offline, a device that was not shut up when its driver stopped, or firmware and hypervisors that deliver with stale routing. Vector 55 and its neighbours in a guest are spurious legacy interrupts.',
    check:
      'Once after an offline, a suspend or a driver unload is harmless. A line that repeats names a device that still sends with an old address: compare the vector with /proc/interrupts and /sys/kernel/debug/irq/irqs/* (field Vector).',
    change:
      'Nothing for single lines. If it repeats: newer firmware or hypervisor, or the driver of the device that was moved last.',
    rules: [],
  },
  {
    name: 'xen-no-irq-handler',
    templates: ['(XEN) No irq handler for vector {} (IRQ {})', '(XEN) {} No irq handler for vector'],
    printedBy: 'do_IRQ() of the Xen hypervisor, not of Linux',
    meaning:
      'The hypervisor received an interrupt at a vector that it has not given to any guest or device; IRQ -2147483648 means that no IRQ belongs to the vector.',
    matters: 'Only if it repeats, or if a device hangs.',
    why: 'As in Linux: a message that was under way while its interrupt was moved or freed. Xen moves the interrupts of a guest whenever its virtual CPUs move.',
    check:
      'xl dmesg for what was moved or unbound just before; the debug key i (xl debug-keys i) lists vectors and CPUs.',
    change:
      'Nothing for single lines. If it repeats, newer Xen or firmware; the Linux guest cannot change it.',
    rules: [],
  },
  {
    name: 'irq-nobody-cared',
    templates: [
      'irq {}: nobody cared (try booting with the "irqpoll" option)',
      'irq {}: nobody cared',
      'nobody cared',
    ],
    printedBy: '__report_bad_irq() of kernel/irq/spurious.c, after 99,900 of 100,000 unhandled interrupts',
    meaning:
      'An interrupt came again and again and none of the handlers said that its device had sent it, so the kernel turns the line off.',
    matters: 'Yes: the line is turned off, and every device that uses it is slow or dead from here on.',
    why: 'On a shared line a device without a driver, or one whose driver does not look, holds the line active: an interrupt storm. After a crash kernel starts it may be a device that the first kernel left running.',
    check:
      'The lines below name the handlers; /proc/interrupts shows who shares the line; lspci -vv shows which device asserts it (INTx+).',
    change:
      'The driver of the device that asserts the line, MSI instead of the line (drop pci=nomsi), or irqpoll in a crash kernel.',
    rules: [],
  },
  {
    name: 'disabling-irq',
    templates: ['Disabling IRQ #{}'],
    printedBy: 'note_interrupt() of kernel/irq/spurious.c, right after "nobody cared"',
    meaning:
      'The line is switched off because its interrupts were unhandled. Every device on it is without interrupts from now on; where polling is on the kernel calls the handlers ten times a second.',
    matters: 'Yes: devices on that line are slow (polled) or dead.',
    why: 'See irqsim explain irq-nobody-cared: one device holds a shared line active.',
    check: '/proc/interrupts: all devices of this number are affected and may be dead or slow.',
    change: 'Find the device that asserts the line; reload its driver or boot with irqpoll to get through.',
    rules: [],
  },
  {
    name: 'spurious-vector',
    templates: [
      'Spurious interrupt (vector {}) on CPU#{}. Acked',
      'Spurious interrupt (vector {}) on CPU#{}. Not pending',
      'Spurious interrupt (vector {}) on CPU#{}',
    ],
    printedBy: 'handle_spurious_interrupt() of arch/x86/kernel/apic/apic.c, since 5.3',
    meaning:
      'A vector without an interrupt was delivered. "Acked" means that it was pending in the local APIC, so some device or CPU really sent it.',
    matters: 'Only if it repeats: each one may be an interrupt that a device waits for.',
    why: 'A managed interrupt that was shut down with its CPU, or one that was moved while the CPU was offline: the device sent once more to the old vector.',
    check: 'Look for an offline, a suspend or a driver unload just before it.',
    change:
      'Nothing for single lines; for many, the driver that leaves its device running when its interrupt is stopped.',
    rules: [],
  },
  {
    name: 'spurious-apic-interrupt',
    templates: [
      'Spurious APIC interrupt (vector {}) on CPU#{}, should never happen',
      'spurious APIC interrupt through vector {} on CPU#{}',
    ],
    printedBy: 'spurious_interrupt() of arch/x86/kernel/apic/apic.c',
    meaning:
      "The CPU's own spurious vector (0xff) was delivered: the local APIC had announced an interrupt that was masked or withdrawn before the CPU took it.",
    matters: 'Only if it repeats quickly: single ones are harmless.',
    why: 'A race between a device that lowers its line and the CPU that answers, or noise on a line. Nothing is lost.',
    check: 'The count SPU in /proc/interrupts.',
    change:
      'Harmless when rare; if the count grows fast, check cabling, firmware and level-triggered devices.',
    rules: [],
  },
  {
    name: 'apic-error',
    templates: ['APIC error on CPU{}: {}', 'APIC error on CPU{}'],
    printedBy: 'sysvec_error_interrupt() of arch/x86/kernel/apic/apic.c, smp_error_interrupt() before 5.8',
    meaning:
      'The local APIC reports an error. The number is a set of bits: 1 and 2 checksum, 4 send accept, 8 receive accept, 10 redirectable interrupt, 20 send illegal vector, 40 receive illegal vector, 80 illegal register.',
    matters: 'Yes if it repeats: messages between APICs are lost. A single one at boot is harmless.',
    why: '40 is a message with a vector below 16: a device or a remapping entry that was torn down, or firmware that programmed it. 4 and 8 mean that no CPU accepted a message: a destination that does not exist.',
    check: 'ERR in /proc/interrupts; which device was reset or moved just before.',
    change: 'Newer firmware; for 4 and 8 compare destinations with the APIC IDs that exist (irqsim analyze).',
    rules: [],
  },
];
