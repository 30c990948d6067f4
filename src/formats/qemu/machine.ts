/**
 * The way into the QEMU rules: a machine as it was written (`QemuMachine`, made by the command line parser and by
 * the readers of products that end in a QEMU command line) becomes a description with assumptions and refusals.
 */
import type { ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { describe } from './describe.ts';
import type { QemuMachine } from './facts.ts';
import { resolveMachine } from './resolve.ts';

export type {
  CpuPlace,
  Fact,
  Irqchip,
  NumaNode,
  NumaPlace,
  PluggedCpu,
  Props,
  QemuDevice,
  QemuMachine,
  SmpFacts,
} from './facts.ts';
export { NO_FACTS } from './facts.ts';

/**
 * Applies QEMU's defaults and checks (version `stack.qemu`, 10.0 if absent). What the product above QEMU assumed and
 * refused goes in front: it speaks first. Throws InputError for a machine beyond irqsim's limits.
 */
export function describeQemu(
  machine: QemuMachine,
  stack: Stack,
  above: Pick<ReadResult, 'assumptions' | 'refusals'> = { assumptions: [], refusals: [] },
): ReadResult {
  const resolved = resolveMachine(machine, stack);
  const { raw, assumptions, refusals } = describe(machine, resolved);
  // A product that refuses never starts QEMU; what irqsim has to say stays.
  const started = !above.refusals.some(({ level }) => level === 'error');
  const said = started ? refusals : refusals.filter(({ by }) => by === 'irqsim');
  return {
    raw,
    assumptions: [...above.assumptions, ...assumptions],
    refusals: [...above.refusals, ...said],
  };
}
