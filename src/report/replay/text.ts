/** The replay for people: each event and what it changed, the strip of queue states, the end. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import { visible } from '../../lib/visible.ts';
import type { EventRun } from '../../linux/sim/run.ts';
import { eventText } from '../../machine/event-text.ts';
import { wrap } from '../document/terminal/wrap.ts';
import type { ReportOptions } from '../reporter.ts';
import { headline } from '../text/headline.ts';
import { named, type TextStyle, textStyle } from '../text/style.ts';
import { suppressedBlock } from '../text/suppressed.ts';
import { changeLines } from '../wording/event-changes.ts';
import { resultText } from '../wording/event-text.ts';
import { stripLines } from './strip-text.ts';

/** Shown without -v. */
const EVENTS_MAX = 40;
const LINES_MAX = 8;

/** A numbered line with a bold head, continued below its head. */
function headed(
  number: string,
  head: string,
  text: string,
  digits: number,
  style: TextStyle,
  ink: (text: string) => string = (plain) => plain,
): string[] {
  const indent = ' '.repeat(digits + 4);
  const start = visible(`${number.padStart(digits + 2)}  ${head}`);
  const [first, ...more] = wrap(text, Math.max(20, style.width - start.length));
  return [`${style.chalk.bold(start)}${ink(first)}`, ...more.map((line) => indent + ink(line))];
}

function eventLines(run: EventRun, number: number, digits: number, style: TextStyle): string[] {
  const { vectors } = run.changed;
  const indent = ' '.repeat(digits + 4);
  const changes = changeLines(run);
  const shown = style.verbose ? changes : changes.slice(0, LINES_MAX);
  const rest = changes.length - shown.length;
  const details = [
    ...run.messages.map((message) => `kernel: ${message}`),
    ...shown,
    ...(rest > 0 ? [`and ${rest} more changes (-v shows all)`] : []),
    ...(vectors.before === vectors.after
      ? []
      : [`vectors in use: ${vectors.before} before, ${vectors.after} after`]),
  ].flatMap((text) => wrap(text, style.width - indent.length));
  const ink = run.result === 'ok' ? style.chalk.green : style.chalk.red;
  const [first, ...more] = headed(
    `${number}`,
    `${eventText(run.event)}: `,
    resultText(run),
    digits,
    style,
    ink,
  );
  return [first, ...more, ...details.map((line) => indent + line)];
}

function timelineLines({ run }: Analysis, style: TextStyle): string[] {
  const { events, timeline } = run;
  if (events.length === 0) return ['No events: add some under `events:`, or with --event offline=3.'];
  const refusals = events.filter(({ result }) => result === 'refused').length;
  const shown = style.verbose ? events : events.slice(0, EVENTS_MAX);
  const digits = String(shown.length).length;
  const boot = timeline
    ? [
        `CPUs ${list(timeline.boot.online.toString())} online of ${list(timeline.boot.present.toString())} present, ` +
          `${timeline.boot.totalAllocated} vectors in use`,
      ]
    : [];
  return [
    ...named(style, 'Events', [
      `${events.length} after boot, ${refusals === 0 ? 'all accepted' : `${refusals} refused`}`,
    ]),
    ...boot.flatMap((text) => headed('0', 'boot: ', text, digits, style)),
    ...shown.flatMap((one, index) => eventLines(one, index + 1, digits, style)),
    ...(shown.length < events.length
      ? [`and ${events.length - shown.length} more events (-v shows all)`]
      : []),
  ];
}

const list = (text: string): string => (text === '' ? 'none' : shortenList(text));

function endLines(analysis: Analysis, style: TextStyle): string[] {
  const { run, domains } = analysis;
  const [{ reachable, unreachable, unknown }] = domains;
  const sets = { online: run.online, present: run.present, reachable, unreachable, unknown };
  return [
    ...headline(analysis, style),
    ...named(style, 'End', [
      Object.entries(sets)
        .map(([name, mask]) => `${name} ${list(mask.toString())}`)
        .join('; '),
    ]),
  ];
}

/** The whole replay; ends with a newline. */
export function replayText(analysis: Analysis, options: ReportOptions): string {
  const style = textStyle(options);
  const { events, timeline } = analysis.run;
  const sections = [
    timelineLines(analysis, style),
    timeline ? stripLines(timeline, events.length, style) : [],
    endLines(analysis, style),
    suppressedBlock(analysis, style),
    wrap('irqsim analyze reports on the state at the end: CPUs, devices, findings', style.width).map((line) =>
      style.chalk.dim(line),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
