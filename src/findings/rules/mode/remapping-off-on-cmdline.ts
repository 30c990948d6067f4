/** intremap=off costs CPUs. */
import { gainedByParameters, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const remappingOffOnCmdline: Rule = {
  name: 'remapping-off-on-cmdline',
  aliases: ['R033'],
  level: 'warning',
  summary: 'intremap=off (nointremap) keeps CPUs offline that interrupt remapping would make reachable.',
  explain: [
    'intremap=off is often passed to work around old chipset errata or device assignment problems. It also takes away the only way to reach high APIC IDs on bare metal, and on a machine with a locked x2APIC it makes the kernel panic.',
    'Check: cat /proc/cmdline; chips in /proc/interrupts have no "IR-" prefix.',
    'Change: remove the parameter.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
  check({ machine }) {
    if (!machine.cmdline.intremapOff || !machine.remapping.enabled) return [];
    const gain = gainedByParameters(machine, { intremapOff: false });
    if (!isGain(gain)) return [];
    return [
      {
        message: `switching interrupt remapping off on the command line costs ${gainText(gain)}`,
        cause: ['the machine has interrupt remapping, and intremap=off or nointremap switches it off'],
        path: ['cmdline'],
      },
    ];
  },
};
