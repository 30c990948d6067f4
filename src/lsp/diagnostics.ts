/** Findings, and what is wrong with a text, as diagnostics at their places. */
import type {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Range,
} from 'vscode-languageserver';
import type { Finding, Level } from '../findings/rules/rule.ts';
import { visible } from '../lib/visible.ts';
import type { Location } from '../machine/locate.ts';
import { isOption, UNREADABLE } from '../report/wording/place.ts';
import { rulePage } from '../report/wording/rule-page.ts';
import { uriOf } from './places.ts';
import type { Known, Read } from './text.ts';

/** Error, Warning and Information of the protocol. */
const SEVERITIES: Readonly<Record<Level, DiagnosticSeverity>> = { error: 1, warning: 2, note: 3 };

/** The `source` of every diagnostic. */
const SOURCE = 'irqsim';
/** The code of a bug. */
const INTERNAL = 'internal-error';
/** Devices that are pointed at. */
const RELATED_SHOWN = 8;

/** Whether a place is in the text itself. */
const isHere = ({ file }: Location, { open }: Known): boolean => file === open.file;

/** Another place that belongs to a finding; none for an option. */
function related(message: string, place: Location, known: Known): DiagnosticRelatedInformation[] {
  if (isOption(place.file)) return [];
  const { open, places } = known;
  if (isHere(place, known)) return [{ message, location: { uri: open.uri, range: places.word(place) } }];
  const start = { line: place.line - 1, character: place.column - 1 };
  return [{ message, location: { uri: uriOf(place.file, open.folder), range: { start, end: start } } }];
}

/** Where the devices stand that a finding names, and what gave it its level. */
function relatedTo(finding: Finding, { analysis }: Read, known: Known): DiagnosticRelatedInformation[] {
  const { devices, location, overridden } = finding;
  const named = new Set(devices);
  const seen = new Set<string>(location ? [`${location.line}`] : []);
  const told = analysis.machine.devices.flatMap(({ name, path }) => {
    if (!named.has(name)) return [];
    const place = analysis.machine.locate(path);
    if (!place || !isHere(place, known) || seen.has(`${place.line}`)) return [];
    seen.add(`${place.line}`);
    return related(visible(`device ${name}`), place, known);
  });
  const level = overridden
    ? related(`the level is set here; it would be ${overridden.level}`, overridden.location, known)
    : [];
  return [...told.slice(0, RELATED_SHOWN), ...level];
}

/** Where a finding is marked: what a default, an option or another file causes, on the line where the machine begins. */
export function rangeIn({ location }: Finding, { begins }: Read, known: Known): Range {
  const { places } = known;
  return location && isHere(location, known) ? places.word(location) : places.line(begins);
}

function messageOf({ message, cause }: Finding, { analysis }: Read, known: Known): string {
  const name = known.machines > 1 && analysis.machine.name !== '' ? `${analysis.machine.name}: ` : '';
  const causes = cause.map((text, n) => `${n === 0 ? 'because' : 'and'} ${text}`);
  return [name + message, ...causes].map(visible).join('\n');
}

function ofFinding(finding: Finding, read: Read, known: Known): Diagnostic {
  const { location, rule, level } = finding;
  const { docs } = known.reading;
  const elsewhere = location && !isHere(location, known) ? related('this is the cause', location, known) : [];
  const relatedInformation = [...elsewhere, ...relatedTo(finding, read, known)];
  return {
    range: rangeIn(finding, read, known),
    severity: SEVERITIES[level],
    code: rule,
    ...(docs === undefined ? {} : { codeDescription: { href: rulePage(docs, rule) } }),
    source: SOURCE,
    message: messageOf(finding, read, known),
    ...(relatedInformation.length > 0 ? { relatedInformation } : {}),
  };
}

/** All that is said of a text, in the order of the reports. */
export function diagnosticsOf(known: Known): Diagnostic[] {
  const problems = known.problems.map(
    ({ place, message, isBug }): Diagnostic => ({
      range: known.places.word(isHere(place, known) ? place : { line: 1, column: 1 }),
      severity: SEVERITIES.error,
      code: isBug ? INTERNAL : UNREADABLE,
      source: SOURCE,
      message: visible(message),
    }),
  );
  const findings = known.read.flatMap((read) =>
    read.analysis.findings.map((finding) => ofFinding(finding, read, known)),
  );
  return [...problems, ...findings];
}

/** What keeps a text from being read at all, such as a project file with a mistake in it, at its first word. */
export function complaint(message: string, code: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: SEVERITIES.error,
    code,
    source: SOURCE,
    message: visible(message),
  };
}
