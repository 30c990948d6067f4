/** x2APIC that has to go off, and cannot: x2apic_disable(), setup_nox2apic() of arch/x86/kernel/apic/apic.c. */
import type { MessageEntry } from '../entry.ts';

const LOCKED_CHANGE =
  'Keep interrupt remapping on: remove intremap=off and nox2apic, enable VT-d in firmware, and no x2APIC opt-out.';

export const X2APIC_OFF_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'x2apic-disabled',
    templates: ['x2apic disabled', 'x2apic already enabled.'],
    printedBy: '__x2apic_disable(); the second wording by setup_nox2apic()',
    meaning: 'x2APIC was on and is switched off. APIC IDs above 254 cannot be used from here on.',
    matters: 'Yes where APIC IDs of 255 and above exist: those CPUs are lost. No on smaller machines.',
    why: 'nox2apic, or there is no remapping in x2APIC mode and no hypervisor that offers x2APIC.',
    check: 'The line before it; cat /proc/cmdline.',
    change: 'Remove nox2apic; else see "IRQ remapping doesn\'t support X2APIC mode".',
    rules: ['bare-metal-apic-limit', 'nox2apic-with-high-ids'],
  },
  {
    name: 'cannot-disable-x2apic',
    templates: ['Cannot disable x2apic, id: {}'],
    printedBy: 'x2apic_disable(), kernel panic',
    meaning:
      'x2APIC must go off, but the boot CPU itself has an APIC ID (hexadecimal) of 255 or above, which xAPIC mode does not have.',
    matters:
      'Yes: the machine goes on in a mode in which device interrupts may not reach its CPUs, or stops.',
    why: 'No remapping in x2APIC mode, on bare metal. Typical for a crash kernel that runs on a high CPU with intremap=off.',
    check: 'The APIC ID in the message; whether remapping is on.',
    change: 'Enable interrupt remapping with x2APIC, also for the crash kernel; boot on a low APIC ID.',
    rules: ['boot-cpu-above-limit', 'crash-kernel-panics'],
  },
  {
    name: 'cannot-disable-locked-x2apic',
    templates: ['Cannot disable locked x2apic, id: {}'],
    printedBy: 'x2apic_disable(), Linux 6.1 and newer',
    meaning:
      'x2APIC must go off, but the CPU has locked it. A kernel BUG in setup_IO_APIC follows and the boot ends.',
    matters: 'Yes: the boot ends here.',
    why: 'The CPU (Sapphire Rapids and newer with SGX or TDX) locks x2APIC, and there is no remapping in x2APIC mode.',
    check: 'intremap=off, nointremap, CONFIG_IRQ_REMAP, BIOS opt-out, an IOMMU without EIM.',
    change: LOCKED_CHANGE,
    rules: ['x2apic-locked'],
  },
  {
    name: 'bug-in-setup-io-apic',
    templates: [
      'kernel BUG at arch/x86/kernel/apic/io_apic.c:{}',
      'BUG in setup_IO_APIC',
      'page fault in native_apic_mem_read',
    ],
    printedBy: 'setup_IO_APIC(): BUG_ON(mp_irqdomain_create()), 6.12 and newer; a page fault on 6.1',
    meaning:
      'The IO-APIC finds no parent interrupt domain, because x2APIC stayed on without remapping and without limit.',
    matters: 'Yes: the boot ends here.',
    why: 'x2APIC is locked in hardware and could not be switched off.',
    check: '"Cannot disable locked x2apic" before it.',
    change: LOCKED_CHANGE,
    rules: ['x2apic-locked'],
  },
  {
    name: 'cannot-enforce-nox2apic',
    templates: ['Apicid: {}, cannot enforce nox2apic'],
    printedBy: 'setup_nox2apic()',
    meaning: 'nox2apic is ignored: the boot CPU has an APIC ID of 255 or above.',
    matters: 'Seldom: x2APIC stays on, which such a machine needs. Only the parameter is without effect.',
    why: 'Such an ID exists in x2APIC mode only.',
    check: 'cat /proc/cmdline.',
    change: 'Remove nox2apic.',
    rules: ['nox2apic-with-high-ids'],
  },
  {
    name: 'nox2apic-locked',
    templates: ["APIC locked in x2apic mode, can't disable"],
    printedBy: 'setup_nox2apic(), Linux 6.1 and newer',
    meaning: 'nox2apic is ignored: the CPU has locked x2APIC.',
    matters: 'Seldom: x2APIC stays on. Only the parameter is without effect.',
    why: 'IA32_XAPIC_DISABLE_STATUS has the lock bit set.',
    check: 'cat /proc/cmdline.',
    change: 'Remove nox2apic.',
    rules: ['nox2apic-with-high-ids', 'x2apic-locked'],
  },
  {
    name: 'x2apic-lock-mismatch',
    templates: ['x2apic lock mismatch between BSP and AP.'],
    printedBy: 'x2apic_setup(), Linux 6.1 and newer',
    meaning: 'Another CPU has x2APIC locked, the boot CPU has not.',
    matters:
      'Yes as a sign of faulty firmware: the CPUs are set up differently. Interrupts go on to work as long as the modes agree.',
    why: 'A firmware bug.',
    check: 'MSR 0xBD on each CPU.',
    change: 'A firmware update.',
    rules: [],
  },
  {
    name: 'x2apic-reenabled-on-resume',
    templates: ['x2apic: re-enabled by firmware during resume. Disabling'],
    printedBy: 'resume path, kernels with the fix of 2026',
    meaning:
      'Firmware switched x2APIC on during resume, though the kernel runs in xAPIC mode; the kernel switched it off again.',
    matters:
      'No on the kernels that print it: they mend it. On kernels that do not, interrupts are lost after resume.',
    why: 'Firmware does on resume what it did at boot. Kernels without the fix hang.',
    check: 'Whether the message is there after resume.',
    change: 'Nothing; on a kernel that hangs, update it.',
    rules: ['resume-turns-x2apic-on'],
  },
];
