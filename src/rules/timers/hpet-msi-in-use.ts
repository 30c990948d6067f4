/** R070: HPET channels with message interrupts where destinations are limited. */
import type { Rule } from '../rule.ts';

export const hpetMsiInUse: Rule = {
  name: 'hpet-msi-in-use',
  aliases: ['R070'],
  level: 'warning',
  summary: 'HPET timers may use message interrupts whose emulation must honour the extended destination ID.',
  explain: [
    "A HPET channel that can send message interrupts becomes a per-CPU timer when the CPU lacks ARAT. Linux 5.11 and newer writes the extended destination ID into the HPET's message register too; an emulator that does not pass bits 11:5 of the address on would deliver the tick to another CPU.",
    "This is what the mailing list asked for in October 2020: limit the HPET's interrupt domain, or disable the HPET or its message interrupts, wherever the extended ID is used. The proposal was withdrawn, and mainline has no limit.",
    'Change: QEMU keeps hpet.msi off by default; or boot with hpet=disable; or expose ARAT to the guest.',
  ],
  messages: ['hpet: {} channels of {} reserved for per-cpu timers'],
  check({ machine, apic }) {
    const { hpet, cmdline } = machine;
    if (
      !hpet.present ||
      !hpet.msi ||
      cmdline.hpetDisable ||
      apic.remapping === 'x2apic' ||
      apic.limit <= 0xfe
    )
      return [];
    return [
      {
        message: `HPET message interrupts are on while APIC IDs up to ${apic.limit} are in use: the emulator must pass the extended destination bits on`,
        cause: [
          'without remapping a HPET message carries its destination in the message itself, like any MSI',
        ],
        fix: ['kernel parameters: hpet=disable', 'QEMU: do not pass -global hpet.msi=on'],
        path: ['hpet'],
      },
    ];
  },
};
