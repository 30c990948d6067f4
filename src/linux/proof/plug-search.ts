/** Every order of plugs and offlines, each simulated anew: for what no closed form decides. */
import type { MachineEvent } from '../../machine/machine.ts';
import type { Stage } from '../sim/events/stage.ts';
import type { Proving } from './answer.ts';
import { simulationCost } from './cost.ts';
import { type Plug, plugEvents } from './plugs.ts';
import type { State } from './property.ts';
import type { OfflineQuestion } from './question.ts';
import { faultAfter, type Subject } from './subject.ts';
import { offlines } from './usable-cpus.ts';

/** One thing that happens: a CPU goes, or one comes. */
type Move = { readonly goes: number } | { readonly comes: Plug };

/** The first events that break the property, with the fewest offlines; null: none up to `most` offlines does. */
export function* searchWithPlugs(
  subject: Subject,
  { stage }: State,
  question: OfflineQuestion,
  from: number,
  most: number,
): Proving<{ readonly events: readonly MachineEvent[] | null; readonly complete: boolean }> {
  const { threat, budget, property, asked } = question;
  const moves: Move[] = [
    ...threat.plugs.map((comes): Move => ({ comes })),
    ...threat.candidates.toArray().map((goes): Move => ({ goes })),
  ];
  const plugged = new Set(threat.plugs.map(({ cpu }) => cpu)).size;
  const progress = { property: property.name, size: 0, done: 0, of: most };
  const cost = simulationCost(subject);
  for (let size = from; size <= most; size++) {
    yield { ...progress, size, done: size };
    for (let coming = 0; coming <= plugged; coming++) {
      for (const sequence of sequences(moves, size, coming)) {
        const events = eventsOf(stage, sequence);
        if (budget.left < cost) return { events: null, complete: false };
        budget.left -= cost;
        if (faultAfter(subject, property, asked.amount, events) !== null) return { events, complete: true };
      }
    }
  }
  return { events: null, complete: true };
}

function eventsOf(stage: Stage, sequence: readonly Move[]): MachineEvent[] {
  let numbered = 0;
  return sequence.flatMap((move) => {
    if ('goes' in move) return offlines([move.goes]);
    return plugEvents(stage, move.comes, move.comes.inTurn ? numbered++ : 0);
  });
}

/** All orders of so many CPUs that go and so many that come; a slot is filled once. */
function* sequences(
  moves: readonly Move[],
  going: number,
  coming: number,
): Generator<readonly Move[], void, void> {
  if (going === 0 && coming === 0) {
    yield [];
    return;
  }
  for (const move of moves) {
    const goes = 'goes' in move;
    if (goes ? going === 0 : coming === 0) continue;
    const rest = moves.filter((other) =>
      'goes' in move
        ? other !== move
        : !('comes' in other) ||
          (other.comes.cpu !== move.comes.cpu && other.comes.apicId !== move.comes.apicId),
    );
    for (const after of sequences(rest, going - (goes ? 1 : 0), coming - (goes ? 0 : 1)))
      yield [move, ...after];
  }
}
