/** Why an entry of firmware's list has no CPU, word for word (docs/model/enumeration.md). */
import { describe, expect, test } from 'vitest';
import { enumerate } from '../../../src/linux/model/enumerate.ts';
import { handOver } from '../../../src/linux/model/handover.ts';
import type { FirmwareCpu } from '../../../src/machine/machine.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

const HIGH = cpus('0-1,0x100');

describe('entries without a CPU', () => {
  const ignored = (wanted: Wanted) => {
    const machine = buildMachine(wanted);
    return enumerate(machine, handOver(machine)).ignored.map(({ apicId, why, reason }) => [
      apicId,
      why,
      reason,
    ]);
  };
  const wide = (list: string): FirmwareCpu[] => cpus(list).map((cpu) => ({ ...cpu, x2apicEntry: true }));
  const LIMIT = (n: number) => `the limit of ${n} CPU${n === 1 ? '' : 's'} was reached before it`;
  const TOO_BIG = 'the kernel takes no APIC ID above 32767';

  test.each<[Wanted, (readonly [number, string, string])[]]>([
    [
      { cmdline: 'nolapic', cpus: cpus('0-1') },
      [[1, 'no-apic', 'the kernel runs without the local APIC, on the boot CPU alone']],
    ],
    [
      { kernelConfig: { x2apic: false }, cpus: HIGH, x2apic: { firmware: false } },
      [[256, 'no-x2apic-support', 'the kernel is built without x2APIC support, which x2APIC entries need']],
    ],
    [
      { cpus: [...cpus('0'), ...wide('1')] },
      [[1, 'shadowed', 'firmware lists it in an x2APIC entry, and other CPUs in xAPIC entries']],
    ],
    [{ cpus: [...cpus('0'), ...wide('0')] }, [[0, 'duplicate', 'an xAPIC entry lists its APIC ID']]],
    [
      { cpus: HIGH, x2apic: { firmware: false } },
      [
        [
          256,
          'x2apic-off',
          'x2APIC is off while the kernel reads the CPU list, and APIC IDs of 255 and above need it',
        ],
      ],
    ],
    [
      { cpus: [...cpus('0'), ...cpus('8', 'absent')], firmware: { onlineCapable: false } },
      [[8, 'not-online-capable', 'firmware does not mark the absent CPU as Online Capable']],
    ],
    [{ platform: 'kvm', cpus: cpus('0-1'), cmdline: 'nr_cpus=1' }, [[1, 'limit', LIMIT(1)]]],
    [
      { platform: 'kvm', cpus: cpus('0-3'), cmdline: 'nr_cpus=2' },
      [
        [2, 'limit', LIMIT(2)],
        [3, 'limit', LIMIT(2)],
      ],
    ],
    [{ platform: 'kvm', cpus: cpus('0,32768') }, [[32768, 'too-big', TOO_BIG]]],
    [{ platform: 'kvm', kernel: '6.1', cpus: cpus('0,32768') }, [[32768, 'too-big', TOO_BIG]]],
    [{ platform: 'kvm', cpus: cpus('0,32767') }, []],
    [{ platform: 'kvm', kernel: '6.1', cpus: cpus('0,32767') }, []],
    [
      {
        kernel: '6.12.60',
        packageShift: 2,
        cpus: [...cpus('0-2'), ...cpus('3', 'absent'), ...cpus('4', 'absent')],
      },
      [
        [
          3,
          'present-package',
          'on bare metal the kernel takes no absent CPU of a package that has a present one',
        ],
      ],
    ],
  ])('%j', (wanted, rows) => {
    expect(ignored(wanted)).toEqual(rows);
  });
});

test('an absent CPU of a present package is told once, and all such are counted', () => {
  const machine = buildMachine({
    kernel: '6.12.60',
    packageShift: 2,
    cpus: [...cpus('0-1'), ...cpus('2-3', 'absent'), ...cpus('8', 'absent')],
  });
  const { messages } = enumerate(machine, handOver(machine));
  expect(messages.filter((line) => /package|Rejected|Allowing/.test(line))).toEqual([
    'CPU topo: Ignoring hot-pluggable APIC ID 2 in present package.',
    'CPU topo: Allowing 2 present CPUs plus 1 hotplug CPUs',
    'CPU topo: Rejected CPUs 2',
  ]);
});
