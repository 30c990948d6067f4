/** The replay for people: each event and what it changed, the timeline of queue states, the end. */
import type { Analysis } from '../../findings/analyze.ts';
import { groupBy } from '../../lib/group-by.ts';
import { shortenList } from '../../lib/ids.ts';
import type { EventRun, Timeline } from '../../linux/sim/run.ts';
import { eventText } from '../../machine/event-text.ts';
import { headline } from '../analysis/headline.ts';
import { suppressedSection } from '../analysis/suppressed.ts';
import type { Block, Document, Section, Steps } from '../document/block.ts';
import { changeLines } from '../wording/event-changes.ts';
import { resultText } from '../wording/event-text.ts';
import { kernelLines } from '../wording/kernel-lines.ts';
import { queueTimeline } from './queue-timeline.ts';

/** Shown without -v. */
const EVENTS_MAX = 40;
const CHANGES_MAX = 8;

type Step = Steps['steps'][number];

const list = (text: string): string => (text === '' ? 'none' : shortenList(text));

const facts = (name: string, text: string): Block => ({ kind: 'facts', facts: [{ name, texts: [text] }] });

function eventStep(run: EventRun, number: number, verbose: boolean): Step {
  const { vectors } = run.changed;
  const changes = changeLines(run);
  const shown = verbose ? changes : changes.slice(0, CHANGES_MAX);
  const rest = changes.length - shown.length;
  return {
    number,
    what: eventText(run.event),
    result: resultText(run),
    tone: run.result === 'ok' ? 'good' : 'bad',
    details: [
      ...kernelLines(run.messages).map((message) => `kernel: ${message}`),
      ...shown,
      ...(rest > 0 ? [`and ${rest} more change${rest === 1 ? '' : 's'} (-v shows all)`] : []),
      ...(vectors.before === vectors.after
        ? []
        : [`vectors in use: ${vectors.before} before, ${vectors.after} after`]),
    ],
  };
}

function bootStep({ boot }: Timeline): Step {
  const cpus = `CPUs ${list(boot.online.toString())} online of ${list(boot.present.toString())} present`;
  return { number: 0, what: 'boot', result: `${cpus}, ${boot.totalAllocated} vectors in use`, details: [] };
}

function eventSection({ run }: Analysis, verbose: boolean): Section {
  const { events, timeline } = run;
  if (events.length === 0) {
    const text = { prose: 'No events: add some under `events:`, or with --event offline=3.' };
    return [{ kind: 'paragraph', text }, ...shortAtBoot(run.devices)];
  }
  const ended = (result: EventRun['result']) => events.filter((one) => one.result === result).length;
  const counts = [
    [ended('refused'), 'refused'],
    [ended('crashed'), 'crashes the kernel'],
    [ended('not-reached'), 'not reached'],
  ] as const;
  const amiss = counts.flatMap(([n, how]) => (n === 0 ? [] : [`${n} ${how}`])).join(', ');
  const shown = verbose ? events : events.slice(0, EVENTS_MAX);
  const steps = shown.map((one, index) => eventStep(one, index + 1, verbose));
  return [
    facts('Events', `${events.length} after boot, ${amiss || 'all accepted'}`),
    { kind: 'steps', steps: timeline ? [bootStep(timeline), ...steps] : steps },
    ...rest(events.length - shown.length, 'events'),
  ];
}

/** Devices that got less than they asked for, by what they got. */
function shortAtBoot(devices: Analysis['run']['devices']): Block[] {
  const short = devices.filter(
    ({ fallback, errno, behind }) => behind === undefined && (fallback !== null || errno !== 0),
  );
  if (short.length === 0) return [];
  const what = ({ fallback, vectorsGranted, vectorsAsked }: (typeof short)[number]): string =>
    fallback ?? `${vectorsGranted} of ${vectorsAsked} vectors`;
  const texts = [...groupBy(short, what)].map(([why, those]) => {
    const [{ name }] = those;
    const more = those.length - 1;
    return `${name}${more === 0 ? '' : ` and ${more} more`}, less than asked for: ${why}`;
  });
  return [{ kind: 'facts', facts: [{ name: 'Boot', texts }] }];
}

const rest = (n: number, what: string): Section =>
  n > 0 ? [{ kind: 'paragraph', text: `and ${n} more ${what} (-v shows all)` }] : [];

function queueSection({ timeline, events }: Analysis['run'], verbose: boolean): Section {
  if (!timeline) return [];
  const { block, hidden } = queueTimeline(timeline, events.length, verbose);
  return block.groups.length === 0 ? [] : [block, ...rest(hidden, 'kinds of devices')];
}

function endSection(analysis: Analysis): Section {
  const { run, domains } = analysis;
  const [{ reachable, unreachable, unknown }] = domains;
  const sets = { online: run.online, present: run.present, reachable, unreachable, unknown };
  const texts = Object.entries(sets).map(([name, mask]) => `${name} ${list(mask.toString())}`);
  return [headline(analysis), facts('End', texts.join('; '))];
}

/** The whole replay; `verbose`: every event, every change, every row. */
export function replayDocument(analysis: Analysis, verbose: boolean): Document {
  const next = 'irqsim analyze reports on the state at the end: CPUs, devices, findings';
  return [
    eventSection(analysis, verbose),
    queueSection(analysis.run, verbose),
    endSection(analysis),
    suppressedSection(analysis, verbose),
    [{ kind: 'paragraph', text: next, tone: 'aside' }],
  ];
}
