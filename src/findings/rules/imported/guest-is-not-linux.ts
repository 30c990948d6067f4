/** The input names another operating system than the one that is modelled. */
import type { Rule } from '../rule.ts';

export const guestIsNotLinux: Rule = {
  name: 'guest-is-not-linux',
  aliases: [],
  level: 'note',
  summary: 'The guest seems to run another operating system than Linux, which is what irqsim models.',
  explain: [
    'irqsim models the Linux kernel. APIC IDs, the hypervisor and what it refuses are the same for every guest; what becomes of CPUs, vectors and queues is what a Linux guest would do there.',
    'Check: the operating system that the configuration names (libosinfo in libvirt, ostype in Proxmox, hypervisor features that only Windows uses). Change: nothing, if the guest is meant to be that.',
  ],
  messages: [],
  check({ machine }) {
    if (machine.guestOs === null) return [];
    return [
      {
        message: `the guest seems to be ${machine.guestOs}; this report says what a Linux guest would do`,
        cause: ['the input says so; irqsim models Linux alone'],
        fix: ['nothing, if that is what you want to know; a Linux guest: take the setting out'],
        path: ['guestOs'],
      },
    ];
  },
};
