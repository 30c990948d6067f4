import { describe, expect, test } from 'vitest';
import { bringUpCpus } from '../../../src/linux/model/bringup.ts';
import { enumerate } from '../../../src/linux/model/enumerate.ts';
import { handOver } from '../../../src/linux/model/handover.ts';
import { NO_LIMIT } from '../../../src/machine/apic-ids.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { cpuClock } from '../../budget.ts';
import { buildMachine, cpus, slots, type Wanted } from './build-machine.ts';

const PRESENT = new Set([0, 1, 0xfe, 0xff, 0x100, 0x123]);
/**
 * The example of docs/model/enumeration.md#numbers: QEMU q35 with 512 possible CPUs (APIC IDs 0-0xff and
 * 0x100-0x1ff), six plugged.
 */
const A7: Wanted = {
  platform: 'kvm',
  cpus: cpus('0-0x1ff').map((cpu) => (PRESENT.has(cpu.apicId ?? 0) ? cpu : { ...cpu, state: 'absent' })),
  x2apic: { firmware: true },
  firmware: { fadt: 300, onlineCapable: false },
};
const numbered = (machine: Machine) => enumerate(machine, handOver(machine));
const run = (wanted: Wanted) => numbered(buildMachine(wanted));
const topo = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('CPU topo:')).map((line) => line.slice('CPU topo: '.length));
const ids = (wanted: Wanted) => run(wanted).cpus.map((cpu) => cpu.apicId);
const presentIds = (wanted: Wanted) =>
  run(wanted)
    .cpus.filter((cpu) => cpu.present)
    .map((cpu) => cpu.apicId);

describe('A.7 worked examples', () => {
  test.each([
    ['6.12.117', '', ['Allowing 6 present CPUs plus 506 hotplug CPUs'], [0, 1, 0xfe, 0xff, 0x100, 0x123]],
    [
      '6.12.117',
      'nr_cpus=4',
      [
        'CPU limit of 4 reached. Ignoring further CPUs',
        '256 possible CPUs exceed the limit of 4',
        'Allowing 4 present CPUs plus 0 hotplug CPUs',
        'Rejected CPUs 256',
      ],
      [0, 1, 0xfe, 0xff],
    ],
    [
      '6.12.117',
      'possible_cpus=4',
      [
        'Limiting to 4 possible CPUs',
        'CPU limit of 4 reached. Ignoring further CPUs',
        '256 possible CPUs exceed the limit of 4',
        'Allowing 4 present CPUs plus 0 hotplug CPUs',
        'Rejected CPUs 256',
      ],
      [0, 1, 0xfe, 0xff],
    ],
    [
      '6.12.117',
      'nr_cpus=6',
      [
        'CPU limit of 6 reached. Ignoring further CPUs',
        '292 possible CPUs exceed the limit of 6',
        'Allowing 6 present CPUs plus 0 hotplug CPUs',
        'Rejected CPUs 220',
      ],
      [0, 1, 0xfe, 0xff, 0x100, 0x123],
    ],
    [
      '6.12.117',
      'nosmp',
      [
        'Limiting to 1 possible CPUs',
        'CPU limit of 1 reached. Ignoring further CPUs',
        'Allowing 1 present CPUs plus 0 hotplug CPUs',
        'Rejected CPUs 511',
      ],
      [0],
    ],
    ['6.12.117', 'nox2apic', ['Allowing 3 present CPUs plus 252 hotplug CPUs'], [0, 1, 0xfe]],
    ['6.12.117', 'nopv', ['Allowing 6 present CPUs plus 0 hotplug CPUs'], [0, 1, 0xfe, 0xff, 0x100, 0x123]],
    ['7.2', '', ['Allowing 6 present CPUs plus 506 hotplug CPUs'], [0, 1, 0xfe, 0xff, 0x100, 0x123]],
  ])('%s "%s"', (kernel, cmdline, lines, present) => {
    expect(topo(run({ ...A7, kernel, cmdline }).messages)).toEqual(lines);
    expect(presentIds({ ...A7, kernel, cmdline })).toEqual(present);
  });

  test('nox2apic says so, and ignores the three plugged entries above 254', () => {
    const { messages, ignored, scanMessages } = run({ ...A7, cmdline: 'nox2apic' });
    expect(messages).toEqual([
      'x2apic already enabled.',
      'x2apic disabled',
      ...Array(3).fill('ACPI: x2apic entry ignored'),
      'CPU topo: Allowing 3 present CPUs plus 252 hotplug CPUs',
    ]);
    expect(ignored.filter((cpu) => cpu.present).map((cpu) => cpu.apicId)).toEqual([0xff, 0x100, 0x123]);
    expect(ignored).toHaveLength(257);
    expect(scanMessages).toEqual(Array(3).fill('ACPI: Unable to map lapic to logical cpu number'));
  });

  test('6.1 forgets the absent IDs', () => {
    const found = run({ ...A7, kernel: '6.1.176' });
    expect(found.messages.at(-1)).toBe('smpboot: Allowing 512 CPUs, 506 hotplug CPUs');
    expect(found.cpus.slice(0, 7).map((cpu) => cpu.apicId)).toEqual([0, 1, 0xfe, 0xff, 0x100, 0x123, null]);
    expect(found.cpus[6].predictedApicId).toBe(2);
  });

  test('no signature: 6.12.117 has no hotplug CPUs, 6.1.176 has them', () => {
    expect(topo(run({ ...A7, platform: 'tcg' }).messages)).toEqual([
      'Allowing 6 present CPUs plus 0 hotplug CPUs',
    ]);
    expect(run({ ...A7, platform: 'tcg', kernel: '6.1.176' }).nrCpuIds).toBe(512);
  });
});

describe('A.2 which entries count', () => {
  const absent = (wanted: Wanted) =>
    run({ cpus: [...cpus('0-3'), ...cpus('4-7', 'absent')], ...wanted }).nrCpuIds - 4;
  test.each([
    ['5.10', 'bare-metal', 605, false, 4],
    ['5.17', 'bare-metal', 605, false, 4],
    ['5.18', 'bare-metal', 605, false, 0],
    ['6.1.20', 'bare-metal', 605, false, 0],
    ['6.1.176', 'bare-metal', 605, false, 0],
    ['6.6', 'bare-metal', 605, true, 4],
    ['6.6', 'bare-metal', 602, false, 4],
    ['6.6', 'kvm', 603, false, 0],
    ['6.12.76', 'bare-metal', 300, false, 4],
    ['6.12.77', 'bare-metal', 300, false, 0],
    ['6.12.77', 'kvm', 300, false, 4],
    ['6.18.16', 'tcg', 300, false, 4],
    ['6.18.17', 'tcg', 300, false, 0],
    ['7.2', 'other', 300, false, 0],
    ['7.2', 'jailhouse', 300, false, 4],
    ['7.2', 'bhyve', 300, false, 0],
    ['7.2', 'bare-metal', 605, true, 4],
  ] as const)('%s on %s, FADT %i, online capable %s', (kernel, platform, fadt, onlineCapable, count) => {
    expect(absent({ kernel, platform, firmware: { fadt, onlineCapable } })).toBe(count);
  });

  test('nopv turns a guest native, except where the hypervisor ignores it', () => {
    const old: Wanted = { firmware: { fadt: 300 }, cmdline: 'nopv' };
    expect(absent({ ...old, platform: 'kvm' })).toBe(0);
    expect(absent({ ...old, platform: 'jailhouse' })).toBe(4);
    expect(absent({ ...old, platform: 'xen-hvm' })).toBe(4);
  });

  test('firmware in xAPIC mode: entries from 255 on are ignored, one line for each that is plugged', () => {
    const found = run({
      cpus: [...cpus('0-1,255-256'), ...cpus('300', 'absent')],
      x2apic: { firmware: false },
    });
    expect(found.messages.filter((line) => line === 'ACPI: x2apic entry ignored')).toHaveLength(2);
    expect(found.ignored.map((cpu) => cpu.apicId)).toEqual([255, 256, 300]);
    expect(found.possible.toString()).toBe('0-1');
  });

  test('CONFIG_X86_X2APIC=n: one line for every entry from 255 on, plugged or not', () => {
    const found = run({
      cpus: [...cpus('0-1,255'), ...cpus('300-301', 'absent')],
      kernelConfig: { x2apic: false },
      x2apic: { firmware: false },
    });
    expect(found.messages.filter((line) => line === 'ACPI: x2apic entry ignored')).toHaveLength(3);
  });

  test('CONFIG_X86_X2APIC=n on an x2APIC machine runs one CPU', () => {
    const found = run({ cpus: cpus('0-1,300'), kernelConfig: { x2apic: false } });
    expect(found.messages).toEqual([
      'Kernel does not support x2APIC, please recompile with CONFIG_X86_X2APIC.',
      'Disabling APIC, expect reduced performance and functionality.',
      'CPU topo: Limiting to 1 possible CPUs',
      'CPU topo: Allowing 1 present CPUs plus 0 hotplug CPUs',
    ]);
    expect(found.ignored).toHaveLength(2);
  });

  test.each([
    ['6.6', [0, 300, 1, 301]],
    ['6.7', [0, 1, 300, 301]],
    ['6.12.12', [0, 1, 300, 301]],
    ['6.12.13', [0, 300, 1, 301]],
    ['6.13.1', [0, 1, 300, 301]],
    ['6.13.2', [0, 300, 1, 301]],
    ['6.14', [0, 300, 1, 301]],
  ])('%s orders mixed entry types', (kernel, order) => {
    expect(ids({ kernel, cpus: [...cpus('0,300'), ...cpus('1,301')] })).toEqual(order);
  });

  test('IDs from 32768 on are too big', () => {
    const modern = run({ cpus: cpus('0-1,32768,40000') });
    expect(topo(modern.messages)).toEqual([
      'APIC ID 8000 exceeds kernel limit of: 7fff',
      'Allowing 2 present CPUs plus 0 hotplug CPUs',
      'Rejected CPUs 2',
    ]);
    const old = run({ cpus: cpus('0-1,32768'), kernel: '5.10' });
    expect(old.messages).toContain('ACPI: skipped apicid that is too big');
    expect(old.nrCpuIds).toBe(2);
  });
});

describe('A.3 numbering', () => {
  test('the boot CPU is 0, present CPUs follow in entry order, absent ones by ascending ID, unknown ones last', () => {
    const list = [...cpus('9', 'absent'), ...slots(2), ...cpus('7,3'), ...cpus('4', 'absent'), ...cpus('5')];
    expect(ids({ cpus: list })).toEqual([7, 3, 5, 4, 9, null, null]);
    expect(ids({ cpus: list, kernel: '6.8' })).toEqual([7, 3, 5, null, null, null, null]);
    expect(run({ cpus: list, kernel: '6.8' }).cpus.map((cpu) => cpu.predictedApicId)).toEqual([
      null,
      null,
      null,
      9,
      null,
      null,
      4,
    ]);
  });

  test('a boot CPU that is not listed first keeps number 0', () => {
    const wanted = { cpus: cpus('0-3'), bootIndex: 2 };
    expect(ids(wanted)).toEqual([2, 0, 1, 3]);
    expect(ids({ ...wanted, kernel: '6.1.176' })).toEqual([2, 0, 1, 3]);
    expect(topo(run(wanted).messages).slice(0, 2)).toEqual([
      'Boot CPU APIC ID not the first enumerated APIC ID: 2 != 0',
      '[Firmware Bug]: APIC enumeration order not specification compliant',
    ]);
  });

  test('6.8 and older keep a slot for a boot CPU not seen yet', () => {
    const found = run({ cpus: cpus('0-3'), bootIndex: 3, kernel: '6.1.176', cmdline: 'nr_cpus=2' });
    expect(found.messages.slice(0, -2)).toEqual([
      'APIC: NR_CPUS/possible_cpus limit of 2 almost reached. Keeping one slot for boot cpu.  Processor 1/0x1 ignored.',
      'APIC: NR_CPUS/possible_cpus limit of 2 almost reached. Keeping one slot for boot cpu.  Processor 2/0x2 ignored.',
    ]);
    expect(found.messages.slice(-2)).toEqual([
      'smpboot: 4 Processors exceeds NR_CPUS limit of 2',
      'smpboot: Allowing 2 CPUs, 0 hotplug CPUs',
    ]);
    expect(found.cpus.map((cpu) => cpu.apicId)).toEqual([3, 0]);
  });
});

describe('A.4 limits and command line', () => {
  const plugged = [...cpus('0-7'), ...cpus('8-11', 'absent')];
  test.each([
    ['6.12.117', 'possible_cpus=20', 12],
    ['6.12.117', 'possible_cpus=10', 10],
    ['6.1.176', 'possible_cpus=20', 20],
    ['6.1.176', 'possible_cpus=10', 10],
    ['6.1.176', 'possible_cpus=5', 5],
    ['6.12.117', 'nr_cpus=9000', 12],
    ['6.1.176', 'maxcpus=0', 1],
    ['6.1.176', 'nosmp', 1],
    ['6.1.176', 'nolapic', 1],
    ['6.12.117', 'nolapic', 1],
    ['6.12.117', 'maxcpus=3', 12],
  ])('%s %s: %i possible', (kernel, cmdline, possible) => {
    const found = run({ kernel, cmdline, cpus: plugged });
    expect(found.nrCpuIds).toBe(possible);
    expect(found.possible.weight()).toBe(possible);
  });

  test('6.1 pads possible_cpus= with numbers that firmware knows nothing of', () => {
    const found = run({ kernel: '6.1.176', cmdline: 'possible_cpus=14', cpus: plugged });
    expect(found.cpus.slice(8).map((cpu) => cpu.predictedApicId)).toEqual([8, 9, 10, 11, null, null]);
    expect(found.cpus[13]).toMatchObject({ firmwareIndex: null, node: -1, present: false });
    expect(found.messages.at(-1)).toBe('smpboot: Allowing 14 CPUs, 6 hotplug CPUs');
  });

  test('6.1 nosmp', () => {
    expect(run({ kernel: '6.1.176', cmdline: 'nosmp', cpus: plugged }).messages).toEqual([
      'smpboot: 8 Processors exceeds max_cpus limit of 0',
      'smpboot: Allowing 1 CPUs, 0 hotplug CPUs',
    ]);
  });

  test('NR_CPUS limits like nr_cpus=', () => {
    expect(run({ cpus: plugged, kernelConfig: { nrCpus: 6 } }).nrCpuIds).toBe(6);
    expect(run({ cpus: plugged, kernelConfig: { nrCpus: 6 }, kernel: '6.1.176' }).nrCpuIds).toBe(6);
  });

  test('disable_cpu_apicid= drops a CPU before 6.9 only', () => {
    const wanted: Wanted = { cpus: cpus('0-3'), cmdline: 'disable_cpu_apicid=2' };
    expect(ids(wanted)).toEqual([0, 1, 2, 3]);
    const old = run({ ...wanted, kernel: '5.10' });
    expect(old.messages).toContain('APIC: Disabling requested cpu. Processor 2/0x2 ignored.');
    expect(old.cpus.map((cpu) => cpu.apicId)).toEqual([0, 1, 3, null]);
    // Dropped, yet possible: the namespace scan tries it again and is refused again.
    expect(old.scanMessages).toEqual([
      'APIC: Disabling requested cpu. Processor 4/0x2 ignored.',
      'ACPI: Unable to map lapic to logical cpu number',
    ]);
  });
});

describe('bring-up order', () => {
  const started = (wanted: Wanted, limit = NO_LIMIT) => {
    const machine = buildMachine(wanted);
    const rules = { mode: 'on', limit, parallelBringUp: false };
    return bringUpCpus(machine, enumerate(machine, handOver(machine)), rules).online.toString();
  };

  test('maxcpus= counts the boot CPU; offline CPUs use up an attempt', () => {
    expect(started({ cpus: cpus('0-7'), cmdline: 'maxcpus=3' })).toBe('0-2');
    expect(started({ cpus: cpus('0-7'), cmdline: 'maxcpus=0' })).toBe('0');
    const list = [...cpus('0-1'), ...cpus('2', 'offline'), ...cpus('3-4'), ...cpus('5', 'absent')];
    expect(started({ cpus: list })).toBe('0-1,3-4');
    expect(started({ cpus: list, cmdline: 'maxcpus=4' })).toBe('0-1,3');
    expect(run({ cpus: list }).present.toString()).toBe('0-4');
  });
  test('parallel bring-up takes first threads first', () => {
    expect(run({ cpus: cpus('0-5'), smtShift: 1 }).bringUp).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    const serial = [[0, 1, 2, 3, 4, 5]];
    expect(run({ cpus: cpus('0-5'), smtShift: 1, kernel: '6.4' }).bringUp).toEqual(serial);
    expect(run({ cpus: cpus('0-5'), smtShift: 1, cmdline: 'cpuhp.parallel=0' }).bringUp).toEqual(serial);
  });
  test('a refused first thread is an attempt of the first pass; the second fills up', () => {
    const list = cpus('0-3,162-163,256-257');
    const wanted = { cpus: list, smtShift: 1, cmdline: 'maxcpus=4' };
    expect(started({ ...wanted, kernel: '7.3' }, 255)).toBe('0-2,4');
    expect(started({ ...wanted, kernel: '7.3' })).toBe('0,2,4,6');
    expect(started({ ...wanted, kernel: '6.1' }, 255)).toBe('0-3');
    expect(started({ ...wanted, kernel: '7.3', cmdline: 'maxcpus=6' }, 255)).toBe('0-5');
  });
  test('nosmt sends second threads back', () => {
    const machine = buildMachine({ cpus: cpus('0-5'), smtShift: 1, cmdline: 'nosmt' });
    const rules = { mode: 'on', limit: NO_LIMIT, parallelBringUp: true };
    const { online, sentBack } = bringUpCpus(machine, enumerate(machine, handOver(machine)), rules);
    expect(online.toString()).toBe('0,2,4');
    expect(sentBack).toEqual([1, 3, 5]);
  });
});

test('32,768 CPUs take milliseconds', () => {
  const list = [...cpus('0-16383'), ...cpus('16384-32767', 'absent', 1)];
  for (const kernel of ['6.1.176', '7.2']) {
    const machine = buildMachine({ kernel, cpus: list, kernelConfig: { nrCpus: 32768 } });
    numbered(machine);
    const cpuSeconds = cpuClock();
    expect(numbered(machine).nrCpuIds).toBe(32768);
    expect(cpuSeconds()).toBeLessThan(10);
  }
});
