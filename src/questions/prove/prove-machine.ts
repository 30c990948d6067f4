/** What a user wants proved of a machine, under its policy or under several. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Answer, Proving } from '../../linux/proof/answer.ts';
import { proveInOrders } from '../../linux/proof/orders.ts';
import { candidatesOf, type ProveOptions, prove } from '../../linux/proof/prove.ts';
import { type Subject, subjectOf } from '../../linux/proof/subject.ts';
import type { Machine } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import { varied } from '../../machine/vary.ts';

/** What is wanted. */
export interface ProofRequest extends Omit<ProveOptions, 'among' | 'keep' | 'without'> {
  readonly properties: readonly AskedProperty[];
  /** CPUs in the kernel's list form; undefined: all that can go. */
  readonly among?: string | undefined;
  /** CPUs that stay, likewise; undefined: none has to. */
  readonly keep?: string | undefined;
  /** Every order of probing, too. */
  readonly orders: boolean;
}

/** What is proved of a machine under one policy. */
export interface Proofs {
  readonly subject: Subject;
  /** The CPUs that may go. */
  readonly candidates: CpuMask;
  readonly answers: readonly Answer[];
}

/** Offlines that searches make for a property if nobody says otherwise: some seconds. */
export const USUAL_BUDGET = 400_000;

/** The CPUs of a list, as far as the machine has them. Throws RangeError where it is no list. */
function cpusOf(list: string | undefined, nbits: number): CpuMask | null {
  return list === undefined ? null : CpuMask.parse(list, nbits);
}

/**
 * Proves the properties one after the other. Throws RangeError for a list of CPUs that is none, or that names CPUs that
 * the machine has not.
 */
export function* proveMachine(
  machine: Machine,
  request: ProofRequest,
  stopped: () => boolean = () => false,
): Proving<Proofs> {
  const { properties, among, keep, orders, ...rest } = request;
  const subject = subjectOf(machine);
  const { nrCpuIds } = subject.facts.enumeration;
  const options: ProveOptions = { ...rest, among: cpusOf(among, nrCpuIds), keep: cpusOf(keep, nrCpuIds) };
  const answers: Answer[] = [];
  for (const asked of properties) {
    const proving = orders
      ? proveInOrders(machine, asked, options, stopped)
      : prove(subject, asked, options, stopped);
    answers.push(yield* proving);
  }
  return { subject, candidates: candidatesOf(subject, options), answers };
}

/** The same under each of several policies. */
export function* provePolicies(
  machine: Machine,
  policies: readonly string[],
  request: ProofRequest,
  stopped: () => boolean = () => false,
): Proving<readonly Proofs[]> {
  const all: Proofs[] = [];
  for (const name of policies)
    all.push(yield* proveMachine(varied(machine, [`--policy ${name}`]), request, stopped));
  return all;
}
