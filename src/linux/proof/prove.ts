/** Proves properties of a machine: for every set of CPUs that may go, every CPU that may come, every order. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import type { AskedProperty, PropertyName } from '../../machine/property-names.ts';
import type { Answer, Proving } from './answer.ts';
import { offlineCandidates } from './offline-room.ts';
import { plugsOf } from './plugs.ts';
import { proveProbeOrder } from './probe-order.ts';
import { propertyOf } from './properties/index.ts';
import { proveOfflines } from './prove-offlines.ts';
import type { OfflineQuestion } from './question.ts';
import { proveReachable } from './reachable.ts';
import type { Budget } from './search.ts';
import type { Subject } from './subject.ts';
import { proveSuspend } from './suspend.ts';

/** How much is asked. */
export interface ProveOptions {
  /** Sets of at most so many CPUs; null: find the largest number. */
  readonly offlineAtMost: number | null;
  /** Only these go; null: all that can. */
  readonly among: CpuMask | null;
  /** These stay; null: none has to. */
  readonly keep: CpuMask | null;
  /** Any CPU that is not plugged may come. */
  readonly plug: boolean;
  /** Offlines that searches may make for each property. */
  readonly budget: number;
  /** As of {@link OfflineQuestion}. */
  readonly without?: OfflineQuestion['without'];
}

/** The CPUs that may go. */
export function candidatesOf({ facts }: Subject, { among, keep }: ProveOptions): CpuMask {
  const candidates = offlineCandidates(facts);
  if (among !== null) candidates.andWith(among);
  return keep === null ? candidates : candidates.andNotWith(keep);
}

/** Proves one property. `stopped`: give up, what is proved so far is the answer. `budget`: instead of that of the options. */
export function* prove(
  subject: Subject,
  asked: AskedProperty,
  options: ProveOptions,
  stopped: () => boolean = () => false,
  budget: Budget = { left: options.budget },
): Proving<Answer> {
  const proving = proofOf(subject, asked, options, budget);
  for (;;) {
    const next = proving.next();
    if (next.done) return withUnseen(subject, next.value);
    if (stopped()) Object.assign(budget, { left: 0, stopped: true });
    yield next.value;
  }
}

/** Properties that no device has a part in. */
const WITHOUT_DEVICES: readonly PropertyName[] = ['offline-accepted', 'vectors-left', 'reachable-after-plug'];

/** What holds of all that is modelled is not known of devices behind VMD. */
function withUnseen({ machine }: Subject, answer: Answer): Answer {
  const unseen = machine.devices.filter(({ behind }) => behind !== null).map(({ name }) => name);
  if (answer.answer !== 'holds' || unseen.length === 0 || WITHOUT_DEVICES.includes(answer.asked.name))
    return answer;
  const why = `which vectors of VMD the interrupts of ${shortenList(unseen.join(','))} share is not known`;
  return {
    ...answer,
    answer: 'unknown',
    largest: null,
    counterexample: null,
    because: [...answer.because, why],
  };
}

function* proofOf(
  subject: Subject,
  asked: AskedProperty,
  options: ProveOptions,
  budget: Budget,
): Proving<Answer> {
  const property = propertyOf(asked.name);
  if (property !== undefined) {
    const plugs = options.plug && subject.state ? plugsOf(subject.state.stage) : [];
    const threat = { facts: subject.facts, candidates: candidatesOf(subject, options), plugs };
    return yield* proveOfflines(subject, {
      asked,
      property,
      threat,
      most: options.offlineAtMost,
      budget,
      without: options.without,
    });
  }
  switch (asked.name) {
    case 'suspend-works':
      return proveSuspend(subject, asked);
    case 'reachable-after-plug':
      return proveReachable(subject, asked);
    case 'probe-order-free':
      return yield* proveProbeOrder(subject, asked, budget);
    default:
      throw new RangeError(`${asked.name} has no proof`);
  }
}
