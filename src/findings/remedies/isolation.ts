/** Ordinary interrupts are told to keep to housekeeping CPUs. */

import { CpuMask } from '../../lib/cpumask.ts';
import { housekeepingSetup } from '../../linux/model/housekeeping.ts';
import { COSTS } from './parts/costs.ts';
import { parameterWords, splitParameter } from './parts/parameters.ts';
import type { Remedy } from './remedy.ts';

export const isolation: Remedy = {
  name: 'isolation',
  title: 'irqaffinity= with the housekeeping CPUs',
  cures: ['irqaffinity-meets-isolation'],
  changes({ analysis: { machine, enumeration } }) {
    const { masks } = housekeepingSetup(machine, enumeration);
    const kept = enumeration.possible.clone();
    for (const mask of Object.values(masks)) kept.andWith(mask);
    const list = CpuMask.and(kept, enumeration.present).toString();
    if (list === '') return [];
    const remove = parameterWords(machine.cmdline.text).filter(
      (word) => splitParameter(word).name === 'irqaffinity',
    );
    const word = `irqaffinity=${list}`;
    return [
      {
        about: 'parameter irqaffinity',
        title: 'give irqaffinity= the housekeeping CPUs',
        cost: COSTS.parameter,
        intents: [{ kind: 'parameters', add: [word], remove }],
        wording: { 'kernel parameters': [`${word} in place of ${remove.join(' ')}`] },
      },
    ];
  },
};
