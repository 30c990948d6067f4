/** Firmware switches x2APIC on again at resume, and the kernel does not know. */
import type { Rule } from '../rule.ts';

export const resumeTurnsX2apicOn: Rule = {
  name: 'resume-turns-x2apic-on',
  aliases: ['R078'],
  level: 'warning',
  summary:
    'Firmware that turned x2APIC on at boot does so again at resume, where this kernel expects xAPIC mode.',
  explain: [
    'Firmware handed over in x2APIC mode and the kernel had to switch it off, for want of interrupt remapping. On resume from suspend firmware may switch it on again. A kernel without the fix of early 2026 goes on writing to the memory-mapped registers, which do nothing in x2APIC mode, and hangs.',
    'Check: "x2apic disabled" in the boot log of a machine that hangs after resume.',
    'Change: a newer kernel; enable interrupt remapping so that x2APIC stays on; or let firmware hand over in xAPIC mode.',
  ],
  messages: ['x2apic disabled'],
  check({ machine, apic }) {
    const resume = machine.events.find(({ kind }) => kind === 'resume');
    if (!resume || apic.fatal || !machine.x2apic.firmware || !apic.mode.startsWith('xapic')) return [];
    if (machine.kernel.has('x2apic-off-at-resume')) return [];
    return [
      {
        message:
          'the machine may hang after resume: firmware may switch x2APIC on again, and the kernel expects it off',
        cause: [
          ...apic.because.map((reason) => reason.text),
          `Linux ${machine.kernel.text} does not look at the APIC mode when it resumes`,
        ],
        path: resume.path,
      },
    ];
  },
};
