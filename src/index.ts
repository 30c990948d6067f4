/**
 * The public API: read descriptions and configurations, analyse them, compare and explain, and the engine's main
 * functions. Everything is pure and runs wherever ES2023 runs, without Node; reading files is the caller's business.
 */
import type { Machine } from './machine/machine.ts';
import { native } from './readers/native.ts';
import { machineOf, readSources } from './source/source.ts';

export type { Advice, Answer as AdviceAnswer, FileFix } from './advise/advise.ts';
export { type AdviseRequest, adviseMachine } from './advise/advise-machine.ts';
export type { Change } from './advise/candidate.ts';
export {
  type Analysis,
  type AnalyzeOptions,
  analyze,
  type Summary,
  type SuppressedFinding,
  type Verdict,
} from './analyze.ts';
export {
  type AffinityDescriptor,
  type AffinityMasks,
  type AffinityResult,
  irqCalcAffinityVectors,
  irqCreateAffinityMasks,
  maskOf,
} from './engine/affinity.ts';
export { type Spread, type SpreadRequest, spreadAffinity } from './engine/plumbing/spread-affinity.ts';
export type { SpreadCpus } from './engine/spread-cpus.ts';
export type { MessageEntry } from './explain/entry.ts';
export { type Answer, type Explanation, explain } from './explain/explain.ts';
export { CpuMask } from './lib/cpumask.ts';
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
export type { Stack } from './readers/reader.ts';
export { jsonReport } from './report/json.ts';
export type { Facts, Finding, Level, Rule } from './rules/rule.ts';
export type { DeviceRun, EventRun, Health, InterruptRow, QueueRow, Run } from './sim/run.ts';
export { type ImportOptions, importMachine } from './source/import-machine.ts';
export { type BaselineDraft, draftBaseline, readBaseline } from './triage/baseline.ts';
export { judge } from './triage/judge.ts';
export type {
  Baseline,
  JudgeSettings,
  KnownFinding,
  ProjectSuppression,
  ProjectTriage,
} from './triage/settings.ts';
export { type Difference, differenceOf, nothingDiffers } from './whatif/difference.ts';
export type { SweptPoint } from './whatif/sweep.ts';
export { type SweepRequest, sweepMachine } from './whatif/sweep-machine.ts';

/**
 * Reads one machine description in irqsim's own form (YAML or JSON text). `file` names it in messages and
 * locations; `set` holds `KEY=VALUE` assignments to apply first. Throws InputError with every problem found.
 */
export async function readMachine(text: string, file = '-', set: readonly string[] = []): Promise<Machine> {
  const bytes = new TextEncoder().encode(text);
  const [source] = await readSources({ bytes, file, from: native.name });
  return machineOf(source, set);
}
