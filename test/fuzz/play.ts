/** One input of a run, made, played and measured. */
import { OTHER_TARGETS } from './others.ts';
import { type Random, randomOf } from './random.ts';
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
  readonly isAccepted: boolean;
  readonly cpuMs: number;
  /** Resident memory at most so far, in MiB: of this input only if it is more than before. */
  readonly memoryMiB: number;
  readonly fault?: Fault;
}

export async function allTargets(captures: string): Promise<readonly Target[]> {
  return [...TEXT_TARGETS, ...OTHER_TARGETS, ...(await treeTargets(captures))];
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

/** The cause of a failure: its message without numbers and quoted texts, and the first place in the program. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at .*?([\w.-]+\.ts:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name}: ${error.message.replace(/"[^"]*"|\d+/g, '…').slice(0, 120)} (${place})`;
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

/**
 * The same as a fault if the process took too much memory for it; `beforeMiB` is the peak before. Where other work is
 * done in the same process its peak says nothing of an input.
 */
export function boundedMemory(played: Played, beforeMiB: number, index: number, input: () => string): Played {
  const { target, memoryMiB, fault } = played;
  if (fault || memoryMiB <= BOUNDS.memoryMiB || beforeMiB > BOUNDS.memoryMiB) return played;
  const message = `${Math.round(memoryMiB)} MiB, ${BOUNDS.memoryMiB} at most`;
  return { ...played, fault: { target, index, input: input(), message, kind: `${target}: too much memory` } };
}

/** Makes, plays and measures input number `index`. */
export async function play(targets: readonly Target[], seed: number, index: number): Promise<Played> {
  const { target, input } = inputOf(targets, seed, index);
  const began = process.cpuUsage();
  const { isAccepted, error } = await failureOf(target, input, seed, index);
  const { user, system } = process.cpuUsage(began);
  const cpuMs = (user + system) / 1000;
  const memoryMiB = peakMiB();
  const played = { target: target.name, isAccepted, cpuMs, memoryMiB };
  const fault = (kind: string, message: string): Played => ({
    ...played,
    fault: { target: target.name, index, input, message, kind: `${target.name}: ${kind}` },
  });
  if (error !== undefined)
    return fault(kindOf(error), error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (cpuMs > BOUNDS.cpuMs)
    return fault('too slow', `${Math.round(cpuMs)} ms of CPU time, ${BOUNDS.cpuMs} at most`);
  return played;
}

export { kindOf };
