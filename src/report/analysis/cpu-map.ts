/** The CPU map: what every CPU is, by number. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Mark, StateMap } from '../document/block.ts';

/** What a CPU can be, the best first. */
const MARKS = [
  { sign: 'O', meaning: 'online', tone: 'good' },
  { sign: '.', meaning: 'not plugged, reachable', tone: 'absent' },
  { sign: 'o', meaning: 'plugged, offline', tone: 'idle' },
  { sign: '?', meaning: 'unknown', tone: 'doubt' },
  { sign: 'x', meaning: 'not plugged, unreachable', tone: 'hurt' },
  { sign: 'X', meaning: 'plugged, unreachable', tone: 'bad' },
  { sign: '!', meaning: 'online but unreachable', tone: 'worst' },
] as const satisfies readonly Mark[];

const [ONLINE, SLOT, OFFLINE, UNKNOWN, SLOT_UNREACHABLE, PLUGGED_UNREACHABLE, ONLINE_UNREACHABLE] =
  MARKS.keys();

function stateOf(analysis: Analysis, cpu: number): number {
  const { run, domains } = analysis;
  const [{ unreachable, unknown }] = domains;
  const online = run.online.test(cpu);
  const present = run.present.test(cpu);
  if (unreachable.test(cpu))
    return online ? ONLINE_UNREACHABLE : present ? PLUGGED_UNREACHABLE : SLOT_UNREACHABLE;
  if (unknown.test(cpu)) return UNKNOWN;
  return online ? ONLINE : present ? OFFLINE : SLOT;
}

export function cpuMap(analysis: Analysis): StateMap {
  const states = Array.from({ length: analysis.enumeration.nrCpuIds }, (_, cpu) => stateOf(analysis, cpu));
  return { kind: 'map', things: 'CPUs', marks: MARKS, states };
}
