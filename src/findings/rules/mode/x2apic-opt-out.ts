/** Firmware asks the kernel not to use x2APIC. */
import { gainedBy, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const x2apicOptOut: Rule = {
  name: 'x2apic-opt-out',
  aliases: ['R030'],
  level: 'warning',
  summary: 'Firmware sets the x2APIC opt-out, so interrupt remapping runs in xAPIC mode.',
  explain: [
    'A flag in the DMAR table asks the operating system not to use x2APIC. Linux obeys: interrupt remapping runs in xAPIC mode with 8-bit destinations, and without a hypervisor that helps APIC IDs end at 254.',
    'Many firmwares set it for old operating systems; of 100 machines with a DMAR table 19 do. With few CPUs it costs nothing: then this is a note.',
    'Check: "x2apic is disabled because BIOS sets x2apic opt out bit" in the log; bit 1 of the flags in the DMAR table.',
    'Change: boot with intremap=no_x2apic_optout, or clear the x2APIC opt-out in firmware setup.',
  ],
  messages: [
    'x2apic is disabled because BIOS sets x2apic opt out bit.',
    "Use 'intremap=no_x2apic_optout' to override the BIOS setting.",
    'DMAR-IR: Enabled IRQ remapping in xapic mode',
  ],
  check({ machine, handover, apic }) {
    const { remapping, cmdline } = machine;
    const obeyed = remapping.optOut && remapping.vendor === 'intel' && !cmdline.noX2apicOptout;
    if (apic.remapping !== 'xapic' || !obeyed || !handover.x2apicSupported) return [];
    const gain = gainedBy(machine, { remapping: { ...remapping, optOut: false } });
    return [
      {
        message: `firmware opts out of x2APIC: remapping has 8-bit destinations; ${isGain(gain) ? `it costs ${gainText(gain)}` : 'no CPU is lost by it'}`,
        cause: ['the DMAR table has the X2APIC_OPT_OUT flag, and the kernel obeys it'],
        path: ['remapping', 'optOut'],
        level: isGain(gain) ? 'warning' : 'note',
      },
    ];
  },
};
