/** One input of a run, made, played and timed. */
import { COMMAND_TARGETS } from './commands.ts';
import { OTHER_TARGETS } from './others.ts';
import { type Random, randomOf } from './random.ts';
import { SERVER_TARGETS } from './servers.ts';
import { STRANGER_TARGETS } from './strangers.ts';
import { SUPPORT_TARGETS } from './support.ts';
import type { Target } from './target.ts';
import { TEXT_TARGETS } from './texts.ts';
import { treeTargets } from './trees.ts';

/** What one input may cost at most: CPU time in ms, and resident memory of the process that plays it in MiB. */
export const BOUNDS = { cpuMs: 5000, memoryMiB: 512 } as const;

export interface Fault {
  readonly target: string;
  readonly index: number;
  readonly input: string;
  /** What went wrong, with its stack. */
  readonly message: string;
  /** The same for faults of the same cause. */
  readonly kind: string;
}

export interface Played {
  readonly target: string;
  readonly index: number;
  readonly isAccepted: boolean;
  /** By the clock: its CPU time is no more. */
  readonly ms: number;
  readonly fault?: Fault;
}

export async function allTargets(captures: string): Promise<readonly Target[]> {
  return [
    ...TEXT_TARGETS,
    ...OTHER_TARGETS,
    ...COMMAND_TARGETS,
    ...STRANGER_TARGETS,
    ...SERVER_TARGETS,
    ...SUPPORT_TARGETS,
    ...(await treeTargets(captures)),
  ];
}

function chosen(targets: readonly Target[], random: Random): Target {
  let at = random.below(targets.reduce((sum, { weight }) => sum + weight, 0));
  for (const target of targets) {
    at -= target.weight;
    if (at < 0) return target;
  }
  return targets[0];
}

/** Chance of the playing is not that of the making, so that a reduced input is played in the same way. */
const chanceOfPlay = (seed: number, index: number): Random => randomOf(seed ^ 0x5bd1e995, index);

/** The input of this number. */
export function inputOf(
  targets: readonly Target[],
  seed: number,
  index: number,
): { target: Target; input: string } {
  const random = randomOf(seed, index);
  const target = chosen(targets, random);
  return { target, input: target.make(random) };
}

/** The cause of a failure: the first line of its message without numbers and quoted texts, and the first place in the program. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at .*?([\w.-]+\.ts:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name}: ${error.message
    .replace(/\n[\s\S]*/, '')
    .replace(/"[^"]*"|\d+/g, '…')
    .slice(0, 120)} (${place})`;
}

/** Plays an input; undefined if nothing is wrong with what came of it. */
export async function failureOf(
  target: Target,
  input: string,
  seed: number,
  index: number,
): Promise<{ isAccepted: boolean; error?: unknown }> {
  try {
    return { isAccepted: await target.run(input, chanceOfPlay(seed, index)) };
  } catch (error) {
    return { isAccepted: false, error };
  }
}

export const peakMiB = (): number => process.resourceUsage().maxRSS / 1024;

/** CPU time of this process so far, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function faultOf(name: string, index: number, input: string, error: unknown): Fault {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { target: name, index, input, message, kind: `${name}: ${kindOf(error)}` };
}

/** Frames of the stack of what is thrown: to find them takes as long as a reader takes to refuse an input. */
const FRAMES = 30;

/** Makes and plays input number `index`. The clock only is read: what the system is asked for takes as long as a small input. */
export async function play(targets: readonly Target[], seed: number, index: number): Promise<Played> {
  const began = performance.now();
  const { target, input } = inputOf(targets, seed, index);
  Error.stackTraceLimit = 0;
  const { isAccepted, error } = await failureOf(target, input, seed, index);
  Error.stackTraceLimit = FRAMES;
  const played = { target: target.name, index, isAccepted, ms: performance.now() - began };
  if (error === undefined) return played;
  // Once more, for its stack.
  const again = await failureOf(target, input, seed, index);
  const fault = faultOf(target.name, index, input, again.error ?? new Error(`once only: ${error}`));
  return { ...played, fault };
}

/** The input of this number played again: the CPU time that it takes, and a fault where that is too much. */
export async function timed(
  targets: readonly Target[],
  seed: number,
  index: number,
): Promise<{ ms: number; fault?: Fault }> {
  const { target, input } = inputOf(targets, seed, index);
  const began = cpuMs();
  await failureOf(target, input, seed, index);
  const ms = cpuMs() - began;
  if (ms <= BOUNDS.cpuMs) return { ms };
  const message = `${Math.round(ms)} ms of CPU time, ${BOUNDS.cpuMs} at most`;
  return { ms, fault: { target: target.name, index, input, message, kind: `${target.name}: too slow` } };
}

/** The fault of an input that was played alone in its process; undefined if that took no more memory than it may. */
export function memoryFault(
  targets: readonly Target[],
  seed: number,
  index: number,
  memoryMiB: number,
): Fault | undefined {
  if (memoryMiB <= BOUNDS.memoryMiB) return undefined;
  const { target, input } = inputOf(targets, seed, index);
  const message = `${Math.round(memoryMiB)} MiB, ${BOUNDS.memoryMiB} at most`;
  return { target: target.name, index, input, message, kind: `${target.name}: too much memory` };
}
