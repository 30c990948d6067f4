/** `expect:` of a description: what is asserted of the machine. */
import { choice, cpuList, int, list, object, optional, record, required, text } from './fields.ts';
import { LIMITS } from './limits.ts';
import { PROPERTY_NAMES } from './property-names.ts';

const health = int(0, LIMITS.vectors);

const property = text(`one of ${PROPERTY_NAMES.join(', ')}`, 100);

/** What `irqsim prove` proves. */
const survives = object(
  {
    offline: optional(int(0, LIMITS.cpus), 'At most so many CPUs go offline. Default: any number.'),
    among: optional(cpuList(), 'Only these CPUs go. Default: all that can.'),
    keep: optional(cpuList(), 'These CPUs stay. Default: none has to.'),
    plug: optional(choice(['none', 'any']), 'CPUs that may be plugged and come online besides.', 'none'),
    properties: required(
      list(property, 'a list of properties', { min: 1, max: 2 * PROPERTY_NAMES.length }),
      'Properties by name, such as no-queue-stops or "every-device-works 2".',
    ),
  },
  'a mapping such as { offline: 2, properties: [no-queue-stops] }',
);

const reachSets = {
  reachable: optional(cpuList(), 'CPUs that device interrupts can reach.'),
  unreachable: optional(cpuList(), 'CPUs that device interrupts cannot reach.'),
  unknown: optional(cpuList(), 'CPUs whose APIC ID is not known yet.'),
};
export const expectation = object(
  {
    ...reachSets,
    devices: optional(
      record(
        object(reachSets, 'a mapping with reachable, unreachable, unknown'),
        'a mapping such as { nvme0: { reachable: "0-7" } }',
      ),
      'The same of single devices, by their own interrupt domains; above, pci-msi counts.',
    ),
    possible: optional(cpuList(), 'Possible CPUs.'),
    present: optional(cpuList(), 'Present CPUs.'),
    online: optional(cpuList(), 'Online CPUs.'),
    queues: optional(
      object(
        {
          healthy: optional(health, 'Queues that work fully.'),
          idle: optional(health, 'Queues that wait for their first CPU.'),
          'at-risk': optional(health, 'Queues that may lose CPUs.'),
          degraded: optional(health, 'Queues that some of their CPUs cannot use.'),
          dead: optional(health, 'Queues that cannot work.'),
        },
        'a mapping such as { healthy: 64, dead: 0 }',
      ),
      'Numbers of queues by health.',
    ),
    findings: optional(
      list(text('the name of a rule'), 'a list of rule names'),
      'Exactly these rules report something.',
    ),
    verdict: optional(choice(['pass', 'warn', 'fail']), 'Verdict of the report.'),
    survives: optional(
      survives,
      'Properties that hold whichever CPUs go offline, in any order; each is proved.',
    ),
  },
  'a mapping of expectations',
);
