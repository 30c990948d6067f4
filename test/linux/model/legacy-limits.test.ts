/** Before 6.9: how many CPUs are possible, what is said, and who has no number (docs/model/enumeration.md). */
import { expect, test } from 'vitest';
import { enumerate } from '../../../src/linux/model/enumerate.ts';
import { handOver } from '../../../src/linux/model/handover.ts';
import { buildMachine, cpus, slots, type Wanted } from './build-machine.ts';

function enumerated(wanted: Wanted) {
  const machine = buildMachine({ kernel: '6.1', platform: 'kvm', ...wanted });
  const { cpus: numbered, ignored, messages } = enumerate(machine, handOver(machine));
  return {
    ids: numbered.map(({ apicId, predictedApicId, present }) =>
      present ? apicId : `(${predictedApicId ?? '?'})`,
    ),
    nodes: numbered.map(({ node }) => node),
    said: messages.filter((line) => line.startsWith('smpboot:')).map((line) => line.slice(9)),
    ignored: ignored.map(({ apicId, why, reason }) => `${apicId} ${why}: ${reason}`),
  };
}

const THREE = [...cpus('0-2'), ...cpus('8-9', 'absent', 1)];

test.each<[string, Wanted, Partial<ReturnType<typeof enumerated>>]>([
  [
    'all',
    { cpus: THREE },
    {
      ids: [0, 1, 2, '(8)', '(9)'],
      nodes: [0, 0, 0, 1, 1],
      said: ['Allowing 5 CPUs, 2 hotplug CPUs'],
      ignored: [],
    },
  ],
  [
    'possible_cpus=4',
    { cpus: THREE, cmdline: 'possible_cpus=4' },
    {
      ids: [0, 1, 2, '(8)'],
      said: ['Allowing 4 CPUs, 1 hotplug CPUs'],
      ignored: ['9 limit: only 4 CPUs are possible'],
    },
  ],
  [
    'possible_cpus=2',
    { cpus: THREE, cmdline: 'possible_cpus=2' },
    {
      ids: [0, 1],
      said: ['Allowing 2 CPUs, 0 hotplug CPUs'],
      ignored: [2, 8, 9].map((id) => `${id} limit: only 2 CPUs are possible`),
    },
  ],
  [
    'possible_cpus=1',
    { cpus: cpus('0-1'), cmdline: 'possible_cpus=1' },
    { ids: [0], ignored: ['1 limit: only 1 CPU is possible'] },
  ],
  [
    'possible_cpus=8: numbers for nobody yet',
    { cpus: THREE, cmdline: 'possible_cpus=8' },
    {
      ids: [0, 1, 2, '(8)', '(9)', '(?)', '(?)', '(?)'],
      nodes: [0, 0, 0, 1, 1, -1, -1, -1],
      said: ['Allowing 8 CPUs, 5 hotplug CPUs'],
    },
  ],
  ['possible_cpus=0: one at least', { cpus: cpus('0'), cmdline: 'possible_cpus=0' }, { ids: [0] }],
  [
    'as many as the limit',
    { cpus: THREE, kernelConfig: { nrCpus: 5 } },
    { said: ['Allowing 5 CPUs, 2 hotplug CPUs'], ignored: [] },
  ],
  [
    'more than the limit',
    { cpus: THREE, kernelConfig: { nrCpus: 4 } },
    {
      ids: [0, 1, 2, '(8)'],
      said: ['5 Processors exceeds NR_CPUS limit of 4', 'Allowing 4 CPUs, 1 hotplug CPUs'],
      ignored: ['9 limit: only 4 CPUs are possible'],
    },
  ],
  [
    'slots whose APIC ID nobody knows',
    { cpus: [...cpus('0-1'), ...slots(2)] },
    { ids: [0, 1, '(?)', '(?)'], said: ['Allowing 4 CPUs, 2 hotplug CPUs'] },
  ],
  [
    'what has no number is listed as firmware lists it',
    { cpus: [...cpus('8', 'absent'), ...cpus('0-1'), ...cpus('7', 'absent')], cmdline: 'possible_cpus=1' },
    { ids: [0], ignored: [8, 1, 7].map((id) => `${id} limit: only 1 CPU is possible`) },
  ],
  [
    'an ID disabled twice: the second number is for nobody',
    { cpus: [...cpus('0-1'), ...cpus('2,2', 'absent', 1)] },
    { ids: [0, 1, '(2)', '(?)'], nodes: [0, 0, 1, -1], ignored: [] },
  ],
  [
    'an ID disabled, then enabled, counts for both',
    { cpus: [...cpus('0'), ...cpus('1', 'absent', 1), ...cpus('1')] },
    { ids: [0, 1, '(1)'], nodes: [0, 0, 1], ignored: [] },
  ],
  [
    'the scan of the namespace adds a plugged CPU that the list lost, and those expected there move on',
    {
      cpus: [...cpus('0'), ...cpus('300', 'online', 1), ...cpus('5-6', 'absent', 1)],
      x2apic: { firmware: false },
    },
    { ids: [0, 300, '(5)'], nodes: [0, 1, 1], ignored: ['6 limit: only 3 CPUs are possible'] },
  ],
])('%s', (_, wanted, expected) => {
  expect(enumerated(wanted)).toMatchObject(expected);
});
