/** What a description expects to hold whichever CPUs go offline, proved. */
import { CpuMask } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { type Answer, proved } from '../../linux/proof/answer.ts';
import { type ProveOptions, prove } from '../../linux/proof/prove.ts';
import type { Budget } from '../../linux/proof/search.ts';
import { subjectOf } from '../../linux/proof/subject.ts';
import { eventText } from '../../machine/event-text.ts';
import type { Machine, Path } from '../../machine/machine.ts';
import type { Survival } from '../../machine/property-names.ts';

/** Offlines that a search may make for each property, and for all of them: an analysis is not to take long. */
const BUDGET = 100_000;
const BUDGET_OF_ALL = 4 * BUDGET;
/** Events of a counterexample that are told. */
const EVENTS_SHOWN = 8;

/** One property that is not proved. */
interface Unsurvived {
  /** The value in question, below `expect`. */
  readonly path: Path;
  readonly message: string;
  readonly cause: readonly string[];
}

const maskOf = (list: string | undefined, nbits: number): CpuMask | null =>
  list === undefined ? null : CpuMask.parse(list, nbits);

/** "any 2 CPUs going offline", "any CPUs going offline and coming". */
export function threatText({ offline, plug }: Survival): string {
  const number = offline === null ? 'any CPUs' : `any ${offline} CPU${offline === 1 ? '' : 's'}`;
  return `${number} going offline${plug ? ' and coming' : ''}`;
}

function causeOf({ answer, counterexample, because }: Answer): string[] {
  if (counterexample === null) return answer === 'unknown' ? ['it is not known', ...because] : [...because];
  const told = counterexample.events.slice(0, EVENTS_SHOWN).map(eventText);
  const rest = counterexample.events.length - told.length;
  const events = [...told, ...(rest > 0 ? [`${rest} more events`] : [])].join(', ');
  return [`${events === '' ? 'as it is' : shortenList(events, EVENTS_SHOWN)}: ${counterexample.shows}`];
}

/** The properties that are not proved to hold, each with the smallest counterexample, or what is not covered. */
export function unsurvived(machine: Machine, survival: Survival): Unsurvived[] {
  const subject = subjectOf(machine);
  const { nrCpuIds } = subject.facts.enumeration;
  const beyond = listsBeyond(survival, nrCpuIds);
  if (beyond !== null) return [beyond];
  const all = subject.facts.run.online.weight();
  const options: ProveOptions = {
    offlineAtMost: survival.offline ?? all,
    among: maskOf(survival.among, nrCpuIds),
    keep: maskOf(survival.keep, nrCpuIds),
    plug: survival.plug,
    budget: BUDGET,
  };
  let left = BUDGET_OF_ALL;
  return survival.properties.flatMap((asked, index) => {
    const budget: Budget = { left: Math.min(BUDGET, left) };
    left -= budget.left;
    const answer = proved(prove(subject, asked, options, undefined, budget));
    left += Math.max(0, budget.left);
    if (answer.answer === 'holds') return [];
    const message = `expected ${asked.text} to survive ${threatText(survival)}`;
    return [{ path: ['survives', 'properties', index], message, cause: causeOf(answer) }];
  });
}

/** A list names CPUs that the kernel has no number for. */
function listsBeyond(survival: Survival, nbits: number): Unsurvived | null {
  for (const key of ['among', 'keep'] as const) {
    try {
      maskOf(survival[key], nbits);
    } catch (error) {
      if (error instanceof RangeError)
        return { path: ['survives', key], message: `expected CPUs that exist: ${error.message}`, cause: [] };
      throw error;
    }
  }
  return null;
}
