/**
 * What a project file or a baseline should lose: it is about many inputs, so only a whole run tells. Inputs that were
 * not in the run say nothing about it.
 */
import type { Analysis } from '../analyze.ts';
import { fileKey } from './file-key.ts';
import { fingerprint, knownFinding } from './fingerprint.ts';
import { hasEnded, hasRun, matches, projectSuppressions } from './match.ts';
import type { JudgeSettings, KnownFinding, ProjectSuppression } from './settings.ts';
import { subjectText } from './subject.ts';

/** Entries of a baseline listed; the rest are counted. */
const MAX_LISTED = 10;

/** Watches the analyses of a run. */
export interface StaleWatch {
  readonly see: (analysis: Analysis) => void;
  /** Once all are seen: what to tell, one line each, without line ends. */
  readonly notes: () => string[];
}

const subject = (one: ProjectSuppression): string =>
  `${one.location.file}:${one.location.line}:${one.location.column}: note: the suppression of ${subjectText(one)}`;

/** `matched`: whether anything matched each suppression that was about an input of the run. */
function suppressionNotes(
  matched: ReadonlyMap<ProjectSuppression, boolean>,
  settings: JudgeSettings,
): string[] {
  return [...matched].flatMap(([one, found]) => {
    if (hasEnded(one, settings)) {
      const rest = found ? 'it no longer holds anything back' : 'nothing matches it';
      return [`${subject(one)} ended on ${one.until}; ${rest}`];
    }
    return found || !hasRun(one, settings) ? [] : [`${subject(one)} matches no finding of this run`];
  });
}

const titleOf = (entry: KnownFinding): string =>
  `${subjectText(entry)} in ${entry.file}${entry.machine === '' ? '' : ` (${entry.machine})`}: ${entry.message}`;

/** Entries about inputs of the run that no finding was. */
function baselineNotes(
  settings: JudgeSettings,
  files: ReadonlySet<string>,
  found: ReadonlySet<string>,
): string[] {
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

/** A watch on one run; it costs nothing where there is neither project file nor baseline. */
export function watchStale(settings: JudgeSettings): StaleWatch {
  const { baseline, project, cwd = '/' } = settings;
  const matched = new Map<ProjectSuppression, boolean>();
  const files = new Set<string>();
  const found = new Set<string>();
  return {
    see({ machine, findings, suppressed }) {
      if (!baseline && !project) return;
      const all = [...findings, ...suppressed.map(({ finding }) => finding)];
      for (const one of projectSuppressions(machine, settings)) {
        matched.set(one, matched.get(one) === true || all.some((finding) => matches(one, finding)));
      }
      if (!baseline) return;
      files.add(fileKey(machine.source, cwd, baseline.folder));
      for (const finding of all) found.add(fingerprint(knownFinding(machine, finding, cwd, baseline.folder)));
    },
    notes: () => [...suppressionNotes(matched, settings), ...baselineNotes(settings, files, found)],
  };
}
