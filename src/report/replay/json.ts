/** The replay for programs: the boot state, each event, the strip, and the report on the end. */

import type { Analysis } from '../../findings/analyze.ts';
import { jsonText } from '../../lib/json-text.ts';
import { QUEUE_STATES, type Timeline } from '../../linux/sim/run.ts';
import { foldHistory } from '../document/fold.ts';
import { eventJson } from '../event-json.ts';
import { jsonReport } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import { groupsOf, MARKS } from './queue-timeline.ts';

function bootJson({ boot }: Timeline): object {
  const { totalAllocated, ...sets } = boot;
  const lists = Object.entries(sets).map(([name, mask]) => [name, mask.toString()] as const);
  return { ...Object.fromEntries(lists), totalAllocated };
}

/** A sign for boot and one for each event; `signs` says what they mean. */
function stripJson(timeline: Timeline, events: number): object {
  const signs = QUEUE_STATES.map((state) => MARKS[state].sign);
  return {
    signs: Object.fromEntries(Object.entries(MARKS).map(([state, { sign }]) => [sign, state])),
    devices: groupsOf(timeline).map(({ devices, rows }) => ({
      devices,
      queues: rows.map((row) => ({
        queues: row.name,
        states: foldHistory(row, events, 1)
          .map((state) => signs[state])
          .join(''),
      })),
    })),
  };
}

function parts(analysis: Analysis, options: ReportOptions) {
  const { events, timeline } = analysis.run;
  const report = jsonReport(analysis, options.version, options) as Readonly<Record<string, unknown>>;
  const { schemaVersion, tool, machine, events: _, ...end } = report;
  return {
    head: { schemaVersion, tool, machine },
    boot: timeline && bootJson(timeline),
    events: events.map((run, index) => ({ number: index + 1, ...eventJson(run) })),
    strip: timeline && stripJson(timeline, events.length),
    end,
  };
}

/** One object; `end` has the fields of the analysis. */
export function replayJson(analysis: Analysis, options: ReportOptions): string {
  const { head, ...rest } = parts(analysis, options);
  return `${jsonText({ ...head, ...rest }, 2)}\n`;
}

/** One line an event (`type: event`), then one with everything else (`type: end`). */
export function replayNdjson(analysis: Analysis, options: ReportOptions): string {
  const { head, events, ...rest } = parts(analysis, options);
  const lines = [...events.map((event) => ({ type: 'event', ...event })), { type: 'end', ...head, ...rest }];
  return `${lines.map((line) => jsonText(line)).join('\n')}\n`;
}
