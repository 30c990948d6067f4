/** R002, R003: the machine does not boot at all with this kernel. */
import { widerDestinations } from '../about/fixes.ts';
import type { Rule } from '../rule.ts';

export const kernelPanics: Rule = {
  name: 'kernel-panics',
  aliases: ['R002', 'R003'],
  level: 'error',
  summary: 'The kernel panics while it decides the APIC mode.',
  explain: [
    'When x2APIC may not be used (no interrupt remapping in x2APIC mode and no hypervisor that allows it) the kernel switches it off. It cannot if the boot CPU itself has an APIC ID of 255 or more, or if firmware locked x2APIC, and then it panics.',
    'Change: make interrupt remapping work in x2APIC mode (enable it in firmware, no opt-out, no intremap=off), or boot on a CPU with a low APIC ID.',
  ],
  messages: ['Cannot disable x2apic, id: {}', 'Cannot disable locked x2apic, id: {}'],
  check({ machine, apic }) {
    if (!apic.fatal) return [];
    return [
      {
        message: `the kernel panics at boot: ${apic.fatal.message}`,
        cause: [...apic.because.map((reason) => reason.text), apic.fatal.why],
        fix: widerDestinations(machine),
        path: apic.because.find((reason) => reason.path)?.path ?? ['remapping'],
      },
    ];
  },
};
