/** What reports must not say, whatever the machine: untruths show where two things that are said do not fit. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { exitCodeOf, type FailOn } from '../../src/cli/verdict.ts';
import type { Analysis } from '../../src/findings/analyze.ts';
import { HEALTHS } from '../../src/linux/sim/run.ts';
import { REPORTERS } from '../../src/report/index.ts';
import { jsonReport } from '../../src/report/json.ts';
import { reportJsonSchema } from '../../src/report/schema/report-schema.ts';
import { closed } from '../report/closed-schema.ts';

interface Queue {
  readonly health: (typeof HEALTHS)[number];
}

interface Reach {
  readonly reachable: string;
  readonly unreachable: string;
  readonly unknown: string;
}

/** The parts of a JSON report that are compared with each other. */
export interface Report {
  readonly cpus: Readonly<Record<'possible' | 'present' | 'online', string>>;
  readonly reach: Reach;
  readonly domains: readonly (Reach & { readonly name: string })[];
  readonly devices: readonly { readonly name: string; readonly queues: readonly Queue[] }[];
  readonly findings: readonly { readonly rule: string; readonly level: string; readonly message: string }[];
  readonly suppressed: readonly object[];
  readonly summary: Analysis['summary'];
}

const isReport = new Ajv2020().compile(closed(reportJsonSchema()) as object);

const numbers = (list: string): number[] =>
  list === ''
    ? []
    : list.split(',').flatMap((range) => {
        const [first, last = first] = range.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, n) => first + n);
      });

function expect(holds: boolean, what: string, facts: unknown): void {
  if (!holds) throw new Error(`untrue: ${what}\n${JSON.stringify(facts)?.slice(0, 600)}`);
}

/** Each possible CPU is in one of the sets. */
function checkReach(
  of: string,
  { reachable, unreachable, unknown }: Reach,
  possible: readonly number[],
): void {
  const all = [reachable, unreachable, unknown].flatMap(numbers).sort((a, b) => a - b);
  expect(all.join() === possible.join(), `${of} has each CPU once`, {
    reachable,
    unreachable,
    unknown,
    possible,
  });
}

/** What every JSON report says once must be what it says elsewhere. */
export function checkFacts(report: Report): void {
  if (!isReport(report))
    throw new Error(`untrue: the report is of its schema\n${JSON.stringify(isReport.errors)}`);
  const { cpus, reach, domains, devices, findings, summary } = report;
  const possible = numbers(cpus.possible);
  checkReach('reach', reach, possible);
  for (const domain of domains) checkReach(domain.name, domain, possible);
  const present = new Set(numbers(cpus.present));
  expect(
    numbers(cpus.online).every((cpu) => present.has(cpu)),
    'online CPUs are present',
    cpus,
  );
  const levels = { error: 0, warning: 0, note: 0 };
  for (const { level } of findings) levels[level as keyof typeof levels]++;
  const { errors, warnings, notes, verdict } = summary;
  expect(
    errors === levels.error && warnings === levels.warning && notes === levels.note,
    'the summary counts the findings',
    { summary, levels },
  );
  expect(verdict === (errors > 0 ? 'fail' : warnings > 0 ? 'warn' : 'pass'), 'the verdict', summary);
  const queues = devices.flatMap((device) => device.queues);
  for (const health of HEALTHS) {
    const many = queues.filter((queue) => queue.health === health).length;
    expect(many === summary.queues[health], `the summary counts queues that are ${health}`, {
      many,
      summary,
    });
  }
}

/** Nothing that nobody suppressed passes with queues that are dead while CPUs cannot be reached. */
export function checkPass({ summary, suppressed, reach, devices }: Report): void {
  if (summary.verdict !== 'pass' || suppressed.length > 0) return;
  const dead = devices.filter(({ queues }) => queues.some(({ health }) => health === 'dead'));
  expect(dead.length === 0 || reach.unreachable === '', 'a machine that passes has no dead queue', {
    reach,
    dead: dead.map(({ name }) => name),
  });
}

const FAIL_ON: readonly FailOn[] = ['error', 'warning', 'note', 'never'];
/** The levels that --fail-on counts. */
const COUNTED: Readonly<Record<FailOn, readonly string[]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  note: ['error', 'warning', 'note'],
  never: [],
};

/** The exit code that findings ask for. */
export const codeFor = ({ findings }: Pick<Report, 'findings'>, failOn: FailOn): number =>
  findings.some(({ level }) => COUNTED[failOn].includes(level)) ? 1 : 0;

/** Text, JUnit and the exit code say what the JSON says. */
export async function checkAgreement(analysis: Analysis, report: Report, failOn: FailOn): Promise<void> {
  const options = { version: '0', vectors: false, width: 100, colour: 0, verbose: false, failOn } as const;
  const written = async (format: 'text' | 'junit') => {
    const writer = (await REPORTERS[format]()).begin(options, 1);
    return writer.add(analysis) + writer.end();
  };
  const { verdict } = report.summary;
  const text = await written('text');
  expect(text.startsWith(`${verdict.toUpperCase()} `), 'the text has the verdict', [
    verdict,
    text.slice(0, 200),
  ]);
  for (const one of FAIL_ON)
    expect(exitCodeOf(analysis, one) === codeFor(report, one), 'the exit code is that of the findings', one);
  const failures = Number(/ failures="(\d+)"/.exec(await written('junit'))?.[1]);
  expect(failures > 0 === (codeFor(report, failOn) === 1), 'JUnit fails where the exit code does', {
    failOn,
    failures,
  });
}

/** The JSON report, as programs read it. */
export const reportOf = (analysis: Analysis): Report =>
  jsonReport(analysis, '0', { vectors: false }) as Report;
