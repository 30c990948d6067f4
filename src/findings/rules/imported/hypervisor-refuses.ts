/** What the hypervisor, or the layer that manages it, says to an imported configuration. */
import type { Refusal } from '../../../machine/machine.ts';
import type { RawFinding, Rule } from '../rule.ts';

const CAUSES: Readonly<Record<Refusal['level'], string>> = {
  error: 'it checks the configuration before the guest starts, and stops there',
  warning: 'it checks the configuration before the guest starts, says this and goes on',
};

function toFinding({ by, level, message, cause, fix, location }: Refusal): RawFinding {
  return {
    message: `${by} ${level === 'error' ? 'refuses this' : 'warns'}: ${message}`,
    cause: cause.length > 0 ? cause : [CAUSES[level]],
    fix: fix.length > 0 ? fix : ['irqsim explain with the message in quotes says what it means'],
    location,
    level,
  };
}

export const hypervisorRefuses: Rule = {
  name: 'hypervisor-refuses',
  aliases: ['R044'],
  level: 'error',
  summary: 'The hypervisor, or the layer that manages it, refuses the configuration or warns of it.',
  explain: [
    'Only for imported configurations (irqsim analyze guest.xml, a QEMU command line and so on). QEMU, libvirt and others check a configuration before the guest starts. The finding quotes the exact text of the version that counts.',
    'An error means that the guest would not start: what the report says of CPUs and queues is what would be if it did. A warning means that it starts all the same.',
    'The text depends on versions. The report lists under Assumed which ones were taken; --stack qemu=9.2,libvirt=11.0 takes others.',
    'Check: irqsim explain "the message" for what it means. Change: what the finding proposes, or a newer version of the product.',
  ],
  messages: [],
  check({ machine }) {
    return (machine.imported?.refusals ?? []).map(toFinding);
  },
};
