/** What the golden sequences do not ask: numbers that are none, orders, and Hyper-V's stub. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { EINVAL, ENOSPC } from '../../../src/lib/errno.ts';
import { resumeIrqs } from '../../../src/linux/engine/cpuhotplug.ts';
import {
  allocIoapic,
  allocLegacy,
  allocMsi,
  cpuDown,
  cpuUp,
  createIrqLife,
  freeIrq,
  hasFlags,
  IrqFlag,
  type IrqLife,
  type LifecycleConfig,
  requestIrq,
  setAffinity,
  setAffinityUser,
} from '../../../src/linux/engine/irq.ts';
import { irqDoSetAffinity } from '../../../src/linux/engine/irq-affinity.ts';
import { allocDesc } from '../../../src/linux/engine/irq-desc.ts';
import { irqSetNoBalancing } from '../../../src/linux/engine/irq-manage.ts';
import { IrqTable } from '../../../src/linux/engine/irq-table.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';

const CPUS = 4;
const mask = (list: string) => CpuMask.parse(list, CPUS);

function alive(change: Partial<LifecycleConfig> = {}): IrqLife {
  const life = createIrqLife({
    nrCpus: CPUS,
    nodeOf: new Int32Array(CPUS),
    nrNodes: 1,
    irqRemap: () => true,
    nrLegacy: 16,
    defaultAffinity: CpuMask.full(CPUS),
    hkManaged: null,
    kernel: kernelProfile('6.12'),
    ia32: true,
    ...change,
  });
  for (let cpu = 1; cpu < CPUS; cpu++) cpuUp(life, cpu);
  return life;
}

describe('the table of interrupts', () => {
  test('lists low and high numbers ascending, and forgets those that are gone', () => {
    const table = new IrqTable();
    const numbers = [70_000, 3, 65_535, 65_536, 0];
    for (const irq of numbers) table.set(irq, allocDesc(irq, -1, mask('0'), 0, 0));
    expect(table.keys()).toEqual([0, 3, 65_535, 65_536, 70_000]);
    expect(table.size).toBe(5);
    for (const irq of numbers) expect(table.get(irq)?.irq).toBe(irq);
    expect([1, 65_534, 65_537].map((irq) => table.has(irq))).toEqual([false, false, false]);
    for (const irq of [65_535, 65_536, 99, 99_999]) table.delete(irq);
    expect(table.keys()).toEqual([0, 3, 70_000]);
  });
});

describe('interrupts that do not exist', () => {
  test('legacy pins are those of the PIC but the cascade', () => {
    const life = alive();
    expect([-1, 2, 16, 17].map((irq) => allocLegacy(life, irq, false))).toEqual(Array(4).fill(-EINVAL));
    expect(allocLegacy(life, 15, false)).toBe(0);
    expect(allocLegacy(alive({ nrLegacy: 0 }), 4, false)).toBe(-EINVAL);
  });

  test('every call says so', () => {
    const life = alive();
    expect(setAffinity(life, 24, mask('0'))).toBe(-EINVAL);
    expect(setAffinityUser(life, 24, mask('0'))).toBe(-EINVAL);
    expect(requestIrq(life, 24)).toBe(-EINVAL);
    expect(freeIrq(life, 24)).toBe(-EINVAL);
    irqSetNoBalancing(life, 24);
    expect(life.irqs.size).toBe(0);
  });

  test('one whose managed vectors are refused', () => {
    const life = alive();
    const managed = { node: 0, affinity: mask('1'), managed: true };
    let irq = 24;
    while (allocMsi(life, irq, managed) === 0) irq++;
    expect(allocMsi(life, irq, managed)).toBe(-ENOSPC);
    expect(life.irqs.has(irq)).toBe(false);
  });
});

describe('a mask that cannot be', () => {
  test('has no CPU that is online', () => {
    const life = alive();
    allocMsi(life, 24, { node: 0 });
    requestIrq(life, 24);
    cpuDown(life, 3);
    const d = life.irqs.get(24);
    expect(d && irqDoSetAffinity(life, d, mask('3'))).toBe(-EINVAL);
    expect(setAffinityUser(life, 24, mask('3'))).toBe(-EINVAL);
    expect(setAffinityUser(life, 24, mask('2-3'))).toBe(0);
    expect(d?.cpu).toBe(2);
  });

  test("reaches beyond Hyper-V's stub, for lines only", () => {
    const life = alive({ lineMask: mask('0-1') });
    allocIoapic(life, 24, 0);
    allocMsi(life, 25, { node: 0 });
    for (const irq of [24, 25]) requestIrq(life, irq);
    const line = life.irqs.get(24);
    expect([setAffinityUser(life, 24, mask('2')), setAffinityUser(life, 24, mask('1-2'))]).toEqual([
      -EINVAL,
      -EINVAL,
    ]);
    expect(line && irqDoSetAffinity(life, line, mask('1-2'))).toBe(-EINVAL);
    expect(setAffinityUser(life, 24, mask('1'))).toBe(0);
    expect(line?.cpu).toBe(1);
    expect(setAffinityUser(life, 25, mask('2'))).toBe(0);
  });
});

describe('interrupts that waited start in the order of their numbers', () => {
  /** Number 25 has lost its CPU before number 24 lost both. */
  function waiting(): IrqLife {
    const life = alive();
    allocMsi(life, 24, { node: 0, affinity: mask('1-2'), managed: true });
    allocMsi(life, 25, { node: 0, affinity: mask('1'), managed: true });
    for (const irq of [24, 25]) requestIrq(life, irq);
    cpuDown(life, 1);
    cpuDown(life, 2);
    expect([...life.shutDown].map(({ irq }) => irq)).toEqual([25, 24]);
    return life;
  }
  const vectors = (life: IrqLife) =>
    [24, 25].map((irq) => {
      const d = life.irqs.get(irq);
      return d && hasFlags(d, IrqFlag.started) ? d.vector : null;
    });

  test('when the CPU comes', () => {
    const life = waiting();
    cpuUp(life, 1);
    const [first, second] = vectors(life);
    expect(second).toBe((first ?? 0) + 1);
  });

  test('when the machine has woken up, not before', () => {
    const life = waiting();
    cpuUp(life, 1, true);
    expect(vectors(life)).toEqual([null, null]);
    resumeIrqs(life);
    const [first, second] = vectors(life);
    expect(second).toBe((first ?? 0) + 1);
    resumeIrqs(life);
    expect(vectors(life)).toEqual([first, second]);
  });
});

test('the last CPU stays, unless others run that interrupts cannot use', () => {
  const life = alive();
  for (const cpu of [3, 2, 1]) expect(cpuDown(life, cpu)).toBe(0);
  expect(cpuDown(life, 0)).toBe(-16);
  life.unusableVectors = 201;
  expect(cpuDown(life, 0)).toBe(-16);
  expect(cpuDown(life, 0, true)).toBe(0);
});
