/** The work of `irqsim sweep`: options → grid → points → text and exit code. */
import { grouped } from '../../machine/limits.ts';
import { InputError, SET_PREFIX } from '../../machine/locate.ts';
import type { MachineSource } from '../../questions/source.ts';
import { type Axis, parseAxis } from '../../questions/whatif/axis.ts';
import { cappedTopology } from '../../questions/whatif/capped.ts';
import { createGrid, type Grid } from '../../questions/whatif/grid.ts';
import { type SweptPoint, sweep } from '../../questions/whatif/sweep.ts';
import { type Field, parseField, problemWith, reportFor } from '../../report/sweep/field.ts';
import type { SweepFormat } from '../../report/sweep/formats.ts';
import { SWEEPS } from '../../report/sweep/index.ts';
import { rowOf } from '../../report/sweep/row.ts';
import { type InputOptions, nameOf, readSource } from '../input/input.ts';
import { EXIT, type Io, oneLine, UsageError } from '../io.ts';
import { statusLine } from '../output/status-line.ts';
import { type SettingsOptions, settingsOf } from '../project/settings.ts';
import { exitCodeOf, type FailOn } from '../verdict.ts';

export interface SweepRun extends Omit<InputOptions, 'set'>, SettingsOptions {
  readonly vary: readonly string[];
  readonly show: readonly string[];
  readonly format: SweepFormat;
  readonly failOn: FailOn;
  readonly kernel?: string | undefined;
  readonly policy?: string | undefined;
  readonly reports?: boolean;
  readonly vectors: boolean;
  readonly ignoreInvalid?: boolean;
  /** What counts at every point. */
  readonly changes: readonly string[];
  readonly version: string;
  readonly width: number;
  readonly colour: 0 | 1 | 2 | 3;
}

/** Forms that people read: written at the end. */
const READ: readonly SweepFormat[] = ['text', 'markdown', 'html'];
/** Problems of invalid points told on standard error. */
const TOLD = 3;

/** What `read` makes of an option; its RangeError becomes a UsageError that names the option. */
function read<T>(option: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}

function gridOf({ vary, kernel, policy }: SweepRun): Grid {
  const axes = vary.map((one): Axis => read(`--vary ${one}`, () => parseAxis(one)));
  for (const [key, value] of Object.entries({ kernel, policy })) {
    if (value !== undefined && axes.some((axis) => axis.key === key)) {
      throw new UsageError(`--${key} ${value}: ${key} is varied already; keep one of them`);
    }
  }
  return read('--vary', () => createGrid(axes));
}

/** Shows on a terminal how far a long sweep is, unless the points themselves scroll by there. */
function progressOf(
  io: Io,
  format: SweepFormat,
  size: number,
): { step: (done: number) => void; end: () => void } {
  if (!io.stderrIsTty || (io.stdoutIsTty && !READ.includes(format))) return { step: () => {}, end: () => {} };
  const status = statusLine(io);
  return {
    step: (done) => status.step(() => `${grouped(done)} of ${grouped(size)} points`),
    end: status.end,
  };
}

/** "remapping=on extDestId=off". */
function pointText({ axes }: Grid, { point }: SweptPoint): string {
  return point.map((value, axis) => value.change ?? `${axes[axis].key}=""`).join(' ');
}

/** The first valid point tells whether the fields exist. Throws UsageError. */
function checkFields(fields: readonly Field[], { analysis }: SweptPoint, version: string): void {
  if (!analysis || fields.length === 0) return;
  for (const field of fields) {
    const problem = problemWith(reportFor(analysis, [field, { name: '', steps: [''] }], version), field);
    if (problem !== null) throw new UsageError(`--show ${field.name}: ${problem}`);
  }
}

/** Sweeps one machine and writes as it goes. Returns the exit code. Throws InputError or UsageError. */
export async function runSweep(input: string, options: SweepRun, io: Io): Promise<number> {
  const { version, failOn, changes, format } = options;
  const grid = gridOf(options);
  const fields = options.show.map((one) => read(`--show ${one}`, () => parseField(one)));
  const settings = settingsOf(options, io);
  const source = await readSource(input, options);
  tellCapped(source, grid, changes, input, io);
  const begin = await SWEEPS[format]();
  const writer = begin({
    ...options,
    axes: grid.axes,
    fields,
    source: nameOf(input, options),
    quiet: io.quiet === true,
  });
  const wanted = { version, fields, reports: options.reports === true, vectors: options.vectors };
  const progress = progressOf(io, format, grid.size);
  let code: number = EXIT.clean;
  let done = 0;
  let checked = false;
  const invalid: Invalid = { count: 0, problems: new Map() };
  for (const swept of sweep(source, grid, changes, settings)) {
    if (!checked && swept.analysis) {
      checkFields(fields, swept, version);
      checked = true;
    }
    const row = rowOf(swept, wanted);
    io.out(writer.add(row));
    if (swept.analysis) code = Math.max(code, exitCodeOf(swept.analysis, failOn));
    else noteInvalid(invalid, swept, grid);
    progress.step(++done);
  }
  progress.end();
  io.out(writer.end());
  tellInvalid(invalid, grid, options.ignoreInvalid ? io.note : io.err);
  return invalid.count > 0 && !options.ignoreInvalid ? EXIT.badInput : code;
}

/** Invalid points by what is wrong with them. */
interface Invalid {
  count: number;
  /** The first point that has the problem, and how many have it. */
  readonly problems: Map<string, { readonly point: string; times: number }>;
}

function noteInvalid(invalid: Invalid, swept: SweptPoint & { invalid: InputError }, grid: Grid): void {
  const [problem] = swept.invalid.problems;
  // A place that is a value of the point needs no naming: the point is named.
  const own = swept.point.some(({ change }) => problem.file === `${SET_PREFIX}${change}`);
  const text = own ? problem.message : new InputError([problem]).format();
  invalid.count++;
  const known = invalid.problems.get(text);
  if (known) known.times++;
  else invalid.problems.set(text, { point: pointText(grid, swept), times: 1 });
}

function tellInvalid({ count, problems }: Invalid, { size }: Grid, tell: (text: string) => void): void {
  if (count === 0) return;
  const shown = [...problems].slice(0, TOLD);
  const rest = shown.reduce((left, [, { times }]) => left - times, count);
  const lines = [
    `${grouped(count)} of ${grouped(size)} point${size === 1 ? '' : 's'} ${count === 1 ? 'is' : 'are'} no valid machine:`,
    ...shown.map(([text, { point, times }]) => {
      const others = times > 1 ? ` and ${grouped(times - 1)} more` : '';
      return `  ${point}${others}: ${text}`;
    }),
    ...(rest > 0 ? [`  and ${grouped(rest)} more`] : []),
  ];
  tell(lines.map(oneLine).join(''));
}

/** Tells who varies a topology whose number of CPUs is fixed. */
function tellCapped(
  source: MachineSource,
  { axes }: Grid,
  changes: readonly string[],
  input: string,
  io: Io,
): void {
  const keys = axes.map(({ key }) => `${key}=`);
  const capped = cappedTopology(source.result.raw.value, [...keys, ...changes]);
  if (capped) io.note(oneLine(`irqsim: ${input}: ${capped}`));
}
