/** The JSON Schema of `irqsim irqs --format json`. Fields are only ever added. */
import { answerSchema } from './answer-schema.ts';
import { cpus, flag, list, number, object, orNull, text } from './schema-fields.ts';

export function irqsJsonSchema(): object {
  return answerSchema('interrupts of a machine', {
    interrupts: list(
      'Interrupts of devices and of the HPET, ascending',
      object('One interrupt', {
        irq: number('Its number'),
        device: text('Device; "hpet" for a channel of the HPET'),
        queue: orNull(number('The one queue that it serves; null: none, or several')),
        managed: flag('The kernel spreads it, and nobody else may move it'),
        affinity: cpus('CPUs of smp_affinity'),
        effective: number('The CPU that it goes to; of a stopped interrupt the first online CPU'),
        online: flag('That CPU runs'),
        reachable: flag('Messages of the device can carry the APIC ID of that CPU'),
        isolated: flag('isolcpus= or nohz_full= sets that CPU apart'),
        movable: flag(
          'A write to smp_affinity of an online CPU, or of those of --to, is taken, and the interrupt goes there',
        ),
        movableTo: cpus('Online CPUs to which it can be moved: with a free vector, and the one it is on'),
        errno: orNull(number('What the write gives instead, such as 1 for EPERM; null: it is taken', 1)),
      }),
    ),
  });
}
