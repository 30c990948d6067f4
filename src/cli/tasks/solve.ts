/** The work of `irqsim solve`: options → targets and demands → answer and exit code. */
import { findPolicy } from '../../linux/policy/index.ts';
import { mainline } from '../../linux/policy/mainline.ts';
import type { Expectation } from '../../machine/machine.ts';
import { baseOf } from '../../questions/solve/base.ts';
import {
  type Demand,
  isOfSets,
  parseDemand,
  USUAL_DEMANDS,
  USUAL_OFFLINE_DEMANDS,
  unusedExpectations,
  writtenDemands,
  writtenOfSets,
} from '../../questions/solve/demand.ts';
import {
  type Frontier,
  frontier,
  nowhere,
  type Solution,
  type SolveRequest,
  solve,
} from '../../questions/solve/solve.ts';
import { OFFLINE, parseTarget, type Target, type Want } from '../../questions/solve/target.ts';
import { answerText } from '../../report/document/answer.ts';
import type { DocumentFormat } from '../../report/document/formats.ts';
import { documentHead, machineJson } from '../../report/json.ts';
import {
  type Demanded,
  frontierDocument,
  frontierObject,
  SOLUTION_LAYOUT,
  solutionDocument,
  solutionObject,
} from '../../report/solution.ts';
import { readSource } from '../input/input.ts';
import { colourLevel, EXIT, type Io, UsageError } from '../io.ts';
import {
  changesOf,
  type MachineOptions,
  readingOf,
  refuseLists,
  reportWidth,
} from '../options/machine-options.ts';
import type { OutputOption } from '../options/output-option.ts';
import { statusLine } from '../output/status-line.ts';
import { VERSION } from '../version.ts';

/** Options as typed. */
export interface SolveOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
  readonly maximise: readonly string[];
  readonly minimise: readonly string[];
  readonly subjectTo: readonly string[];
  readonly offlineAtMost: number;
}

/** What a text is, or a usage error that names the option. */
function read<T>(option: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option} ${text}: ${error.message}`);
    throw error;
  }
}

function targetsOf({ maximise, minimise }: SolveOptions): Target[] {
  const all = (option: string, texts: readonly string[], want: Want): Target[] =>
    texts.map((text) => read(option, text, (one) => parseTarget(one, want)));
  const targets = [...all('--maximise', maximise, 'most'), ...all('--minimise', minimise, 'least')];
  if (targets.length === 0)
    throw new UsageError('solve: say what to solve for: --maximise PATH or --minimise PATH');
  if (targets.length > 2) throw new UsageError('solve: one or two targets are expected');
  const [first, second] = targets;
  if (second && first.numbers === null)
    throw new UsageError(`solve: with two targets the first needs numbers: ${first.path}=1..16`);
  if (second?.path === first.path) throw new UsageError(`solve: ${first.path} is there twice`);
  const offline = targets.find(({ path }) => path === OFFLINE);
  if (offline?.numbers) throw new UsageError('solve: offline takes no numbers: the largest is proved');
  if (offline?.want === 'least') throw new UsageError('solve: no CPU has to go offline: the smallest is 0');
  return targets;
}

/** What has to be kept: as options say, and as the description expects it whatever the numbers. */
function demandsOf(
  { subjectTo }: SolveOptions,
  targets: readonly Target[],
  expect: Expectation = {},
): readonly Demand[] {
  const texts = subjectTo.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '');
  const offline = targets.some(({ path }) => path === OFFLINE);
  if (texts.length === 0 && offline) return distinct([...USUAL_OFFLINE_DEMANDS, ...writtenOfSets(expect)]);
  if (texts.length === 0) return distinct([...USUAL_DEMANDS, ...writtenDemands(expect)]);
  const demands = texts.map((text) => read('--subject-to', text.trim(), parseDemand));
  const other = demands.find((demand) => !isOfSets(demand));
  if (offline && other)
    throw new UsageError(
      other.kind === 'property'
        ? `--subject-to ${other.text}: it is not about CPUs that go offline, so there is no largest number of them`
        : `--subject-to ${other.text}: offline goes with properties, as irqsim prove --help lists them`,
    );
  return offline ? demands : distinct([...demands, ...writtenDemands(expect)]);
}

/** Each once. */
const distinct = (demands: readonly Demand[]): readonly Demand[] => [
  ...new Map(demands.map((demand) => [demand.text, demand])).values(),
];

/** Refuses a target of which no number makes a machine: nothing was found out. */
function refuseNowhere(solutions: readonly Solution[]): void {
  const [why] = solutions.map(nowhere);
  if (solutions.length === 0 || why === null || solutions.some((one) => nowhere(one) === null)) return;
  const { target } = solutions[0];
  const option = target.want === 'most' ? '--maximise' : '--minimise';
  throw new UsageError(`${option} ${target.path}: no number makes a valid machine; ${why}`);
}

/** Solves what is asked and writes it. Returns the exit code. Throws InputError or UsageError. */
export async function runSolve(input: string, options: SolveOptions, io: Io): Promise<number> {
  refuseLists(options);
  const targets = targetsOf(options);
  demandsOf(options, targets);
  const source = await readSource(input, readingOf(options));
  const changes = changesOf(options);
  const machine = baseOf(source, changes, targets);
  const demands = demandsOf(options, targets, machine.expect);
  const status = statusLine(io);
  let tried = 0;
  const trying = (): void => {
    tried++;
    status.step(() => `${tried} numbers tried`);
  };
  const { offlineAtMost } = options;
  const eventful = machine.events.length > 0;
  const request: SolveRequest = { source, changes, demands, offlineAtMost, eventful, trying };
  const asked: Demanded = {
    keeps: demands.map(({ text }) => text),
    leftOut: unusedExpectations(machine.expect),
  };
  const policy = findPolicy(machine.policy) ?? mainline;
  const about = { ...documentHead(VERSION), machine: machineJson({ machine, policy }) };
  const style = { width: reportWidth(options, io), colour: colourLevel(io), quiet: io.quiet === true };
  const [first, second] = targets;
  if (second === undefined) {
    const solution = solve(first, request);
    status.end();
    refuseNowhere([solution]);
    const answer = {
      json: () => ({ ...about, ...solutionObject(solution, asked) }),
      document: () => solutionDocument(solution, asked),
      layout: SOLUTION_LAYOUT,
    };
    io.out(await answerText(answer, options.format, style));
    return solution.best === null ? EXIT.findings : EXIT.clean;
  }
  const points: Frontier['points'] = [...frontier([first, second], request)];
  status.end();
  refuseNowhere(points.map(({ solution }) => solution));
  const answer = {
    json: () => ({ ...about, ...frontierObject({ targets: [first, second], points }, asked) }),
    document: () => frontierDocument({ targets: [first, second], points }, asked),
    layout: SOLUTION_LAYOUT,
  };
  io.out(await answerText(answer, options.format, style));
  return points.every(({ solution }) => solution.best === null) ? EXIT.findings : EXIT.clean;
}
