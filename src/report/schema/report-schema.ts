/**
 * The JSON Schema (draft 2020-12) of one JSON report, schemaVersion 1: a line of `--format ndjson`, and an element of
 * the array that `--format json` writes for several inputs. Fields are only ever added, so objects stay open.
 */

import { LEVELS } from '../../findings/rules/rule.ts';
import { HEALTHS } from '../../linux/sim/run.ts';
import { DOMAIN_NAMES, INNER_DOMAINS } from '../../machine/interrupt-domains.ts';
import { machineSchema } from './answer-schema.ts';
import { device, lost, reachSets } from './device-schema.ts';
import { event } from './event-schema.ts';
import {
  choice,
  counts,
  cpus,
  type Fields,
  flag,
  list,
  number,
  object,
  orNull,
  type Schema,
  text,
} from './schema-fields.ts';

export const location = object('Where the value was written', {
  file: text('File, or the option of the command line'),
  line: number('Line', 1),
  column: number('Column in UTF-16 code units', 1),
});

const apic = object(
  'The mode of the local APICs',
  {
    mode: choice('Mode and destination format', [
      'xapic-flat',
      'xapic-physical',
      'x2apic-physical',
      'x2apic-cluster',
      'off',
    ]),
    remapping: choice('Interrupt remapping', ['none', 'xapic', 'x2apic']),
    extDestId: flag('The kernel uses the extended destination ID'),
    maxApicId: number('Highest APIC ID that may come online'),
    because: list('Reasons for the mode and the limit', { type: 'string' }),
  },
  { fatal: text('Why the kernel panics at boot') },
);

const cpuSets = object('The CPUs as the kernel numbered them', {
  possible: cpus('CPUs that could exist in this boot'),
  present: cpus('Plugged CPUs'),
  online: cpus('Running CPUs'),
  boot: number('The CPU the kernel started on'),
  ignored: list(
    'Firmware CPUs that got no number',
    object('', { apicId: orNull(number('APIC ID')), reason: text('Why') }),
  ),
  apicIds: list(
    'Runs of CPUs whose known APIC IDs follow each other',
    object('', {
      cpu: number('First CPU'),
      apicId: number('Its APIC ID'),
      count: number('Length of the run', 1),
    }),
  ),
});

const domain = object('One interrupt domain: a kind of message, or what messages pass', {
  name: choice('Domain', DOMAIN_NAMES),
  parent: orNull(choice('The domain above; null: none', INNER_DOMAINS)),
  maxApicId: number('Highest APIC ID that it can address, over the whole way up'),
  ...reachSets,
});

const vectors = object(
  'Vectors in all',
  {
    globalAvailable: { type: 'integer', description: 'Free vectors on online CPUs' },
    globalReserved: { type: 'integer', description: 'Reserved, not allocated' },
    totalAllocated: { type: 'integer', description: 'In use' },
  },
  {
    perCpu: list(
      'By CPU; left out with --no-vectors',
      object('', {
        cpu: number('CPU'),
        available: number('Free vectors'),
        allocated: number('Vectors in use'),
        managed: number('Vectors reserved for managed interrupts'),
        managedAllocated: number('Of these, in use'),
      }),
    ),
  },
);

const findingFields: Fields = {
  rule: text('Rule; irqsim explain RULE tells more'),
  level: choice('Level', LEVELS),
  message: text('What is wrong'),
  cause: list('Why', { type: 'string' }),
  fix: list('What to change, cheapest first', { type: 'string' }),
  cpus: cpus('CPUs that it is about; empty: none that has a number'),
  devices: list('Devices that it is about', { type: 'string' }),
  location: orNull(location),
};
const overridden: Fields = {
  overridden: object('Users gave it another level', {
    level: choice('The level it would have', LEVELS),
    location,
  }),
};
export const finding = object('Something that a rule found', findingFields, overridden);
export const suppressed = object(
  'A finding that does not count',
  {
    ...findingFields,
    suppression: object('Why not', {
      by: choice('What says so; comment: one of the input; level: a level that is off', [
        'description',
        'comment',
        'project',
        'baseline',
        'level',
      ]),
      reason: text('The reason given'),
      until: orNull(text('The last day, as 2027-03-31')),
      location,
    }),
  },
  overridden,
);

const hangs = list(
  'I/O that hangs, or hung between events; absent: none',
  object('', {
    device: text('Device'),
    queue: number('Queue that takes the requests'),
    cpus: cpus('CPUs whose requests were caught'),
    from: number('Number of the event that began it, from 1; 0: boot'),
    until: orNull(number('Number of the event that ended it; null: it lasts')),
  }),
);

const hpet = object('The HPET, where channels of it have interrupts of their own; absent: none has', {
  channels: number('Its channels in all'),
  timers: list(
    'Channels that have an interrupt; null: the timer of no CPU',
    object(
      '',
      {
        channel: number('Channel'),
        irq: number('Interrupt number'),
        cpu: orNull(number('The CPU that it is the timer of')),
        affinity: orNull(cpus('smp_affinity_list')),
        effective: orNull(number('effective_affinity_list')),
        vector: orNull(number('Vector on that CPU')),
      },
      { lost },
    ),
  ),
});

const onIsolated = (description: string): Schema =>
  list(
    description,
    object('', {
      device: text('Device; "hpet" for a channel of the HPET'),
      queue: orNull(number('The one queue that it serves; null: none, or several')),
      irq: number('Interrupt number'),
      cpu: number('The isolated CPU'),
    }),
  );

const isolation = object('What isolcpus= and nohz_full= keep free; absent: neither is given', {
  isolated: object('Possible CPUs that are set apart, by what from', {
    domain: cpus("The scheduler's balancing"),
    managed_irq: cpus('Managed interrupts, where the mask has another CPU'),
    nohz: cpus('Ticks'),
  }),
  housekeeping: cpus('Possible CPUs that are set apart from nothing'),
  defaultAffinity: cpus('CPUs that an ordinary interrupt may start on'),
  ignored: list(
    'Parameters that the kernel ignores',
    object('', { parameter: text('As written'), why: text('Why') }),
  ),
  onIsolated: object('Interrupts that go to isolated CPUs', {
    movable: onIsolated('Users may move them'),
    managed: onIsolated('The kernel manages them, and the mask has housekeeping CPUs'),
    bound: onIsolated('They can be nowhere else'),
  }),
  withoutHousekeeping: list(
    'Managed queues without a housekeeping CPU in their mask',
    object('', { device: text('Device'), queues: list('Queues', number('Queue')) }),
  ),
});

const imported = object('What came of a description of another product', {
  format: text('Kind of the input'),
  assumptions: list(
    'Defaults of products that were filled in',
    object('', {
      text: text('The default'),
      path: orNull(text('The value of the description that it made')),
    }),
  ),
  refusals: list(
    'What a hypervisor or its management layer would say',
    object('', {
      by: text('Product and version'),
      level: choice('error: it would not start', ['error', 'warning']),
      message: text('The exact text'),
      cause: list('Why', { type: 'string' }),
      fix: list('What to change', { type: 'string' }),
      location: orNull(location),
    }),
  ),
});

export const summary = object('The verdict', {
  verdict: choice('fail: there are errors; warn: there are warnings', ['pass', 'warn', 'fail']),
  errors: number('Findings of level error'),
  warnings: number('Findings of level warning'),
  notes: number('Findings of level note'),
  queues: counts('Queues by health', HEALTHS),
  suppressed: number('Findings that do not count'),
});

/** The schema, as `irqsim schema report` prints it. */
export function reportJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:irqsim:report:1',
    title: 'irqsim report',
    ...object(
      'The report of irqsim analyze on one machine. Fields are only ever added.',
      {
        schemaVersion: { const: 1 },
        tool: object('Who wrote it', { name: { const: 'irqsim' }, version: text('Version of irqsim') }),
        machine: machineSchema,
        apic,
        cpus: cpuSets,
        reach: object('The sets of the domain pci-msi, which multi-queue devices use', reachSets),
        domains: list('The interrupt domains, pci-msi first; those that messages pass come last', domain),
        devices: list('Devices, in probe order', device),
        vectors,
        events: list('Events after boot, in order', event),
        findings: list('Findings by level', finding),
        suppressed: list('Findings that users decided not to count', suppressed),
        messages: list('The lines that the kernel would log', { type: 'string' }),
        notModelled: list('Kernel parameters that are not modelled', { type: 'string' }),
        summary,
      },
      { imported, hangs, hpet, isolation },
    ),
  };
}
