/**
 * The public API: read a description, analyse it, and the engine's main functions. Everything is pure; reading
 * files is the caller's business.
 */
import type { Machine } from './machine/machine.ts';
import { native } from './readers/native.ts';
import { machineOf, readSources } from './source/source.ts';

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

/**
 * Reads a machine description (YAML or JSON text). `file` names it in messages and locations; `set` holds
 * `KEY=VALUE` assignments to apply first. Throws InputError with every problem found.
 */
export async function readMachine(text: string, file = '-', set: readonly string[] = []): Promise<Machine> {
  const bytes = new TextEncoder().encode(text);
  const [source] = await readSources({ bytes, file, from: native.name });
  return machineOf(source, set);
}
