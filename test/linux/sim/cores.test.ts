/** Which CPUs are of one core, and of one L2 cache, whatever order firmware lists them in; and CPUs that are sent back. */
import { expect, test } from 'vitest';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import type { FirmwareCpu } from '../../../src/machine/machine.ts';
import { buildMachine, cpus, slots, type Wanted } from '../model/build-machine.ts';

function booted(wanted: Wanted) {
  const { stage } = bringToLife(buildMachine({ hpet: { present: false }, ...wanted }));
  if (!stage) throw new Error('the kernel panics');
  const { coreOf, spread, life, online } = stage.system;
  return { coreOf: [...coreOf], clusters: [...spread.clusters], life, online: String(online) };
}

const listed = (...ids: number[]): FirmwareCpu[] => ids.flatMap((id) => cpus(String(id)));

test('a core is the CPUs whose APIC IDs agree above the bits of threads', () => {
  expect(booted({ cpus: listed(0, 2, 1, 3, 5, 4), smtShift: 1 }).coreOf).toEqual([0, 1, 0, 1, 4, 4]);
  expect(booted({ cpus: listed(0, 1, 2, 3), smtShift: 0 }).coreOf).toEqual([0, 1, 2, 3]);
  expect(booted({ cpus: listed(3, 2, 1, 0), smtShift: 2 }).coreOf).toEqual([0, 0, 0, 0]);
});

test('a CPU whose APIC ID nobody knows is alone', () => {
  const wanted: Wanted = { platform: 'kvm', cpus: [...listed(0, 1), ...slots(2)], smtShift: 1 };
  expect(booted(wanted).coreOf).toEqual([0, 0, 2, 3]);
});

test('CPUs share an L2 cache with those of their core, or as many as firmware says', () => {
  const ofTwo = listed(0, 1, 2, 3).map((cpu) => ({ ...cpu, l2Shift: 2 }));
  const clusters = (of: FirmwareCpu[]) => {
    const { clusters: shared } = booted({ kernel: '7.3', cpus: of, smtShift: 1, cmdline: '' });
    const first = new Map(shared.map((group, cpu) => [group, cpu] as const).toReversed());
    return shared.map((group) => first.get(group));
  };
  expect(clusters(listed(0, 1, 2, 3))).toEqual([0, 0, 2, 2]);
  expect(clusters(ofTwo)).toEqual([0, 0, 0, 0]);
  expect(clusters([...ofTwo.slice(0, 2), ...listed(8, 9)])).toEqual([0, 0, 2, 2]);
});

test('second threads that nosmt sends back leave vectors behind as CPUs that went offline do', () => {
  const { life, online } = booted({ cpus: listed(0, 1, 2, 3), smtShift: 1, cmdline: 'nosmt' });
  expect(online).toBe('0,2');
  expect([0, 1, 2, 3].map((cpu) => life.matrix.initialized[cpu])).toEqual([1, 1, 1, 1]);
});
