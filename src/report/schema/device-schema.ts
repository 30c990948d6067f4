/** The JSON Schema of a device of the report: its queues and interrupts. */
import { HEALTHS, LOSSES } from '../../linux/sim/run.ts';
import { DEVICE_DOMAINS } from '../../machine/interrupt-domains.ts';
import { choice, cpus, type Fields, flag, list, number, object, orNull, text } from './schema-fields.ts';

export const reachSets: Fields = {
  reachable: cpus('CPUs that interrupts can reach'),
  unreachable: cpus('CPUs that interrupts cannot reach'),
  unknown: cpus(
    'CPUs whose APIC ID is not known before they are plugged, or that may not count as hot-plug slots',
  ),
};

const interruptFields: Fields = {
  irq: number('Interrupt number'),
  vectorIndex: number("Index in the device's MSI-X table"),
  managed: flag('The kernel alone decides the affinity'),
  affinity: cpus('smp_affinity_list'),
  effective: number('effective_affinity_list; for a stopped interrupt the first online CPU'),
  vector: orNull(number('Vector on that CPU; null: none')),
};

export const lost = choice('Why the started interrupt arrives nowhere; absent: it arrives', LOSSES);

const pending = flag('The affinity holds from the next interrupt on; absent: it does');

const queue = object(
  'A queue; null where no vector could be had for it',
  {
    index: number('Number of the queue'),
    ...interruptFields,
    irq: orNull(interruptFields.irq),
    vectorIndex: orNull(interruptFields.vectorIndex),
    effective: orNull(interruptFields.effective),
    state: choice('State of the interrupt', ['started', 'shutdown', 'not-allocated']),
    health: choice('Health', HEALTHS),
  },
  {
    lost,
    pending,
    stopped: choice('Why it is shut down', ['never-started', 'shut-down']),
    msix: text('What the MSI-X entry of the stopped queue holds'),
    redirectedTo: number('The queue that serves its CPUs (policy redirect)'),
  },
);

export const device = object(
  'A device, with what the driver got',
  {
    name: text('Name'),
    driver: text('Driver profile'),
    domain: choice('The domain of its interrupts, by its name in domains', DEVICE_DOMAINS),
    vectorsAsked: number('Vectors that the driver asked for'),
    vectorsGranted: number('Vectors that it got'),
    health: choice('Health of the worst queue', HEALTHS),
    queues: list('Queues', queue),
    interrupts: list('Interrupts that serve no queue', object('', interruptFields, { lost, pending })),
  },
  {
    maps: list(
      "The block layer's maps; absent: no driver of the block layer",
      object('', {
        type: choice('Type of the requests', ['default', 'read', 'poll']),
        cpus: list(
          'Every possible CPU, by the queue that takes its requests',
          object('', {
            cpus: cpus('CPUs'),
            queue: number('Queue; polled queues are numbered after those with interrupts'),
            fallback: flag('They are in no mask of the type, and stay with the first queue of the device'),
          }),
        ),
      }),
    ),
    reach: object('The sets of its domain; absent: the kernel panics at boot', reachSets),
    behind: text('The VMD controller whose vectors carry its interrupts; they are not listed'),
    fallback: text('How the driver got less than it asked for'),
  },
);
