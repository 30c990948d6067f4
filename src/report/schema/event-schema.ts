/** The JSON Schema of an event of the report, and of what it changed. */
import { EVENT_RESULTS } from '../../linux/sim/run.ts';
import { choice, cpus, list, number, object, orNull, type Schema, text } from './schema-fields.ts';

const interruptChanges = (what: string): Schema =>
  list(
    `Interrupts that ${what}`,
    object('', {
      device: orNull(text('Device; null: one of the machine itself')),
      queue: orNull(number('The one queue it serves')),
      vector: orNull(number("Index in the device's MSI-X table")),
      irq: number('Interrupt number'),
      from: orNull(number('CPU before; null: it was stopped')),
      to: orNull(number('CPU after; null: it is stopped, or is lost where it was')),
    }),
  );

const changed = object(
  'What differs after the event',
  {
    started: interruptChanges('started'),
    shutDown: interruptChanges('were shut down'),
    moved: interruptChanges('moved'),
    cpus: object(
      'CPUs by the set they moved to',
      {},
      Object.fromEntries(
        ['online', 'offline', 'present', 'absent', 'reachable', 'unreachable'].map((set) => [
          set,
          cpus('CPUs'),
        ]),
      ),
    ),
    vectors: object('Vectors in use on all CPUs', {
      before: number('Before the event'),
      after: number('After it'),
    }),
  },
  {
    hanging: list(
      'Queues to which I/O began or ceased to hang',
      object('', {
        device: text('Device'),
        queue: number('Queue'),
        cpus: cpus('Online CPUs whose I/O hangs; empty: no longer'),
      }),
    ),
    lost: interruptChanges('stay where nothing arrives'),
    unlisted: number('Interrupts that changed and are not listed'),
    redirected: list(
      'Queues whose requests another queue takes now',
      object('', {
        device: text('Device'),
        queue: number('Queue'),
        to: orNull(number('The queue that serves; null: itself again')),
      }),
    ),
  },
);

export const event = object(
  'An event after boot',
  {
    event: { type: 'object', description: 'The event in the form the description has it' },
    result: choice('What became of it', EVENT_RESULTS),
    errno: number('Positive errno; 0: done'),
    messages: list('What the kernel logs', { type: 'string' }),
    changes: list('What changed, in words', { type: 'string' }),
    changed,
  },
  { errnoName: text('Name of the errno'), reason: text('Why it was refused') },
);
