/** What was done to the machine between two stages, played in the model. */

import { cpuSet } from '../../formats/linux-capture/cpu-set.ts';
import { tick } from '../../linux/engine/vector.ts';
import { offline, online, plug, unplug } from '../../linux/sim/events/hotplug.ts';
import { setAffinity } from '../../linux/sim/events/interrupts.ts';
import type { Outcome } from '../../linux/sim/events/stage.ts';
import { completeLate, playLate } from './late-devices.ts';
import { noteNumber, racing, skipNumbers } from './numbers.ts';
import { playChange, type Replay, readableMask } from './replay.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';
import type { TraceStep } from './trace.ts';

/** The log's name of an action → how its mark in the trace reads. */
const LOGGED: readonly (readonly [log: RegExp, mark: (match: RegExpExecArray) => string])[] = [
  [/^cpu(\d+) (offline|online): /, (match) => `${match[2]} cpu ${match[1]}`],
  [/^irq (\d+) smp_affinity_list=(\S+): /, (match) => `setaff irq ${match[1]} = ${match[2]}`],
];

/** What was done, as marks, with the result where the log has it: true for a refusal. */
interface Action {
  readonly mark: string;
  readonly refused: boolean;
}

function loggedActions(log: readonly string[]): Action[] {
  return log.flatMap((line) => {
    for (const [pattern, mark] of LOGGED) {
      const match = pattern.exec(line);
      if (match) return [{ mark: mark(match), refused: line.includes('REFUSED') }];
    }
    return [];
  });
}

/** APIC ID of a CPU as any stage shows it. */
function apicIdOf(stages: readonly CaptureStage[], cpu: number): number | undefined {
  return stages.map(({ apicIds }) => apicIds.get(cpu)).find((id) => id !== undefined);
}

/** CPUs that were plugged in since: their ID is fixed in newer kernels, and shows when they run in older ones. */
function playPlugging(
  replay: Replay,
  stage: CaptureStage,
  stages: readonly CaptureStage[],
  counter: Counter,
): void {
  const { enumeration } = replay.system;
  cpuSet(stage.tree, 'present')?.forEach((cpu) => {
    const slot = enumeration.cpus[cpu];
    if (!slot || slot.present) return;
    const apicId = slot.apicId ?? apicIdOf(stages, cpu);
    if (apicId === undefined) {
      replay.unplaced.add(cpu);
      counter.skip(stage.name, 'present CPUs', `CPU ${cpu} was plugged in, and nothing shows its APIC ID`);
      return;
    }
    plug(replay.stage, apicId, undefined);
  });
}

function playUnplugging({ stage, system }: Replay, { tree }: CaptureStage): void {
  const present = cpuSet(tree, 'present');
  if (!present) return;
  for (const { cpu } of system.enumeration.cpus.filter((slot) => slot.present)) {
    if (!present.test(cpu)) unplug(stage, cpu);
  }
}

function act(replay: Replay, mark: string): Outcome | null {
  const cpu = /^(offline|online) cpu (\d+)$/.exec(mark);
  if (cpu) {
    return (cpu[1] === 'offline' ? offline : online)(replay.stage, Number(cpu[2]));
  }
  const write = /^setaff irq (\d+) = (\S+)$/.exec(mark);
  const mask = write && readableMask(replay.system, write[2]);
  return mask ? setAffinity(replay.stage, { irq: Number(write[1]) }, mask.toArray()) : null;
}

const isCapture = (step: TraceStep, name: string): boolean =>
  step.kind === 'mark' && step.text === `capture ${name}`;

/** What the trace tells up to the mark that the stage itself left when its capture began. */
function stepsUpTo(steps: readonly TraceStep[], name: string): readonly TraceStep[] {
  const at = steps.findIndex((step) => isCapture(step, name));
  return at < 0 ? steps : steps.slice(0, at);
}

/** What happened behind that mark, while the stage was being captured. */
function stepsBehind(steps: readonly TraceStep[], name: string): readonly TraceStep[] {
  const at = steps.findIndex((step) => isCapture(step, name));
  return at < 0 ? [] : steps.slice(at + 1);
}

/** A move to a CPU came before its death, although the mark of what killed it is older: the mark goes behind it. */
function deathsLast(steps: readonly TraceStep[]): TraceStep[] {
  const order = [...steps];
  for (let at = order.length - 1; at >= 0; at--) {
    const step = order[at];
    const dying = step.kind === 'mark' ? /^offline cpu (\d+)$/.exec(step.text)?.[1] : undefined;
    if (dying === undefined) continue;
    const next = order.findIndex(({ kind }, index) => index > at && kind === 'mark');
    const between = order.slice(at + 1, next < 0 ? undefined : next);
    const last = between.findLastIndex((moved) => moved.kind === 'move' && moved.cpu === Number(dying));
    if (last >= 0) order.splice(at, last + 2, ...between.slice(0, last + 1), step);
  }
  return order;
}

/** Plays all that happened between `before` and `stage`. */
export function playEvents(
  replay: Replay,
  before: CaptureStage,
  stage: CaptureStage,
  stages: readonly CaptureStage[],
  counter: Counter,
): void {
  playPlugging(replay, stage, stages, counter);
  const actions = loggedActions(stage.log.slice(before.log.length));
  const own = stepsUpTo(stage.trace.steps, stage.name);
  const marks = stage.trace.steps.some(({ kind }) => kind === 'mark');
  const steps: readonly TraceStep[] = marks
    ? [...stepsBehind(before.trace.steps, before.name), ...own]
    : actions.map(({ mark }) => ({ kind: 'mark', text: mark }));
  const raced = racing(steps, ({ irq }) => replay.owner.get(irq)?.device);
  for (const step of deathsLast(steps)) {
    noteNumber(replay, stage, step, raced, counter);
    playLate(replay, stage, step);
    if (step.kind === 'move' || step.kind === 'settle') playChange(replay, step.kind, step.irq);
    if (step.kind !== 'mark') continue;
    tick(replay.system.life);
    const outcome = act(replay, step.text);
    const done = actions.findIndex(({ mark }) => mark === step.text);
    if (!outcome || done < 0) continue;
    const [{ refused }] = actions.splice(done, 1);
    const say = (no: boolean) => (no ? 'refused' : 'done');
    counter.compare(stage.name, 'refusals', step.text, say(outcome.refused), say(refused));
  }
  skipNumbers(replay.numbers, stage, counter);
  completeLate(replay, stage, counter);
  playUnplugging(replay, stage);
  tick(replay.system.life);
}
