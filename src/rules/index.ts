/** The rules, in the order findings of one level are shown. A new rule is one file and one line here. */
import { apicIdAboveLimit } from './apic-id-above-limit.ts';
import { bareMetalApicLimit } from './bare-metal-apic-limit.ts';
import { cpusShareQueues } from './cpus-share-queues.ts';
import { deviceWithoutQueue } from './device-without-queue.ts';
import { expectation } from './expectation.ts';
import { hpetMsiInUse } from './hpet-msi-in-use.ts';
import { hpetNotNeeded } from './hpet-not-needed.ts';
import { kernelPanics } from './kernel-panics.ts';
import { kernelTooOldForExtDest } from './kernel-too-old-for-ext-dest.ts';
import { managedVectorsWasted } from './managed-vectors-wasted.ts';
import { queueNeverStarts } from './queue-never-starts.ts';
import type { Rule } from './rule.ts';
import { sparseApicIds } from './sparse-apic-ids.ts';
import { unknownCpusInMasks } from './unknown-cpus-in-masks.ts';
import { vectorReservationFailed } from './vector-reservation-failed.ts';

export const RULES: readonly Rule[] = [
  kernelPanics,
  apicIdAboveLimit,
  bareMetalApicLimit,
  kernelTooOldForExtDest,
  sparseApicIds,
  deviceWithoutQueue,
  vectorReservationFailed,
  queueNeverStarts,
  cpusShareQueues,
  unknownCpusInMasks,
  managedVectorsWasted,
  hpetMsiInUse,
  hpetNotNeeded,
  expectation,
];

/** Finds a rule by its name or an alias such as R004; case does not matter. */
export function findRule(name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  return RULES.find(
    (rule) => rule.name === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** Every name and alias, for did-you-mean and for checking `expect.findings`. */
export const RULE_NAMES: readonly string[] = RULES.flatMap((rule) => [rule.name, ...rule.aliases]);
