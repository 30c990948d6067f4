/** A machine that was read, on its way through analysis, triage and a report. */
import { type Analysis, analyze } from '../../src/findings/analyze.ts';
import { readBaseline } from '../../src/findings/triage/baseline.ts';
import { type JudgeSettings, judge, NO_SETTINGS } from '../../src/findings/triage/judge.ts';
import { InputError, inputError } from '../../src/machine/locate.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { FORMATS, type Format } from '../../src/report/formats.ts';
import { REPORTERS } from '../../src/report/index.ts';
import { checkReport, checkText } from './check.ts';
import { checkAgreement, checkFacts, checkPass, reportOf } from './oracles.ts';
import type { Random } from './random.ts';

const NAMES = Object.keys(FORMATS) as Format[];

const BASELINE = readBaseline(
  JSON.stringify({
    schemaVersion: 1,
    tool: { name: 'irqsim', version: '0' },
    findings: [
      { file: 'f', machine: 'a', rule: 'apic-id-above-limit', level: 'error', devices: [], message: 'x' },
    ],
  }),
  'known.json',
  '/x',
);
const LOCATION = { file: '--level', line: 1, column: 1 };
const SETTINGS: readonly JudgeSettings[] = [
  NO_SETTINGS,
  NO_SETTINGS,
  { ...NO_SETTINGS, audit: true },
  { ...NO_SETTINGS, baseline: BASELINE, today: '2027-01-01', cwd: '/x' },
  {
    ...NO_SETTINGS,
    levels: [{ rule: 'apic-id-above-limit', level: 'off', location: LOCATION }],
    today: '2027-01-01',
    cwd: '/x',
  },
];

/** Analyses and reports; throws what is wrong with the report. */
export async function reportOn(
  machine: Machine,
  random: Random,
  settings = random.pick(SETTINGS),
): Promise<void> {
  const analysis = settings === NO_SETTINGS ? analyze(machine) : judge(machine, settings);
  await reportAnalysis(analysis, random, settings === NO_SETTINGS && machine.triage === undefined);
}

/** The analysis without what to change about it: to work that out takes as many analyses as there are remedies. */
function withoutFixes(analysis: Analysis): Analysis {
  const findings = analysis.findings.map((finding) => ({ ...finding, fix: [] }));
  const suppressed = analysis.suppressed.map((one) => ({ ...one, finding: { ...one.finding, fix: [] } }));
  return { ...analysis, findings, suppressed };
}

/** Reports an analysis; `isBare`: nobody has said how findings are to be judged. */
export async function reportAnalysis(given: Analysis, random: Random, isBare = false): Promise<void> {
  const analysis = random.oneIn(3) ? given : withoutFixes(given);
  const format = random.pick(NAMES);
  const options = {
    version: '0',
    vectors: random.oneIn(2),
    width: random.pick([40, 100, 160]),
    colour: 0,
    verbose: random.oneIn(4),
  } as const;
  const report = async () => {
    const writer = (await REPORTERS[format]()).begin(options, 1);
    return writer.add(analysis) + writer.end();
  };
  checkReport(format, await report());
  if (!random.oneIn(3)) return;
  const facts = reportOf(analysis);
  checkFacts(facts);
  if (isBare) checkPass(facts);
  if (random.oneIn(2))
    await checkAgreement(analysis, facts, random.pick(['error', 'warning', 'note', 'never']));
}

/** Says what was refused, in the same places; throws what is wrong with that. */
export async function reportFailure(error: InputError, file: string, random: Random): Promise<void> {
  checkText('an error', error.format());
  for (const { line, column } of error.problems)
    if (!(line >= 1 && column >= 1)) throw new Error(`the place ${line}:${column} of ${error.message}`);
  if (!random.oneIn(8)) return;
  const format = random.pick(NAMES);
  const reporter = await REPORTERS[format]();
  const writer = reporter.begin({ version: '0', vectors: true, width: 100, colour: 0, verbose: false }, 1);
  const text = writer.failed(file, error) + writer.end();
  if (text !== '') checkReport(format, text);
}

/** True if `act` was done, false if the input was refused as it should be. Throws anything else. */
export async function accepts(act: () => Promise<void>, random: Random, file = 'f'): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.problems.length === 0) throw inputError(file, 'an error without a problem');
    await reportFailure(error, file, random);
    return false;
  }
}
