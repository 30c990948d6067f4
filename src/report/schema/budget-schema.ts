/** The JSON Schema of `irqsim budget --format json`. Fields are only ever added. */
import { EVENT_RESULTS } from '../../linux/sim/run.ts';
import { DRIVER_NAMES } from '../../machine/driver-names.ts';
import { answerSchema } from './answer-schema.ts';
import { choice, cpus, flag, list, number, object, orNull, type Schema, text } from './schema-fields.ts';

function texts(description: string): Schema {
  return list(description, { type: 'string' });
}

const driver = choice('Driver', DRIVER_NAMES);

const perCpu = list(
  'Vectors of possible CPUs; CPUs with the same account are together. managed + other + free = capacity',
  object('', {
    cpus: cpus('The CPUs'),
    online: flag('They run'),
    usable: flag('They run, and interrupts may use them'),
    capacity: number('Vectors of each for devices'),
    managed: number('Reserved for managed interrupts, in use or not'),
    managedInUse: number('Of these, in use'),
    other: number('In use by unmanaged interrupts'),
    free: number('Left; of an offline CPU: what it would have'),
  }),
);

const devices = list(
  'Devices in probe order, as they were when they were probed',
  object('', {
    name: text('Device'),
    driver,
    asked: number("Vectors that the driver's formula asks for"),
    granted: number('Vectors it got'),
    took: { type: 'integer', description: 'Vectors that online CPUs had less after it' },
    freeAfter: object('What it left on online CPUs', {
      lowestCpu: number('On the CPU that had the fewest'),
      cpu: orNull(number('That CPU, the first of several')),
      total: number('On all together'),
    }),
    fallback: orNull(text('How the driver got less than it asked for')),
    shortOf: flag('Vectors had run out for it'),
    fullCpu: orNull(number('The CPU whose vectors were used up')),
  }),
);

const fits = list(
  'Kinds of devices, and how many more fit: each kind by itself, probed behind all others at boot',
  object('', {
    name: text('What the devices are called without their numbers'),
    driver,
    node: orNull(number('Their NUMA node')),
    count: number('How many there are'),
    asks: number('Vectors that one more would ask for'),
    more: number('So many more get all they ask for'),
    atLeast: flag('More may fit: a description holds no more'),
    next: orNull(
      object('What the first gets that gets less', {
        granted: number('Vectors'),
        fallback: orNull(text('How its driver falls back')),
        fullCpu: orNull(number('The CPU whose vectors were used up')),
      }),
    ),
    each: orNull(number('Vectors that each of those there could have; null: not tried')),
  }),
);

function tried(description: string): Schema {
  return orNull(
    object(
      description,
      {
        cpus: cpus('The CPUs'),
        order: list('The same in the order they went', number('CPU')),
        refusedAt: orNull(number('The CPU that was refused; null: all went')),
        errno: number('What its offline gives; 0: none was refused'),
        messages: texts('What the kernel logs'),
      },
      { reason: orNull(text('Why it is refused')) },
    ),
  );
}

const offline = orNull(
  object('How that is known', {
    exact: flag('One more is refused, or there are no more; false: more may be accepted'),
    mayLeave: number('Online CPUs that the kernel takes offline at all'),
    mustStay: number('Unmanaged interrupts, which must have a vector on the CPUs that stay'),
    confirmed: tried(
      'The hardest set of that size, taken offline in the model; null: none, or too much work',
    ),
    refused: tried('The smallest set that was found to be refused; null: none'),
  }),
);

const suspended = orNull(
  object('The suspend in full', {
    result: choice('What came of it', EVENT_RESULTS),
    errno: number('What it gives'),
    reason: orNull(text('Why it is refused')),
    messages: texts('What the kernel logs'),
  }),
);

export function budgetJsonSchema(): object {
  return answerSchema('budget of vectors', {
    layout: object('The vectors of a CPU', {
      vectors: number('In all'),
      system: number("The system's own"),
      capacity: number('For devices'),
    }),
    perCpu,
    full: cpus('Online CPUs without a free vector'),
    devices,
    exhaustedBy: orNull(text('The first device that got too few because vectors had run out')),
    fits,
    offlineAtMost: orNull(
      number(
        'Any so many CPUs may go offline, one after the other in any order; null: the kernel panics at boot',
      ),
    ),
    offline,
    suspend: orNull(
      choice('Whether the machine can sleep; null: the kernel panics at boot', ['ok', 'refused']),
    ),
    suspended,
  });
}
