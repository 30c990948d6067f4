/** The interrupts of the HPET's channels on the machine, held against those of the model. */
import { HPET_CHIP } from '../../formats/linux-capture/interrupts.ts';
import { textOf } from '../../formats/linux-capture/tree.ts';
import { formatList } from '../../lib/cpumask.ts';
import { selectChannels } from '../../linux/sim/hpet.ts';
import type { System } from '../../linux/sim/system.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';

const IRQS = 'sys/kernel/irq';

/** Numbers of all HPET messages, ascending; without sys/kernel/irq of those that somebody requested. */
export function hpetIrqs({ tree, lines }: Pick<CaptureStage, 'tree' | 'lines'>): number[] {
  const named = tree
    .list(IRQS)
    .filter((irq) => HPET_CHIP.test(textOf(tree, `${IRQS}/${irq}/chip_name`) ?? ''))
    .map(Number);
  const used = [...lines.values()].filter(({ chip }) => HPET_CHIP.test(chip)).map(({ irq }) => irq);
  return [...new Set([...named, ...used])].sort((a, b) => a - b);
}

/** How many channels got an interrupt, in a row of numbers. Each number by itself is compared with the trace. */
export function compareHpet(system: System, stage: CaptureStage, counter: Counter): void {
  const shown = hpetIrqs(stage);
  const [first = system.nextIrq] = shown;
  const predicted = selectChannels(system, first) ?? [];
  if (shown.length === 0 && predicted.length === 0) return;
  if (stage.tree.list(IRQS).length === 0) {
    counter.skip(stage.name, 'interrupt numbers', 'there is no sys/kernel/irq, which has the free ones too');
    return;
  }
  const text = (irqs: readonly number[]) => (irqs.length === 0 ? 'none' : formatList(irqs));
  counter.compare(
    stage.name,
    'interrupt numbers',
    'channels of the HPET',
    text(predicted.map(({ irq }) => irq)),
    text(shown),
  );
}
