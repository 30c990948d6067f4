/** The interrupts of the HPET's channels on the machine, held against those of the model. */

import { kernelLog } from '../../formats/linux-capture/kernel-log.ts';
import { textOf } from '../../formats/linux-capture/tree.ts';
import { HPET_CHIP } from '../../formats/proc-interrupts/lines.ts';
import { formatList } from '../../lib/cpumask.ts';
import { selectChannels } from '../../linux/sim/hpet.ts';
import type { HpetChannel, System } from '../../linux/sim/system.ts';
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

/** The kernel log says how many channels the HPET has; else their number is a guess. */
function channelsTold({ tree }: Pick<CaptureStage, 'tree'>): boolean {
  return kernelLog(tree).find(/hpet0: \d+ comparators/) !== null;
}

/** The channels that have interrupts when the machine is played: those of the model, or where nobody told it their number those that show. */
export function playedChannels(system: System, stage: CaptureStage): readonly HpetChannel[] {
  const shown = hpetIrqs(stage);
  if (shown.length === 0) return [];
  const predicted = selectChannels(system, shown[0]) ?? [];
  return channelsTold(stage) ? predicted : predicted.filter(({ irq }) => shown.includes(irq));
}

/** How many channels got an interrupt, in a row of numbers. Each number by itself is compared with the trace. */
export function compareHpet(system: System, stage: CaptureStage, counter: Counter): void {
  const shown = hpetIrqs(stage);
  const [first = system.nextIrq] = shown;
  const predicted = selectChannels(system, first) ?? [];
  if (shown.length === 0 && predicted.length === 0) return;
  if (!channelsTold(stage)) {
    counter.skip(
      stage.name,
      'interrupt numbers',
      'the kernel log does not tell how many channels the HPET has',
    );
    return;
  }
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
