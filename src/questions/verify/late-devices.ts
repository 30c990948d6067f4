/**
 * Devices that were plugged in, or removed, after the boot. They are in later stages only: what they asked for
 * is taken from the machine, for their vectors count for what follows.
 */
import { irqFiles } from '../../formats/linux-capture/interrupts.ts';
import { numberOf } from '../../formats/linux-capture/tree.ts';
import { unremappedLine } from '../../formats/proc-interrupts/lines.ts';
import { allocMsi } from '../../linux/engine/irq-alloc.ts';
import { hasFlags, IrqFlag } from '../../linux/engine/irq-desc.ts';
import { destroyIrq, freeIrq, requestIrq } from '../../linux/engine/irq-manage.ts';
import { placeIn } from '../../linux/sim/domain-use.ts';
import { type Replay, readableMask } from './replay.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';
import type { TraceStep } from './trace.ts';

/** One step of a trace after the boot: interrupts that come into being, and those that go for good. */
export function playLate(replay: Replay, stage: CaptureStage, step: TraceStep): void {
  const { late, system } = replay;
  const { life } = system;
  if (step.kind === 'alloc') {
    if (!step.failed && !life.irqs.has(step.irq)) allocateLate(replay, stage, step.irq, step.managed);
  } else if (step.kind === 'request') {
    if (late.has(step.irq) && life.irqs.has(step.irq)) requestIrq(life, step.irq);
  } else if (step.kind === 'free' || step.kind === 'destroy') {
    const d = life.irqs.get(step.irq);
    if (!d || (step.kind === 'free' && !late.has(step.irq))) return;
    if (hasFlags(d, IrqFlag.requested)) freeIrq(life, step.irq);
    if (step.kind === 'destroy') destroyIrq(life, step.irq);
  }
}

/** By the names of chips: what is plugged in later is in no description. */
function isOutside({ devices, lines }: CaptureStage, irq: number): boolean {
  const { irqs } = devices.find((found) => found.irqs.includes(irq)) ?? { irqs: [irq] };
  return unremappedLine(lines, irqs) !== undefined;
}

function allocateLate(replay: Replay, stage: CaptureStage, irq: number, managed: boolean): void {
  const { tree } = stage;
  const { life } = replay.system;
  const node = numberOf(tree, `proc/irq/${irq}/node`) ?? -1;
  const affinity = managed ? readableMask(replay.system, irqFiles(tree, irq).affinity ?? '') : undefined;
  const place = placeIn(isOutside(stage, irq) ? 'pci-msi-unremapped' : 'pci-msi');
  const kind = { node, ...place, managed: affinity !== undefined };
  allocMsi(life, irq, { ...kind, ...(affinity ? { affinity } : {}) });
  replay.late.add(irq);
}

/** Interrupts that the stage shows and no trace told of; and the devices, by name. */
export function completeLate(replay: Replay, stage: CaptureStage, counter: Counter): void {
  const { life } = replay.system;
  for (const { device, irqs } of stage.devices) {
    const late = irqs.filter((irq) => replay.late.has(irq) || !life.irqs.has(irq));
    if (late.length === 0) continue;
    const why = `${device.name} was plugged in after the boot: its vectors and masks are taken from the machine`;
    counter.skip(stage.name, 'vectors granted', why);
    for (const irq of irqs) {
      const d = life.irqs.get(irq);
      if (!d) allocateLate(replay, stage, irq, false);
      const used = (stage.lines.get(irq)?.names ?? '') !== '';
      if (used && !(d && hasFlags(d, IrqFlag.requested))) requestIrq(life, irq);
    }
  }
}
