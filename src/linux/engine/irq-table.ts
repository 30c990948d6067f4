/** The interrupts of a machine by number, as irq_to_desc() of kernel/irq/irqdesc.c finds them, listed by ascending number. */
import type { IrqDesc } from './irq-desc.ts';

/** Numbers from here on are rare: they are not in the array. */
const FAR = 1 << 16;

/** A map of interrupts whose low numbers are an array: an analysis asks several times for every interrupt. */
export class IrqTable {
  private readonly near: (IrqDesc | undefined)[] = [];
  private readonly far = new Map<number, IrqDesc>();

  get(irq: number): IrqDesc | undefined {
    return irq < FAR ? this.near[irq] : this.far.get(irq);
  }

  has(irq: number): boolean {
    return this.get(irq) !== undefined;
  }

  set(irq: number, d: IrqDesc): void {
    if (irq >= FAR) {
      this.far.set(irq, d);
      return;
    }
    // An array with holes is a slow one.
    while (this.near.length < irq) this.near.push(undefined);
    this.near[irq] = d;
  }

  delete(irq: number): void {
    if (irq >= FAR) this.far.delete(irq);
    else if (irq < this.near.length) this.near[irq] = undefined;
  }

  /** How many there are. */
  get size(): number {
    return this.values().length;
  }

  /** All interrupts, by ascending number. */
  values(): IrqDesc[] {
    const near = this.near.filter((d) => d !== undefined);
    if (this.far.size === 0) return near;
    return [...near, ...[...this.far.values()].sort((a, b) => a.irq - b.irq)];
  }

  /** Their numbers, ascending. */
  keys(): number[] {
    return this.values().map(({ irq }) => irq);
  }
}
