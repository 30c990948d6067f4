/** A capture held against the model: predict from firmware tables, kernel and command line, then compare. */

import { RULE_NAMES } from '../../findings/rules/index.ts';
import { describeMachine } from '../../formats/linux-capture/machine.ts';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { POLICY_NAMES } from '../../linux/policy/index.ts';
import { inputError } from '../../machine/locate.ts';
import type { Assumption, Machine } from '../../machine/machine.ts';
import { normalise } from '../../machine/normalise.ts';
import { applySets } from '../../machine/set.ts';
import { catchUp, compareApic, compareCpus, compareGrants, compareInterrupts } from './compare.ts';
import { playEvents } from './events.ts';
import { compareHpet } from './hpet-irqs.ts';
import { startReplay } from './replay.ts';
import { type CaptureStage, captureStages } from './stage.ts';
import { playTakenOffline } from './taken-offline.ts';
import { counter, type Tally } from './tally.ts';

export interface Verification extends Tally {
  readonly machine: Machine;
  readonly stages: readonly string[];
  readonly assumptions: readonly Assumption[];
}

const KNOWN = { policies: POLICY_NAMES, rules: RULE_NAMES };

/**
 * Verifies the capture in a tree; `source` names it. `set` changes the description first, as `--set` does.
 * Throws InputError for a tree without a machine, or one that cannot be described.
 */
export function verifyCapture(tree: Tree, source: string, set: readonly string[] = []): Verification {
  const stages = captureStages(tree, source);
  if (stages.length === 0) {
    throw inputError(source, 'this is not a captured machine: it has no proc/ and sys/ that irqsim can read');
  }
  const [first] = stages;
  const { raw, assumptions } = describeMachine(
    first.tree,
    first.dir === '' ? source : `${source}/${first.dir}`,
  );
  const { value, locate } = applySets(raw, set);
  const machine = normalise(value, source, locate, KNOWN);
  return { ...compareStages(machine, stages), machine, stages: stages.map(({ name }) => name), assumptions };
}

function compareStages(machine: Machine, stages: readonly CaptureStage[]): Tally {
  const count = counter();
  const [first] = stages;
  const replay = startReplay(machine, first, count);
  if (!replay) {
    count.compare(first.name, 'APIC mode', 'the machine', 'the kernel panics at boot', 'it runs');
    return count.tally();
  }
  compareApic(replay, first, count);
  compareHpet(replay.system, first, count);
  compareGrants(replay, first, count);
  playTakenOffline(replay, first, count);
  stages.forEach((stage, index) => {
    if (index > 0) playEvents(replay, stages[index - 1], stage, stages, count);
    catchUp(replay, stage);
    compareCpus(replay, stage, count);
    compareInterrupts(replay, stage, count);
  });
  return count.tally();
}
