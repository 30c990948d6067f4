/** APIC IDs that firmware lists twice: docs/model/enumeration.md#duplicates. */
import { expect, test } from 'vitest';
import { enumerate } from '../../../src/linux/model/enumerate.ts';
import { handOver } from '../../../src/linux/model/handover.ts';
import type { FirmwareCpu } from '../../../src/machine/machine.ts';
import { buildMachine, cpus } from './build-machine.ts';

function enumerated(kernel: string, list: readonly FirmwareCpu[]) {
  const machine = buildMachine({ kernel, platform: 'kvm', cpus: [...list] });
  const { cpus: numbered, ignored, scanMessages } = enumerate(machine, handOver(machine));
  return {
    ids: numbered.map(({ apicId }) => apicId),
    ignored: ignored.map(({ apicId, why, reason }) => `${apicId} ${why}: ${reason}`),
    scanMessages,
  };
}

const TWO = cpus('0-1');

test.each<[string, string, FirmwareCpu[], (number | null)[], string[]]>([
  ['an ID enabled twice', '6.12', cpus('1'), [0, 1], ['1 duplicate: firmware lists its APIC ID before']],
  ['an ID enabled twice', '6.6', cpus('1'), [0, 1, null], ['1 duplicate: firmware lists its APIC ID before']],
  ["the boot CPU's ID again", '6.12', cpus('0'), [0, 1], ['0 duplicate: firmware lists its APIC ID before']],
  ['an ID disabled twice: a phantom', '6.12', cpus('2,2', 'absent'), [0, 1, 2, null], []],
  ['an ID disabled twice', '6.6', cpus('2,2', 'absent'), [0, 1, null, null], []],
  ['an ID enabled and disabled: a phantom', '6.12', cpus('1', 'absent'), [0, 1, null], []],
  ['an ID enabled and disabled', '6.6', cpus('1', 'absent'), [0, 1, null], []],
])('%s on %s', (_, kernel, more, ids, ignored) => {
  // The scan of the namespace knows a processor by its ID, and says nothing.
  expect(enumerated(kernel, [...TWO, ...more])).toEqual({ ids, ignored, scanMessages: [] });
});
