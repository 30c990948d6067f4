/** What became of each mutant, over all runs: a line of JSON as soon as it is known, of which the last one counts. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'coverage/mutation';
const NAME = 'results.ndjson';

/** What the runner says of a mutant that is not wanted in this run. */
export const LEFT_OUT = 'left out of this run';

/** The share of all mutants that is judged, the same ones in every run. */
const SHARE = Number(process.env.MUTATE_SHARE ?? 1);
const FILES = new RegExp(process.env.MUTATE_FILES ?? '');

export function isInSample(fileName, key) {
  if (!FILES.test(fileName)) return false;
  return SHARE >= 1 || createHash('sha256').update(key).digest().readUInt32BE() / 2 ** 32 < SHARE;
}

const at = ({ line, column }) => `${line}:${column}`;

/** One mutant, whatever its number in a run; lines and columns from 1. */
export function keyOf({ fileName, location: { start, end }, replacement }) {
  return [fileName, at(start), at(end), replacement].join(' ');
}

/** A place as StrykerJS tells it to runners, from 0, as it tells it to reporters. */
export function fromOne({ start, end }) {
  const one = ({ line, column }) => ({ line: line + 1, column: column + 1 });
  return { start: one(start), end: one(end) };
}

/** No test noticed it. */
export function isOpen(result) {
  return result !== undefined && ['Survived', 'NoCoverage'].includes(result.status);
}

/** A test noticed it, or it did not come to an end. */
export function isNoticed(result) {
  return result !== undefined && ['Killed', 'Timeout'].includes(result.status);
}

/** The results in a folder, by key. */
export function resultsIn(folder = FOLDER) {
  const file = join(folder, NAME);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.key, result]));
}

/** Rows of file, mutants, noticed, survivors, those that no test reaches among them; without what is left out. */
export function scoresOf(results) {
  const rows = new Map();
  for (const { file, status } of results.values()) {
    if (status === 'Ignored') continue;
    const row = rows.get(file) ?? { file, mutants: 0, noticed: 0, survived: 0, unreached: 0 };
    row.mutants++;
    if (status === 'NoCoverage') row.unreached++;
    if (isOpen({ status })) row.survived++;
    else row.noticed++;
    rows.set(file, row);
  }
  return [...rows.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

const percent = ({ noticed, mutants }) => `${((100 * noticed) / mutants).toFixed(1)} %`;

export class ResultsReporter {
  constructor() {
    mkdirSync(FOLDER, { recursive: true });
  }

  onMutantTested(mutant) {
    const { fileName, location, mutatorName, replacement, status, statusReason } = mutant;
    if (statusReason?.includes(LEFT_OUT)) return;
    const file = fileName.slice(process.cwd().length + 1);
    const { start, end } = location;
    const key = keyOf({ fileName: file, location, replacement });
    // Those that no test reaches are never asked for.
    if (!isInSample(file, key)) return;
    const result = { key, file, start: at(start), end: at(end), mutatorName, replacement, status };
    const by = status === 'Killed' ? { by: statusReason?.slice(0, 200) } : {};
    appendFileSync(join(FOLDER, NAME), `${JSON.stringify({ ...result, ...by })}\n`);
  }

  /** Scores of all runs; of files that this one looked at only what they hold now. */
  onMutationTestReportReady({ files }) {
    const results = resultsIn();
    const now = new Set(
      Object.entries(files).flatMap(([fileName, { mutants }]) =>
        mutants.map(({ location, replacement }) => keyOf({ fileName, location, replacement })),
      ),
    );
    for (const { key, file } of results.values()) if (file in files && !now.has(key)) results.delete(key);
    const rows = scoresOf(results);
    const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
    const all = {
      file: 'all',
      ...Object.fromEntries(['mutants', 'noticed', 'survived', 'unreached'].map((name) => [name, sum(name)])),
    };
    for (const row of [...rows, all])
      console.log(`${row.file}: ${percent(row)} of ${row.mutants}, ${row.survived} survived`);
  }
}
