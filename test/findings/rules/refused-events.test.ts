/** Why an event is refused, as far as the facts go: what is not plugged, and what the kernel never took. */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const NATIVE = 'kernel: "6.12"\ncpus: [{ apicId: 0-1 }, { apicId: 4, state: absent }]\n';
const TABLE: readonly (readonly [machine: string, event: string, cause: string, fix: RegExp])[] = [
  [
    'platform: kvm\ntopology: { cores: 4, present: 2 }\n',
    '{ offline: 3 }',
    'the CPU is not plugged, so it has no directory in /sys/devices/system/cpu',
    /^plug the CPU first$/,
  ],
  [
    'topology: { cores: 4 }\ncmdline: nr_cpus=2\n',
    '{ offline: 3 }',
    'the kernel has only 2 possible CPUs',
    /CPUs that have a number/,
  ],
  [
    'topology: { cores: 4 }\ncmdline: nolapic\n',
    '{ offline: 3 }',
    'the kernel has only 1 possible CPU',
    /CPUs that have a number/,
  ],
  [
    `${NATIVE}firmware: { onlineCapable: false }\n`,
    '{ plug: { apicId: 4 } }',
    'firmware lists the APIC ID, and the kernel ignored the entry when it booted: such a CPU cannot be added',
    /ignores the entry/,
  ],
  [
    'kernel: "6.12"\nplatform: kvm\ntopology: { cores: 4, present: 2 }\n',
    '{ plug: { apicId: 77 } }',
    'the APIC ID was not in the firmware tables at boot: since 6.9 such a CPU cannot be added',
    /hot-plug slot/,
  ],
];

test.each(TABLE)('%j, %s', async (machine, event, cause, fix) => {
  const { findings } = await analyzeText(`${machine}events: [${event}]\n`);
  const refused = findings.find(({ rule }) => rule === 'event-refused');
  expect(refused?.cause).toEqual([cause]);
  expect(refused?.fix[0]).toMatch(fix);
});
