/**
 * The public API: read a description, analyse it, and the engine's main functions. Everything is pure; reading
 * files is the caller's business.
 */
import { DRIVERS } from './drivers/index.ts';
import type { Machine } from './machine/machine.ts';
import { normalise } from './machine/normalise.ts';
import { applySets } from './machine/set.ts';
import { POLICY_NAMES } from './policy/index.ts';
import { readNative } from './readers/native.ts';
import { RULE_NAMES } from './rules/index.ts';

export { type Analysis, analyze, type Summary, type Verdict } from './analyze.ts';
export {
  type AffinityDescriptor,
  type AffinityResult,
  irqCalcAffinityVectors,
  irqCreateAffinityMasks,
  maskOf,
} from './engine/affinity.ts';
export type { SpreadCpus } from './engine/spread-cpus.ts';
export { CpuMask } from './lib/cpumask.ts';
export { type Kernel, kernelProfile } from './machine/kernel.ts';
export { InputError } from './machine/locate.ts';
export type { Machine } from './machine/machine.ts';
export { machineJsonSchema } from './machine/schema.ts';
export type { Finding, Level } from './rules/rule.ts';
export type { DeviceRun, Health, QueueRow, Run } from './sim/run.ts';

const KNOWN = { drivers: [...DRIVERS.keys()], policies: POLICY_NAMES, rules: RULE_NAMES };

/**
 * Reads a machine description (YAML or JSON text). `file` names it in messages and locations; `set` holds
 * `KEY=VALUE` assignments to apply first. Throws InputError with every problem found.
 */
export async function readMachine(text: string, file = '-', set: readonly string[] = []): Promise<Machine> {
  const { value, locate } = applySets(await readNative(text, file), set);
  return normalise(value, file, locate, KNOWN);
}
