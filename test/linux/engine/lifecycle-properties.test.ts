import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import {
  allocIoapic,
  allocLegacy,
  allocMsi,
  cpuDown,
  cpuUp,
  createIrqLife,
  destroyIrq,
  drainLog,
  fire,
  freeIrq,
  hasFlags,
  IrqFlag,
  type IrqLife,
  requestIrq,
  setAffinity,
  setAffinityUser,
  tick,
} from '../../../src/linux/engine/irq.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { runs } from '../../budget.ts';

const CPUS = 5;
const IRQS = 12;

const cpu = fc.nat(CPUS - 1);
const irq = fc.nat(IRQS - 1);
/** Masks by number, so that interrupts share mask objects as in a real machine. */
const MASKS = Array.from({ length: 1 << CPUS }, (_, bits) =>
  CpuMask.of(
    CPUS,
    [...Array(CPUS).keys()].filter((each) => ((bits >>> each) & 1) === 1),
  ),
);
const mask = fc.constantFrom(...MASKS);
const act = <T extends string>(op: T, more: object = {}) => fc.record({ op: fc.constant(op), ...more });

const op = fc.oneof(
  { weight: 6, arbitrary: act('alloc', { irq, mask, managed: fc.boolean(), maskable: fc.boolean() }) },
  { weight: 1, arbitrary: act('legacy', { irq }) },
  { weight: 1, arbitrary: act('ioapic', { irq }) },
  { weight: 6, arbitrary: act('request', { irq }) },
  { weight: 1, arbitrary: act('free', { irq }) },
  { weight: 1, arbitrary: act('destroy', { irq }) },
  { weight: 3, arbitrary: act('user', { irq, mask }) },
  { weight: 2, arbitrary: act('driver', { irq, mask }) },
  { weight: 4, arbitrary: act('fire', { irq, old: fc.boolean() }) },
  { weight: 1, arbitrary: act('tick') },
  { weight: 4, arbitrary: act('up', { cpu }) },
  { weight: 4, arbitrary: act('down', { cpu }) },
);
type Op = {
  op: string;
  irq: number;
  cpu: number;
  mask: CpuMask;
  managed: boolean;
  maskable: boolean;
  old: boolean;
};

function newLife(irqRemap: boolean, kernel: string, housekeeping: CpuMask | null): IrqLife {
  return createIrqLife({
    nrCpus: CPUS,
    nodeOf: Int32Array.of(0, 0, 1, 1, -1),
    nrNodes: 2,
    irqRemap: () => irqRemap,
    nrLegacy: 16,
    defaultAffinity: CpuMask.full(CPUS),
    hkManaged: housekeeping,
    kernel: kernelProfile(kernel),
    ia32: true,
  });
}

/** The IO-APIC takes a pin over once, while the PIC's vector for it still stands as it did at boot. */
function bootVectorIsHeld(life: IrqLife, irq: number): boolean {
  const vector = 0x30 + irq;
  const allocated = (life.matrix.allocMap[vector >>> 5]! >>> (vector & 31)) & 1;
  return allocated === 1 && life.vectorTable[vector] === 0;
}

function run(life: IrqLife, each: Op): number {
  const exists = life.irqs.has(each.irq);
  if (exists && ['alloc', 'legacy', 'ioapic'].includes(each.op)) return 0;
  switch (each.op) {
    case 'alloc': {
      const { managed, maskable } = each;
      return allocMsi(life, each.irq, { node: 0, affinity: each.mask, managed, maskable });
    }
    case 'legacy':
      return bootVectorIsHeld(life, each.irq) ? allocLegacy(life, each.irq, each.irq === 0) : 0;
    case 'ioapic':
      return allocIoapic(life, each.irq, 1);
    case 'request':
      return requestIrq(life, each.irq);
    case 'free':
      return freeIrq(life, each.irq);
    case 'destroy':
      return freeIrq(life, each.irq) || destroyIrq(life, each.irq);
    case 'user':
      return setAffinityUser(life, each.irq, each.mask);
    case 'driver':
      return setAffinity(life, each.irq, each.mask);
    case 'fire':
      return fire(life, each.irq, each.old);
    case 'up':
      return cpuUp(life, each.cpu);
    case 'down':
      return cpuDown(life, each.cpu);
    default:
      return tick(life);
  }
}

const machine = fc.tuple(
  fc.boolean(),
  fc.constantFrom('5.4', '6.1', '6.12'),
  fc.oneof(fc.constant(null), fc.constant(MASKS[0b01101]!)),
  fc.array(op as fc.Arbitrary<Op>, { minLength: 20, maxLength: 100, size: 'max' }),
);

describe('the interrupt life cycle', () => {
  it('finds all interrupts that a CPU going down or up concerns', () => {
    fc.assert(
      fc.property(machine, ([remap, kernel, housekeeping, ops]) => {
        const life = newLife(remap, kernel, housekeeping);
        // Looks at every interrupt at every CPU hotplug, as the kernel does.
        const thorough = newLife(remap, kernel, housekeeping);
        for (const each of ops) {
          for (const d of thorough.irqs.values()) {
            thorough.unsettled.add(d);
            thorough.shutDown.add(d);
          }
          expect(run(life, each)).toBe(run(thorough, each));
          expect(drainLog(life)).toEqual(drainLog(thorough));
        }
        expect(life.irqs.values()).toEqual(thorough.irqs.values());
        expect(life.matrix).toEqual(thorough.matrix);
        expect(life.vectorTable).toEqual(thorough.vectorTable);
      }),
      { numRuns: runs(150) },
    );
  });

  it('never gives a vector to two interrupts, and never changes a mask of the caller', () => {
    const before = MASKS.map(String);
    fc.assert(
      fc.property(machine, ([remap, kernel, housekeeping, ops]) => {
        const life = newLife(remap, kernel, housekeeping);
        for (const each of ops) run(life, each);
        const held = new Set<string>();
        for (const d of life.irqs.values()) {
          if (d.vector === 0) continue;
          const place = `${d.cpu}:${d.vector}`;
          expect(held.has(place), place).toBe(false);
          held.add(place);
          const word = life.matrix.allocMap[d.cpu * 8 + (d.vector >>> 5)]!;
          expect((word >>> (d.vector & 31)) & 1, place).toBe(1);
          if (hasFlags(d, IrqFlag.managed)) expect(d.affinity.test(d.cpu), place).toBe(true);
        }
      }),
      { numRuns: runs(150) },
    );
    expect(MASKS.map(String)).toEqual(before);
  });
});
