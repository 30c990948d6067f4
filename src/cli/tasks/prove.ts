/** The work of `irqsim prove`: options → proofs, with progress and an end on request → text and exit code. */

import { findPolicy, POLICIES } from '../../linux/policy/index.ts';
import type { Progress, Proving } from '../../linux/proof/answer.ts';
import { grouped } from '../../machine/limits.ts';
import { type AskedProperty, PROPERTY_NAMES } from '../../machine/property-names.ts';
import {
  type ProofRequest,
  type Proofs,
  proveMachine,
  provePolicies,
  USUAL_BUDGET,
} from '../../questions/prove/prove-machine.ts';
import type { DocumentFormat } from '../../report/document/formats.ts';
import { proofReport } from '../../report/proof/index.ts';
import { awaitSignals } from '../batch/signals.ts';
import { readMachine } from '../input/input.ts';
import { colourLevel, EXIT, type Io, UsageError } from '../io.ts';
import { type MachineOptions, readingOf, refuseLists, reportWidth } from '../options/machine-options.ts';
import type { OutputOption } from '../options/output-option.ts';
import { statusLine } from '../output/status-line.ts';
import { VERSION } from '../version.ts';

export interface ProveCommandOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
  readonly property: readonly AskedProperty[];
  /** Null: the largest number is looked for. */
  /** max: the largest number is looked for. (commander makes '' of null.) */
  readonly offlineAtMost: number | 'max';
  readonly among?: string;
  readonly keep?: string;
  readonly plug?: 'any';
  readonly orders?: boolean;
  readonly unknown: 'fail' | 'pass';
  readonly budget?: number;
  readonly verbose?: boolean;
}

/** Milliseconds until signals are looked at. */
const BREATH = 50;

function requestOf(options: ProveCommandOptions): ProofRequest {
  const { property, offlineAtMost, among, keep, plug, orders, budget } = options;
  const all = PROPERTY_NAMES.map((name) => ({ name, amount: 1, text: name }));
  return {
    properties: property.length > 0 ? property : all,
    offlineAtMost: offlineAtMost === 'max' ? null : offlineAtMost,
    among,
    keep,
    plug: plug === 'any',
    orders: orders === true,
    budget: budget ?? USUAL_BUDGET,
  };
}

/** The policies of `--policy all` or a list; null: one, as of any option. */
function policiesOf(policy: string | undefined): readonly string[] | null {
  if (policy === undefined) return null;
  if (policy.toLowerCase() === 'all') return POLICIES.map(({ name }) => name);
  const names = policy.split(',').map((name) => name.trim());
  if (names.length < 2) return null;
  const unknown = names.find((name) => findPolicy(name) === undefined);
  if (unknown !== undefined)
    throw new UsageError(`--policy ${policy}: there is no policy ${unknown}; irqsim policies lists them`);
  return names;
}

const progressText = ({ property, size, done, of }: Progress): string =>
  `${property}: ${size} CPUs, ${grouped(done)} of ${grouped(Number.isFinite(of) ? of : 0)}`;

/** Runs a proof to its end, breathing now and then so that signals arrive. */
async function driven<T>(proving: Proving<T>, io: Io): Promise<T> {
  const status = statusLine(io);
  let breath = performance.now();
  for (;;) {
    const step = proving.next();
    if (step.done) {
      status.end();
      return step.value;
    }
    if (performance.now() < breath + BREATH) continue;
    await new Promise((resolve) => setImmediate(resolve));
    breath = performance.now();
    status.step(() => progressText(step.value));
  }
}

function exitCode(all: readonly Proofs[], unknown: ProveCommandOptions['unknown']): number {
  const answers = all.flatMap((proofs) => proofs.answers.map(({ answer }) => answer));
  const counts = answers.some((answer) => answer === 'fails' || (answer === 'unknown' && unknown === 'fail'));
  return counts ? EXIT.findings : EXIT.clean;
}

/** Proves what is asked and writes it. Returns the exit code. Throws InputError or UsageError. */
export async function runProve(input: string, options: ProveCommandOptions, io: Io): Promise<number> {
  const policies = policiesOf(options.policy);
  const { policy: _, ...anyPolicy } = options;
  refuseLists(policies === null ? options : anyPolicy);
  const machine = await readMachine(input, readingOf(policies === null ? options : anyPolicy));
  const ending = awaitSignals();
  try {
    const all = await proofsOf(options, machine, policies, () => ending.signal !== undefined, io);
    if (ending.signal !== undefined) io.note('stopped: what is proved so far\n');
    io.out(
      await proofReport(options.format, all, options.plug === 'any', {
        version: VERSION,
        vectors: false,
        verbose: options.verbose === true,
        width: reportWidth(options, io),
        colour: colourLevel(io),
        quiet: io.quiet === true,
      }),
    );
    return exitCode(all, options.unknown);
  } finally {
    ending.close();
  }
}

async function proofsOf(
  options: ProveCommandOptions,
  machine: Awaited<ReturnType<typeof readMachine>>,
  policies: readonly string[] | null,
  stopped: () => boolean,
  io: Io,
): Promise<readonly Proofs[]> {
  const request = requestOf(options);
  try {
    if (policies !== null) return await driven(provePolicies(machine, policies, request, stopped), io);
    return [await driven(proveMachine(machine, request, stopped), io)];
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--among, --keep: ${error.message}`);
    throw error;
  }
}
