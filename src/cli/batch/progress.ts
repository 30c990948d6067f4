/** How far a run is, on standard error: a bar for people, a line now and then for logs. */
import { Writable } from 'node:stream';
import { grouped } from '../../machine/limits.ts';
import type { Io } from '../io.ts';
import { type Tally, tallyText } from './tally.ts';

/** How far a run is at a moment. */
export interface Position {
  readonly tally: Tally;
  /** 0 to 1; null: nobody can tell. */
  readonly at: number | null;
}

const LINE_MS = 30_000;
const BAR_FPS = 5;
const BAR_CELLS = 10;
const COLUMNS = 80;

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "41%, 12 s left, 2,345/s, 1,234 records: ..."; `seconds` since `start`, which a resumed run does not begin at 0. */
export function progressText({ tally, at }: Position, start: Position, seconds: number): string {
  const share = at === null ? '' : `${Math.floor(at * 100)}%, `;
  const rate = seconds > 0 ? (tally.records - start.tally.records) / seconds : 0;
  const done = at === null ? 0 : at - (start.at ?? 0);
  const left = at !== null && done > 0.001 ? `${durationText(((1 - at) / done) * seconds)} left, ` : '';
  return `${share}${left}${grouped(Math.round(rate))}/s, ${tallyText(tally)}`;
}

/** Lets the bar write through `note`, so that --quiet goes for it too. */
function noteStream(io: Io): NodeJS.WritableStream {
  const stream = new Writable({
    write(text, _encoding, done) {
      io.note(String(text));
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: io.columns ?? COLUMNS });
}

async function showBar(io: Io, text: () => string, position: () => Position): Promise<() => void> {
  const { Format, SingleBar } = await import('./bar.ts');
  const width = (process.stderr.columns ?? io.columns ?? COLUMNS) - 1;
  const bar = new SingleBar({
    stream: noteStream(io),
    fps: BAR_FPS,
    barsize: BAR_CELLS,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    clearOnComplete: true,
    hideCursor: null,
    gracefulExit: false,
    linewrap: true,
    format: (options, params) => {
      const line = text();
      const fits = position().at !== null && line.length + BAR_CELLS + '[] '.length <= width;
      return fits ? `[${Format.BarFormat(params.progress, options)}] ${line}` : line.slice(0, width);
    },
  });
  bar.start(1, 0);
  const timer = setInterval(() => bar.update(position().at ?? 0), 1000 / BAR_FPS);
  return () => {
    clearInterval(timer);
    bar.stop();
  };
}

/** Back to the first column, and the line is empty. */
const CLEAR_LINE = '\r\x1b[K';

/** Errors where there may be a bar: they have their lines to themselves, and the bar comes back below. */
export function errAboveBar(io: Io): Io['err'] {
  return io.quiet || !io.stderrIsTty ? io.err : (text) => io.err(`${CLEAR_LINE}${text}`);
}

/** Shows how far the run is until the result is called. */
export async function showProgress(io: Io, position: () => Position): Promise<() => void> {
  if (io.quiet) return () => {};
  const start = position();
  const began = performance.now();
  const text = () => progressText(position(), start, (performance.now() - began) / 1000);
  if (io.stderrIsTty) return showBar(io, text, position);
  const timer = setInterval(() => io.note(`irqsim: batch: ${text()}\n`), LINE_MS);
  return () => clearInterval(timer);
}
