/** The JSON Schema of `irqsim replay --format json`. */
import { answerSchema } from './answer-schema.ts';
import { event } from './event-schema.ts';
import { cpus, list, number, object, orNull, type Schema, text } from './schema-fields.ts';

const numbered: Schema = {
  ...event,
  properties: { number: number('Number of the event', 1), ...(event.properties as object) },
  required: ['number', ...(event.required as readonly string[])],
};

export function replayJsonSchema(): object {
  return answerSchema('events, one by one', {
    events: list('Events in order', numbered),
    end: {
      type: 'object',
      description:
        'The machine after the last event: the fields of the report of analyze (irqsim schema report)',
    },
    boot: orNull(
      object('After boot; null: there are no events, or the kernel panics', {
        online: cpus('Running CPUs'),
        present: cpus('Plugged CPUs'),
        reachable: cpus('CPUs that interrupts reach'),
        unreachable: cpus('CPUs that they cannot reach'),
        unknown: cpus('CPUs of which it is not known'),
        totalAllocated: number('Vectors in use'),
      }),
    ),
    strip: orNull(
      object('States of all queues over time; null where boot is', {
        signs: { type: 'object', description: 'State by sign', additionalProperties: text('State') },
        devices: list(
          'Devices whose queues have the same history',
          object('', {
            devices: list('Names', text('Device')),
            queues: list(
              '',
              object('', {
                queues: text('Numbers, as 0-3,9'),
                states: text('A sign for boot and one for each event'),
              }),
            ),
          }),
        ),
      }),
    ),
  });
}
