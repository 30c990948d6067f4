/** A kernel built without x2APIC on a machine that needs it. */
import { apicDisabled } from '../../../linux/model/handover.ts';
import { numbersOf, presentAboveLimit, skippedByMode } from '../facts/cpus-above-limit.ts';
import { idsOf, ignoredPlugged, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const kernelWithoutX2apic: Rule = {
  name: 'kernel-without-x2apic',
  aliases: ['R046'],
  level: 'warning',
  summary: 'The kernel is built without x2APIC, and CPUs are lost by it.',
  explain: [
    'Without CONFIG_X86_X2APIC the kernel takes no APIC ID of 255 or above. If firmware hands over in x2APIC mode it cannot use the APIC at all: 6.1 and newer run on one CPU without message interrupts, older kernels panic; both are errors.',
    'Some hypervisors list every CPU as x2APIC, so that a small guest loses all but one. The other option of this kind, CONFIG_IRQ_REMAP, has a rule of its own: kernel-without-irq-remap.',
    'Check: zgrep X2APIC /proc/config.gz or /boot/config-*.',
    'Change: build with CONFIG_X86_X2APIC=y.',
  ],
  messages: [
    'Kernel does not support x2APIC, please recompile with CONFIG_X86_X2APIC.',
    'Disabling APIC, expect reduced performance and functionality.',
    "BIOS has enabled x2apic but kernel doesn't support x2apic, please disable x2apic in BIOS.",
    'ACPI: x2apic entry ignored',
  ],
  check(facts) {
    const { apic, machine } = facts;
    if (apicDisabled(machine) || machine.kernelConfig.x2apic) return [];
    const common = { path: ['kernelConfig', 'x2apic'] };
    const cause = apic.because.map((reason) => reason.text);
    if (apic.fatal) {
      const message = `the kernel panics at boot: ${apic.fatal.message}`;
      return [{ ...common, message, cause: [...cause, apic.fatal.why], level: 'error' }];
    }
    const lost = ignoredPlugged(facts, 'no-apic', 'no-x2apic-support');
    const why = [...cause, ...reasonsOf(lost)];
    if (apic.mode === 'off') {
      const others = lost.length === 0 ? '' : `; ${count(lost.length, 'plugged CPU')} ignored${idsOf(lost)}`;
      const message = `the kernel disables the local APIC: it runs on the boot CPU alone, without message interrupts${others}`;
      return [{ ...common, message, cause: why, cpus: presentAboveLimit(facts), level: 'error' }];
    }
    const skipped = skippedByMode(facts);
    if (skipped.length === 0) return [];
    const message = `${count(skipped.length, 'plugged CPU with an APIC ID', 'plugged CPUs with APIC IDs')} of 255 or above cannot be used: the kernel is built without x2APIC`;
    return [{ ...common, message, cause: why, cpus: numbersOf(facts, new Set(skipped)) }];
  },
};
