/** CPUs coming up or not: arch/x86/kernel/smpboot.c. */
import type { MessageEntry } from '../entry.ts';

export const BRINGUP_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'invalid-apic-id',
    templates: [
      'smpboot: CPU {} has invalid APIC ID {}. Aborting bringup',
      'smpboot: native_kick_ap: bad cpu {}',
      'smpboot: native_cpu_up: bad cpu {}',
    ],
    printedBy:
      'native_kick_ap(): first wording 6.9 and newer, second 6.5 to 6.8; native_cpu_up(): third, 6.4 and older. Twice for each CPU at boot where CPUs come up in parallel (6.5 and newer)',
    meaning:
      'The CPU stays offline: its APIC ID (hexadecimal without 0x) is above what the kernel accepts. It stays possible and present, so devices make queues for it; every try to bring it online fails with EINVAL.',
    matters: 'Yes: the CPU is lost for this boot, and queues whose CPUs are all like it never work.',
    why: 'No interrupt could reach it. Without interrupt remapping the limit is 254 on bare metal, 255 in a guest, and 32767 in a guest whose hypervisor offers the extended destination ID.',
    check:
      'The mode in the log: "x2apic: IRQ remapping doesn\'t support X2APIC mode", "DMAR-IR: Enabled IRQ remapping in ... mode", "Switched APIC routing to". Count APIC IDs, not CPUs: they have holes.',
    change:
      'Guest: QEMU kernel-irqchip=split with Linux 5.11 or newer, or a virtual IOMMU with remapping and EIM. Bare metal: enable VT-d or AMD-Vi interrupt remapping with x2APIC in firmware.',
    rules: ['apic-id-above-limit', 'bare-metal-apic-limit', 'kernel-too-old-for-ext-dest'],
  },
  {
    name: 'apic-id-not-present',
    templates: ['smpboot: CPU {} APIC ID {} is not present. Aborting bringup'],
    printedBy: 'native_kick_ap(), Linux 6.9 and newer',
    meaning: 'Somebody tried to bring a CPU online that is not plugged.',
    matters: 'Seldom: a script asked for a CPU that is not there. Nothing is lost that was there.',
    why: 'The number is kept for a hot-plug slot.',
    check: '/sys/devices/system/cpu/present.',
    change: 'Plug the CPU first (hypervisor or firmware).',
    rules: [],
  },
  {
    name: 'smp-disabled',
    templates: ['smpboot: SMP disabled'],
    printedBy: 'native_smp_prepare_cpus()',
    meaning: 'The kernel runs on one CPU, and leaves the IO-APIC and interrupt remapping alone.',
    matters: 'Yes: one CPU does everything, and every device has one queue.',
    why: 'nosmp or maxcpus=0.',
    check: 'cat /proc/cmdline.',
    change: 'Use maxcpus=1 to start with one CPU and keep the rest working.',
    rules: ['noapic-with-x2apic'],
  },
];
