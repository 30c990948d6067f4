/** A kernel log, annotated: what its lines mean, where the model would have said something else, and what is missing. */
import type { Analysis } from '../../findings/analyze.ts';
import { logOf } from '../../formats/kernel-log/log.ts';
import { evidenceOf } from '../../formats/kernel-log/reader.ts';
import { type Difference, differencesOf, notCompared } from './differences.ts';
import { type LogFacts, logFacts } from './facts.ts';
import { type AnnotatedLine, annotated } from './lines.ts';

/** The analysis of the machine that the log tells of, or why there is none. */
export type Judged = { readonly analysis: Analysis } | { readonly why: string };

export interface AnnotatedLog {
  readonly file: string;
  /** Messages that the last boot holds. */
  readonly messages: number;
  readonly lines: readonly AnnotatedLine[];
  readonly differences: readonly Difference[];
  /** What was not compared, and why, as sentences. */
  readonly notCompared: readonly string[];
  readonly facts: LogFacts;
  readonly judged: Judged;
  /** What to ask for next, as clauses. */
  readonly ask: readonly string[];
}

const WHOLE_LOG = 'the log from the boot on: journalctl -k -b, /var/log/dmesg, or the serial console';
const CAPTURE = 'the machine itself: irqsim capture as root makes an archive that tells all of this';

function askFor(judged: Judged, known: boolean, differences: readonly Difference[]): string[] {
  const wanted = 'analysis' in judged ? judged.analysis.machine.notUnderstood : [];
  const asked = wanted.map(({ part, remedy }) => `${part}${remedy === undefined ? '' : `: ${remedy}`}`);
  return [
    ...(known ? [] : [WHOLE_LOG]),
    ...asked,
    ...(asked.length > 0 || differences.length > 0 || !('analysis' in judged) ? [CAPTURE] : []),
  ];
}

/** Annotates the log in a text. `judge` makes the analysis of its machine. */
export function annotateLog(text: string, file: string, judged: Judged): AnnotatedLog {
  const log = logOf(text, file);
  const evidence = evidenceOf(log);
  const found = new Set('analysis' in judged ? judged.analysis.findings.map(({ rule }) => rule) : []);
  const differences = 'analysis' in judged ? differencesOf(evidence, judged.analysis) : [];
  return {
    file,
    messages: log.lines.length,
    lines: annotated(log.lines, found),
    differences,
    notCompared: 'analysis' in judged ? notCompared(evidence, judged.analysis) : [],
    facts: logFacts(evidence),
    judged,
    ask: askFor(judged, log.known, differences),
  };
}
