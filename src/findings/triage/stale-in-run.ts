/**
 * What a project file or a baseline should lose: it is about many inputs, so only a whole run tells. Inputs that were
 * not in the run say nothing about it.
 */
import type { Location, Suppression } from '../../machine/machine.ts';
import type { Analysis } from '../analyze.ts';
import { fileKey } from './file-key.ts';
import { fingerprint, knownFinding } from './fingerprint.ts';
import { hasEnded, hasRun, matches, projectSuppressions } from './match.ts';
import type { JudgeSettings, KnownFinding } from './settings.ts';
import { subjectText } from './subject.ts';

/** Entries of a baseline listed; the rest are counted. */
const MAX_LISTED = 10;

/** What one analysis tells about project file and baseline. Plain data: worker threads send it. */
export interface Trace {
  /** Numbers of the project's suppressions that are about the input, and of those that match a finding. */
  readonly about: readonly number[];
  readonly matched: readonly number[];
  /** The input as the baseline names it, and the entries that were found; undefined: there is no baseline. */
  readonly file: string | undefined;
  readonly found: readonly string[];
  /** Comments of the input that are about several machines, and whether they match a finding of this one. */
  readonly comments: readonly { readonly suppression: Suppression; readonly matched: boolean }[];
}

/** The trace of an analysis; undefined where there is neither project file nor baseline, nor such a comment. */
export function traceOf(
  { machine, findings, suppressed }: Analysis,
  settings: JudgeSettings,
): Trace | undefined {
  const { baseline, project, cwd = '/' } = settings;
  const shared = (machine.triage?.suppress ?? []).filter(({ comment }) => comment?.isShared);
  if (!baseline && !project && shared.length === 0) return undefined;
  const all = [...findings, ...suppressed.map(({ finding }) => finding)];
  const here = projectSuppressions(machine, settings);
  const numbers = (suppressions: typeof here) =>
    suppressions.map((one) => project?.suppress.indexOf(one) ?? -1);
  const keys = baseline
    ? all.map((finding) => fingerprint(knownFinding(machine, finding, cwd, baseline.folder)))
    : [];
  return {
    about: numbers(here),
    matched: numbers(here.filter((one) => all.some((finding) => matches(one, finding, machine)))),
    file: baseline && fileKey(machine.source, cwd, baseline.folder),
    found: keys.filter((key) => baseline?.known.has(key)),
    comments: shared.map((suppression) => ({
      suppression,
      matched: all.some((finding) => matches(suppression, finding, machine)),
    })),
  };
}

/** Watches the analyses of a run. */
export interface StaleWatch {
  readonly see: (trace: Trace | undefined) => void;
  /**
   * Once all are seen: what to tell, one line each, without line ends. `whole`: no other run has seen a part of the
   * inputs; otherwise nobody knows here what matches nothing.
   */
  readonly notes: (whole: boolean) => string[];
}

/** What the traces of a run come to. */
interface Seen {
  readonly about: Set<number>;
  readonly matched: Set<number>;
  readonly files: Set<string>;
  readonly found: Set<string>;
  /** Comments by their place and rule, and those that match. */
  readonly comments: Map<string, Suppression>;
  readonly matchedComments: Set<string>;
}

const placeText = ({ file, line, column }: Location): string => `${file}:${line}:${column}`;

/** The place and the rule of a comment tell it from others. */
const keyOf = (one: Suppression): string => `${placeText(one.location)} ${one.rule}`;

/** Comments about several machines that none of them needs; one that has ended is a finding of each. */
function commentNotes({ comments, matchedComments }: Seen, settings: JudgeSettings): string[] {
  return [...comments].flatMap(([key, one]) =>
    matchedComments.has(key) || hasEnded(one, settings) || !hasRun(one, settings)
      ? []
      : [`${placeText(one.location)}: note: the suppression of ${one.rule} matches no finding of this run`],
  );
}

function suppressionNotes({ about, matched }: Seen, settings: JudgeSettings, whole: boolean): string[] {
  return [...about].flatMap((number) => {
    const one = settings.project?.suppress[number];
    if (!one) return [];
    const subject = `${placeText(one.location)}: note: the suppression of ${subjectText(one)}`;
    const found = matched.has(number);
    if (hasEnded(one, settings)) {
      const rest = found || !whole ? 'it no longer holds anything back' : 'nothing matches it';
      return [`${subject} ended on ${one.until}; ${rest}`];
    }
    return found || !whole || !hasRun(one, settings) ? [] : [`${subject} matches no finding of this run`];
  });
}

const titleOf = (entry: KnownFinding): string =>
  `${subjectText(entry)} in ${entry.file}${entry.machine === '' ? '' : ` (${entry.machine})`}: ${entry.message}`;

/** Entries about inputs of the run that no finding was. */
function baselineNotes({ files, found }: Seen, settings: JudgeSettings): string[] {
  const { baseline } = settings;
  if (!baseline) return [];
  const gone = [...baseline.known]
    .filter(([key, entry]) => files.has(entry.file) && !found.has(key) && hasRun(entry, settings))
    .map(([, entry]) => entry);
  if (gone.length === 0) return [];
  const rest = gone.length - MAX_LISTED;
  return [
    ...gone
      .slice(0, MAX_LISTED)
      .map((entry) => `${baseline.file}:${entry.line}:1: note: no longer found: ${titleOf(entry)}`),
    ...(rest > 0 ? [`${baseline.file}: note: and ${rest} more`] : []),
    `${baseline.file}: irqsim analyze --write-baseline writes it anew`,
  ];
}

/** A watch on one run. */
export function watchStale(settings: JudgeSettings): StaleWatch {
  const seen: Seen = {
    about: new Set(),
    matched: new Set(),
    files: new Set(),
    found: new Set(),
    comments: new Map(),
    matchedComments: new Set(),
  };
  return {
    see(trace) {
      if (!trace) return;
      for (const number of trace.about) seen.about.add(number);
      for (const number of trace.matched) seen.matched.add(number);
      if (trace.file !== undefined) seen.files.add(trace.file);
      for (const key of trace.found) seen.found.add(key);
      for (const { suppression, matched } of trace.comments) {
        seen.comments.set(keyOf(suppression), suppression);
        if (matched) seen.matchedComments.add(keyOf(suppression));
      }
    },
    notes: (whole) => [
      ...suppressionNotes(seen, settings, whole),
      ...(whole ? [...commentNotes(seen, settings), ...baselineNotes(seen, settings)] : []),
    ],
  };
}
