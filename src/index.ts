/**
 * The public API: read descriptions and configurations, analyse them, compare and explain, and the engine's main
 * functions. Everything is pure and runs wherever ES2023 runs, without Node; reading files is the caller's business.
 */

import { native } from './formats/native/reader.ts';
import type { Machine } from './machine/machine.ts';
import { machineOf, readSources } from './questions/source.ts';

export {
  type Analysis,
  type AnalyzeOptions,
  analyze,
  type Summary,
  type SuppressedFinding,
  type Verdict,
} from './findings/analyze.ts';
export type { MessageEntry } from './findings/explain/entry.ts';
export { type Answer, type Explanation, explain } from './findings/explain/explain.ts';
export type { Change } from './findings/remedies/remedy.ts';
export type { Finding, Level, Rule } from './findings/rules/rule.ts';
export { type BaselineDraft, draftBaseline, readBaseline } from './findings/triage/baseline.ts';
export { judge } from './findings/triage/judge.ts';
export type {
  Baseline,
  JudgeSettings,
  KnownFinding,
  ProjectSuppression,
  ProjectTriage,
} from './findings/triage/settings.ts';
export type { Stack } from './formats/stack.ts';
export { CpuMask } from './lib/cpumask.ts';
export { type Spread, type SpreadRequest, spreadAffinity } from './linux/cases/spread-affinity.ts';
export {
  type AffinityDescriptor,
  type AffinityMasks,
  type AffinityResult,
  irqCalcAffinityVectors,
  irqCreateAffinityMasks,
  maskOf,
} from './linux/engine/affinity.ts';
export type { SpreadCpus } from './linux/engine/spread-cpus.ts';
export type { DeviceRun, EventRun, Health, InterruptRow, QueueRow, Run } from './linux/sim/run.ts';
/** `Facts`: the name of 0.2.0 and before. */
export type { Simulation, Simulation as Facts } from './linux/sim/simulation.ts';
export { type Kernel, kernelProfile, NEWEST_KERNEL, OLDEST_KERNEL } from './machine/kernel.ts';
export { InputError, type InputProblem } from './machine/locate.ts';
export type {
  Assumption,
  DeviceSpec,
  FirmwareCpu,
  Import,
  LevelOverride,
  Location,
  Machine,
  MachineEvent,
  Path,
  Platform,
  Refusal,
  Suppression,
} from './machine/machine.ts';
export { machineJsonSchema } from './machine/schema.ts';
export type { Advice, Answer as AdviceAnswer, FileFix } from './questions/advise/advise.ts';
export { type AdviseRequest, adviseMachine } from './questions/advise/advise-machine.ts';
export { type ImportOptions, importMachine } from './questions/import-machine.ts';
export { type Difference, differenceOf, nothingDiffers } from './questions/whatif/difference.ts';
export type { SweptPoint } from './questions/whatif/sweep.ts';
export { type SweepRequest, sweepMachine } from './questions/whatif/sweep-machine.ts';
export { jsonReport } from './report/json.ts';

/**
 * Reads one machine description in irqsim's own form (YAML or JSON text). `file` names it in messages and
 * locations; `set` holds `KEY=VALUE` assignments to apply first. Throws InputError with every problem found.
 */
export async function readMachine(text: string, file = '-', set: readonly string[] = []): Promise<Machine> {
  const bytes = new TextEncoder().encode(text);
  const [source] = await readSources({ bytes, file, from: native.name });
  return machineOf(source, set);
}
