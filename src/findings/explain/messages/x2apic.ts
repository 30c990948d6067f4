/** The APIC mode decision: enable_IR_x2apic() and try_to_enable_x2apic() of arch/x86/kernel/apic/apic.c. */
import type { MessageEntry } from '../entry.ts';

export const X2APIC_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'remapping-without-x2apic',
    templates: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
    printedBy: 'try_to_enable_x2apic()',
    meaning:
      'The kernel switches x2APIC off and continues in xAPIC mode: CPUs with APIC IDs above 254 cannot come online. The message blames remapping; just as often there is none at all.',
    matters:
      'Yes where APIC IDs of 255 and above exist: those CPUs are lost. No on smaller machines: xAPIC mode does all that they need.',
    why: 'Interrupt remapping is missing, switched off, not built in (CONFIG_IRQ_REMAP) or without 32-bit destinations (EIM, XT), and no hypervisor vouches for x2APIC.',
    check:
      'Earlier lines of DMAR-IR or AMD-Vi; /proc/cmdline for intremap=off, nopv; CONFIG_IRQ_REMAP. In a guest: whether "Hypervisor detected" is there.',
    change:
      'Bare metal: VT-d or AMD-Vi with interrupt remapping and x2APIC in firmware, and CONFIG_IRQ_REMAP=y. Guest: do not hide the hypervisor (kvm=off, nopv). With no APIC ID above 254 it is harmless.',
    rules: [
      'bare-metal-apic-limit',
      'boot-cpu-above-limit',
      'x2apic-locked',
      'old-kernel-disables-x2apic',
      'x2apic-opt-out',
      'remapping-without-eim',
      'remapping-off-on-cmdline',
      'hypervisor-hidden',
    ],
  },
  {
    name: 'x2apic-enabled-by-bios',
    routine: true,
    templates: ['x2apic: enabled by BIOS, switching to x2apic ops'],
    printedBy: 'check_x2apic()',
    meaning: 'Firmware handed over in x2APIC mode, so CPUs with APIC IDs of 255 and above are registered.',
    matters: 'No: firmware of large machines does so, and it is what they need.',
    why: 'Firmware does so when an APIC ID needs it, or by a setup option.',
    check: 'The later decision: see "Enabled IRQ remapping", "IRQ remapping doesn\'t support X2APIC mode".',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'x2apic-enabled',
    routine: true,
    templates: ['x2apic enabled'],
    printedBy: '__x2apic_enable()',
    meaning: 'The kernel switched x2APIC on.',
    matters: 'No: it is the good case.',
    why: 'Remapping runs in x2APIC mode, or a hypervisor offers x2APIC without remapping.',
    check: 'Which APIC ID limit follows: irqsim analyze.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'apic-routing',
    routine: true,
    templates: [
      'APIC: Switched APIC routing to: {}',
      'Switched APIC routing to {}',
      'Setting APIC routing to {}',
    ],
    printedBy: 'apic_install_driver(); default_setup_apic_routing() in older kernels',
    meaning:
      'The APIC driver in use: "cluster x2apic" with remapping in x2APIC mode, "physical x2apic" in guests without it, "physical flat" or "flat" in xAPIC mode.',
    matters:
      'No by itself: it is information. "flat" on a machine with APIC IDs of 255 and above means that those CPUs are lost.',
    why: 'It follows from the mode; x2apic_phys forces physical destinations.',
    check: 'The last such line counts.',
    change: 'Nothing.',
    rules: ['physical-flat-used'],
  },
  {
    name: 'kernel-lacks-x2apic',
    templates: [
      "BIOS has enabled x2apic but kernel doesn't support x2apic, please disable x2apic in BIOS.",
      'Kernel does not support x2APIC, please recompile with CONFIG_X86_X2APIC.',
      'Disabling APIC, expect reduced performance and functionality.',
    ],
    printedBy: 'check_x2apic(); the first wording is the panic of kernels before 6.1',
    meaning:
      'Firmware handed over in x2APIC mode and the kernel cannot use it. 6.1 and newer go on with one CPU and without message interrupts; older ones panic.',
    matters: 'Yes: the machine runs on one CPU without message interrupts, or does not boot.',
    why: 'CONFIG_X86_X2APIC is off.',
    check: 'grep X86_X2APIC in the kernel configuration.',
    change: 'Build with CONFIG_X86_X2APIC=y, or let firmware start in xAPIC mode.',
    rules: ['kernel-without-x2apic'],
  },
  {
    name: 'ioapic-setup-skipped',
    templates: ['Not enabling interrupt remapping due to skipped IO-APIC setup'],
    printedBy: 'enable_IR_x2apic()',
    meaning:
      'Interrupt remapping and the APIC mode decision are skipped. If firmware left x2APIC on, it stays on without any limit, and device messages are cut to 8 bits.',
    matters:
      'Yes: without IO-APIC there is no remapping, and on large machines interrupts may go astray. No where noapic is a test.',
    why: 'noapic, nosmp or maxcpus=0.',
    check: 'cat /proc/cmdline.',
    change: 'Remove the parameter; use maxcpus=1 instead of maxcpus=0.',
    rules: ['noapic-with-x2apic'],
  },
  {
    name: 'msi-destination-too-large',
    templates: ['WARNING: CPU: {} PID: {} at {}__irq_msi_compose_msg{}', '__irq_msi_compose_msg'],
    printedBy: '__irq_msi_compose_msg(), Linux 5.11 and newer, once',
    meaning:
      'A message interrupt was to go to a destination above 255 that its format cannot hold. It was cut to 8 bits and goes astray.',
    matters:
      'Yes: the device that sends this interrupt hangs, or another CPU gets an interrupt that it does not know.',
    why: 'x2APIC runs without remapping and without limit (noapic), or the device is outside every IOMMU scope.',
    check: 'The APIC mode lines; which IOMMU covers the device.',
    change: 'Remove noapic; fix the DMAR or IVRS scope; x2apic_phys helps for APIC IDs up to 255.',
    rules: ['noapic-with-x2apic', 'device-outside-iommu'],
  },
];
