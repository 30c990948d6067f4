import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EEXIST, EINVAL, ENODEV, ENOSPC } from '../../../src/lib/errno.ts';
import { refuseBringUp } from '../../../src/linux/model/apic.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { numberOf } from '../../../src/linux/model/enumeration.ts';
import { hotAdd, hotRemove } from '../../../src/linux/model/hotplug.ts';
import { runs } from '../../budget.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

function withHotplug(wanted: Wanted) {
  const machine = buildMachine({
    platform: 'kvm',
    firmware: { fadt: 300 },
    x2apic: { firmware: true },
    ...wanted,
  });
  const { enumeration, apic: decision } = earlyBoot(machine);
  return {
    machine,
    enumeration,
    add: (apicId: number, node?: number) => hotAdd(enumeration, machine, apicId, node),
    online: (cpu: number) => refuseBringUp(machine.kernel, enumeration.cpus[cpu], decision),
  };
}

/** `possible` APIC IDs in firmware order, those of `present` plugged. */
function some(possible: string, present: string) {
  const plugged = new Set(cpus(present).map((cpu) => cpu.apicId));
  return cpus(possible).map((cpu) => (plugged.has(cpu.apicId) ? cpu : { ...cpu, state: 'absent' as const }));
}

const A7 = some('0-0x1ff', '0,1,0xfe,0xff,0x100,0x123');

describe('A.6 numbers', () => {
  test.each([
    ['6.12.117', 9, 258],
    ['7.2', 9, 258],
    ['6.1.176', 6, 7],
  ])('%s: APIC ID 5 is CPU %i, 0x101 CPU %i', (kernel, first, second) => {
    const vm = withHotplug({ kernel, cpus: A7 });
    expect(vm.add(5)).toMatchObject({ cpu: first, errno: 0 });
    expect(vm.add(0x101)).toMatchObject({ cpu: second, errno: 0 });
    expect(vm.enumeration.present.test(second)).toBe(true);
    expect(vm.online(first)).toBeNull();
    expect(vm.online(second)).not.toBeNull();
  });

  test('captures b4 and b9: 240 and 288 of a 40 x 5 machine', () => {
    const of40x5 = Array.from({ length: 200 }, (_, i) => Math.floor(i / 5) * 8 + (i % 5)).join(',');
    const list = some(of40x5, '0-3,161,252,256,316');
    const new612 = withHotplug({ kernel: '6.12.117', cpus: list });
    expect(new612.add(240)).toEqual({ cpu: 153, errno: 0, messages: ['ACPI: CPU153 has been hot-added'] });
    expect(new612.add(288)).toMatchObject({ cpu: 181 });
    expect(new612.online(181)).toBe('smpboot: CPU 181 has invalid APIC ID 120. Aborting bringup');
    const old61 = withHotplug({ kernel: '6.1.176', cpus: list, platform: 'tcg' });
    expect(old61.add(240)).toEqual({ cpu: 8, errno: 0, messages: ['CPU8 has been hot-added'] });
    expect(old61.add(288)).toMatchObject({ cpu: 9 });
    expect(old61.online(9)).toBe('smpboot: native_cpu_up: bad cpu 9');
    const native612 = withHotplug({ kernel: '6.12.117', cpus: list, platform: 'tcg' });
    expect(native612.add(240)).toEqual({
      cpu: null,
      errno: -ENODEV,
      messages: ['ACPI: Unable to map lapic to logical cpu number'],
    });
  });

  test('capture b2c: numbers in the order of plugging, kept when unplugged', () => {
    const vm = withHotplug({ kernel: '6.1.176', cpus: some('0-15', '0-7') });
    expect([vm.add(0xd, 1).cpu, vm.add(8, 1).cpu, vm.add(9, 1).cpu]).toEqual([8, 9, 10]);
    expect(hotRemove(vm.enumeration, 8)).toBe(0);
    expect(vm.enumeration.present.toString()).toBe('0-7,9-10');
    expect(vm.enumeration.cpus[8].apicId).toBe(0xd);
    expect(vm.add(0xd, 1)).toMatchObject({ cpu: 8 });
    expect(vm.enumeration.cpus.slice(11).map((cpu) => cpu.predictedApicId)).not.toContain(0xd);
  });
});

describe('A.6 refusals', () => {
  test('6.9 and newer: unknown ID, no number left, already there', () => {
    const vm = withHotplug({ cpus: some('0-9', '0-3'), cmdline: 'possible_cpus=6' });
    expect(vm.add(5)).toMatchObject({ cpu: 5 });
    expect(vm.add(9)).toMatchObject({ cpu: null, errno: -ENOSPC });
    expect(vm.add(77)).toMatchObject({ cpu: null, errno: -ENODEV });
    expect(vm.add(40000)).toMatchObject({ cpu: null, errno: -ENODEV });
    expect(vm.add(5)).toEqual({ cpu: null, errno: -EEXIST, messages: [] });
    expect(hotRemove(vm.enumeration, 4)).toBe(-ENODEV);
    expect(hotRemove(vm.enumeration, 400)).toBe(-ENODEV);
  });
  test('6.8 and older: any ID while numbers last, then EINVAL with the limit', () => {
    const vm = withHotplug({ kernel: '6.1.176', cpus: some('0-5', '0-3') });
    expect(vm.add(77)).toMatchObject({ cpu: 4 });
    expect(vm.add(5)).toMatchObject({ cpu: 5 });
    expect(vm.add(4)).toEqual({
      cpu: null,
      errno: -EINVAL,
      messages: [
        'APIC: NR_CPUS/possible_cpus limit of 6 reached. Processor 8/0x4 ignored.',
        'ACPI: Unable to map lapic to logical cpu number',
      ],
    });
    hotRemove(vm.enumeration, 5);
    expect(vm.add(4).messages[0]).toBe(
      'APIC: NR_CPUS/possible_cpus limit of 6 reached. Processor 6/0x4 and the rest are ignored.',
    );
    // WARN_ONCE()
    expect(vm.add(78).messages).toEqual(['ACPI: Unable to map lapic to logical cpu number']);
    expect(vm.add(40000).messages[0]).toBe('ACPI: skipped apicid that is too big');
    expect(vm.add(5)).toMatchObject({ cpu: 5 });
  });
});

describe('the boot CPU has number 0', () => {
  test.each(['6.1.176', '6.12.117'])('%s: it is known, plugged or not', (kernel) => {
    const vm = withHotplug({ kernel, cpus: some('4-9', '4-7') });
    expect(vm.add(4)).toEqual({ cpu: null, errno: -EEXIST, messages: [] });
    expect(hotRemove(vm.enumeration, 0)).toBe(0);
    expect(vm.add(4, 3)).toMatchObject({ cpu: 0, errno: 0 });
    expect(vm.enumeration.cpus[0]).toMatchObject({ present: true, apicId: 4, node: 3 });
    expect(vm.enumeration.present.toString()).toBe('0-3');
  });
});

test('a CPU that is plugged on no stated node is on the node that firmware has it on', () => {
  for (const kernel of ['6.1.176', '6.12.117']) {
    const listed = some('0-3', '0-1').map((cpu, index) => ({ ...cpu, node: index === 0 ? 2 : index }));
    const vm = withHotplug({ kernel, cpus: listed });
    expect(vm.add(3)).toMatchObject({ errno: 0 });
    expect(vm.enumeration.cpus[numberOf(vm.enumeration, 3)].node).toBe(3);
    hotRemove(vm.enumeration, 0);
    expect(vm.add(0)).toMatchObject({ cpu: 0 });
    expect(vm.enumeration.cpus[0].node).toBe(2);
  }
});

test('6.8 and older: firmware may list a CPU first that is plugged last', () => {
  const listed = some('9,0-3', '0-3').map((cpu) => ({ ...cpu, node: cpu.apicId === 9 ? 1 : 0 }));
  const vm = withHotplug({ kernel: '6.1.176', cpus: listed });
  const { cpu } = vm.add(9);
  expect(vm.enumeration.cpus[cpu ?? -1]).toMatchObject({ node: 1, firmwareIndex: 0 });
});

test('any sequence keeps numbers and IDs one to one', () => {
  const op = fc.record({ add: fc.boolean(), which: fc.nat(40) });
  fc.assert(
    fc.property(
      fc.constantFrom('5.4', '6.1.176', '6.12.117', '7.2'),
      fc.array(op, { maxLength: 60 }),
      (kernel, ops) => {
        const vm = withHotplug({ kernel, cpus: some('0-31', '0-9') });
        for (const { add, which } of ops) {
          if (add) vm.add(which);
          else if (which !== 0) hotRemove(vm.enumeration, which);
          const slots = vm.enumeration.cpus;
          const known = slots.map((cpu) => cpu.apicId).filter((id) => id !== null);
          expect(new Set(known).size).toBe(known.length);
          for (const id of known) expect(slots[numberOf(vm.enumeration, id)].apicId).toBe(id);
          const listed = slots.map((cpu) => cpu.firmwareIndex).filter((index) => index !== null);
          expect(new Set(listed).size).toBe(listed.length);
          for (const cpu of slots) {
            expect(vm.enumeration.present.test(cpu.cpu)).toBe(cpu.present);
            if (cpu.present) expect(cpu.apicId).not.toBeNull();
          }
        }
      },
    ),
    { numRuns: runs(200) },
  );
});
