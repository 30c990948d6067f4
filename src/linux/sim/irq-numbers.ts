/** Interrupt numbers of devices: each interrupt gets the lowest free one behind those of the IO-APIC (irq_alloc_descs()). */

/** Which numbers are free. */
export interface IrqNumbers {
  /** From here on every interrupt number is free. */
  nextIrq: number;
  /** Numbers below that devices gave back, ascending. */
  readonly freeIrqs: number[];
}

/** Takes the lowest free number. */
export function takeIrq(numbers: IrqNumbers): number {
  return numbers.freeIrqs.shift() ?? numbers.nextIrq++;
}

/** Gives a number back that {@link takeIrq} gave. */
export function releaseIrq(numbers: IrqNumbers, irq: number): void {
  const { freeIrqs } = numbers;
  if (irq === numbers.nextIrq - 1) {
    numbers.nextIrq--;
    return;
  }
  const at = freeIrqs.findIndex((free) => free > irq);
  freeIrqs.splice(at < 0 ? freeIrqs.length : at, 0, irq);
}

/** Where a device's interrupts are: `firstIrq` and those behind it, or at the numbers listed. */
export interface IrqPlaces {
  readonly firstIrq: number;
  /** By vector, where the numbers are not consecutive. */
  readonly irqs?: readonly number[] | undefined;
}

/** Number of the interrupt with this vector index. */
export const irqOf = ({ firstIrq, irqs }: IrqPlaces, vector: number): number =>
  irqs === undefined ? firstIrq + vector : irqs[vector];

/** Places of numbers taken in this order; none: 0. */
export function placesOf(numbers: readonly number[]): IrqPlaces {
  const firstIrq = numbers[0] ?? 0;
  const inRow = numbers.every((irq, index) => irq === firstIrq + index);
  return inRow ? { firstIrq } : { firstIrq, irqs: numbers };
}
