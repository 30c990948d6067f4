/** What `whatif` and `diff` do once they have their machines: judge both sides, report, exit code. */

import type { Finding, Level } from '../../findings/rules/rule.ts';
import type { JudgeSettings } from '../../findings/triage/judge.ts';
import { judge } from '../../findings/triage/judge.ts';
import type { Machine } from '../../machine/machine.ts';
import { differenceOf } from '../../questions/whatif/difference.ts';
import { atLeast, newFindings } from '../../questions/whatif/findings.ts';
import { differenceWriter } from '../../report/difference/index.ts';
import type { Pair, Side } from '../../report/difference/pair.ts';
import { colourLevel, EXIT, type Io } from '../io.ts';
import type { DifferenceOptions } from '../options/difference-options.ts';
import { reportWidth } from '../options/machine-options.ts';
import { settingsOf } from '../project/settings.ts';
import { VERSION } from '../version.ts';

/** A machine, and where it comes from. */
export interface SideMachine {
  readonly side: Side;
  readonly machine: Machine;
}

/** Machines to compare; one of them may be missing. */
export interface MachinePair {
  readonly before: SideMachine | undefined;
  readonly after: SideMachine | undefined;
}

/** The machines as their report calls them: by input, and by name or number where the input holds several. */
export function titled(machines: readonly Machine[], changes: readonly string[]): SideMachine[] {
  return machines.map((machine, n) => {
    const source = machine.source === '-' ? 'standard input' : machine.source;
    const name = machine.name || `machine ${n + 1}`;
    return { side: { title: machines.length === 1 ? source : `${source} (${name})`, changes }, machine };
  });
}

/** Options that change a machine, as typed. */
export function changeTexts(
  options: Pick<DifferenceOptions, 'set' | 'event' | 'kernel' | 'policy'>,
): string[] {
  const { set, event, kernel, policy } = options;
  return [
    ...set.map((text) => `--set ${text}`),
    ...(kernel === undefined ? [] : [`--kernel ${kernel}`]),
    ...(policy === undefined ? [] : [`--policy ${policy}`]),
    ...event.map((text) => `--event ${text}`),
  ];
}

interface Judged {
  readonly pair: Pair;
  /** What was not there before. */
  readonly fresh: (threshold: Level) => readonly Finding[];
}

function judgePair({ before, after }: MachinePair, settings: JudgeSettings): Judged | null {
  if (before && after) {
    const difference = differenceOf(judge(before.machine, settings), judge(after.machine, settings));
    const pair = { before: before.side, after: after.side, difference };
    return { pair, fresh: (threshold) => newFindings(difference.findings, threshold) };
  }
  const alone = before ?? after;
  if (!alone) return null;
  const analysis = judge(alone.machine, settings);
  const fresh = (threshold: Level) =>
    before ? [] : analysis.findings.filter(({ level }) => atLeast(level, threshold));
  return { pair: { only: before ? 'before' : 'after', side: alone.side, analysis }, fresh };
}

/** Reports on all pairs, one after the other, and returns the exit code. */
export async function reportPairs(
  pairs: readonly MachinePair[],
  options: DifferenceOptions,
  io: Io,
): Promise<number> {
  const settings = settingsOf(options, io);
  const { format, failOn, verbose } = options;
  const writer = await differenceWriter(format, pairs.length, {
    version: VERSION,
    vectors: false,
    verbose: verbose === true,
    width: reportWidth(options, io),
    colour: colourLevel(io),
    quiet: io.quiet === true,
  });
  let code: number = EXIT.clean;
  for (const one of pairs) {
    const judged = judgePair(one, settings);
    if (!judged) continue;
    io.out(writer.add(judged.pair));
    if (failOn !== 'never' && judged.fresh(failOn).length > 0) code = EXIT.findings;
  }
  io.out(writer.end());
  return code;
}
