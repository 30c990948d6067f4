/**
 * SARIF 2.1.0: one run. `rules` holds those that found something; `message.text` is the finding, `message.markdown`
 * has its causes and changes too. Relative paths are relative to %SRCROOT%. What a default or an option causes is
 * placed on line 1 of the input; a machine from standard input has no physical location. The fingerprint
 * `irqsimFinding/v1` is that of a baseline, hashed: no line number, so that it survives moved lines. Findings that
 * users suppressed are results with `suppressions`. Inputs that could not
 * be read are notifications of an invocation that was not successful.
 */

import type {
  ArtifactLocation,
  Location,
  Log,
  Notification,
  ReportingDescriptor,
  Result,
  Suppression,
} from 'sarif';
import type { Analysis, SuppressedFinding } from '../../findings/analyze.ts';
import { findRule } from '../../findings/rules/index.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import { jsonText } from '../../lib/json-text.ts';
import { visible } from '../../lib/visible.ts';
import type { InputError } from '../../machine/locate.ts';
import type { Location as Place } from '../../machine/machine.ts';
import { markdownProse, markdownText } from '../document/markdown/text.ts';
import type { Reporter, ReportOptions } from '../reporter.ts';
import { reasonLines } from '../wording/finding-lines.ts';
import { isOption, placedProblems, placeOf, STDIN } from '../wording/place.ts';
import { rulePage } from '../wording/rule-page.ts';
import { suppressionReason } from '../wording/suppression-text.ts';
import { identity, numberedHashes } from './identity.ts';

const SCHEMA =
  'https://raw.githubusercontent.com/schemastore/schemastore/master/src/schemas/json/sarif-2.1.0-rtm.5.json';
const ROOT = '%SRCROOT%';

/** Lines before a finding that viewers show with it. */
const LINES_AROUND = 2;

/** A path as a URI; lone surrogates, which no URI can hold, become U+FFFD. */
function artifactLocation(file: string): ArtifactLocation {
  const path = file
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? { uri: `file://${path}` } : { uri: path, uriBaseId: ROOT };
}

/** A place in a file, and the machine that it is about; none where there is neither. `around`: with the lines before it. */
function locations({ file, line, column }: Place, machine: string, around = false): Location[] {
  const location: Location = {
    ...(file === STDIN
      ? {}
      : {
          physicalLocation: {
            artifactLocation: artifactLocation(file),
            region: { startLine: line, startColumn: column },
            ...(around && line > 1
              ? { contextRegion: { startLine: Math.max(1, line - LINES_AROUND), endLine: line } }
              : {}),
          },
        }),
    ...(machine === '' ? {} : { logicalLocations: [{ name: visible(machine) }] }),
  };
  return Object.keys(location).length === 0 ? [] : [location];
}

/** The name of a rule as SARIF asks for it: `sparse-apic-ids` is SparseApicIds. */
const pascalCase = (slug: string): string =>
  slug.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());

function descriptor(name: string, docs: string | undefined): ReportingDescriptor {
  const rule = findRule(name);
  if (!rule) return { id: name };
  const { level, summary, explain } = rule;
  return {
    id: name,
    name: pascalCase(name),
    shortDescription: { text: summary },
    fullDescription: { text: explain[0] ?? summary },
    help: { text: explain.join('\n\n'), markdown: explain.map(markdownProse).join('\n\n') },
    ...(docs !== undefined && { helpUri: rulePage(docs, name) }),
    defaultConfiguration: { level },
  };
}

function findingMarkdown(finding: Finding): string {
  const reasons = reasonLines(finding).map((text) => `- ${markdownText(text)}`);
  return [markdownText(finding.message), ...(reasons.length > 0 ? ['', ...reasons] : [])].join('\n');
}

/** The result, but for what depends on the results before it. */
function resultOf(
  { machine }: Analysis,
  finding: Finding,
): Omit<Result, 'ruleIndex' | 'partialFingerprints'> {
  const { rule, level, message, location, cpus, devices } = finding;
  return {
    ruleId: rule,
    level,
    message: { text: visible(message), markdown: findingMarkdown(finding) },
    locations: locations(placeOf(location, machine.source), machine.name, true),
    properties: {
      kernel: machine.kernel.text,
      platform: machine.platform,
      cpus: cpus?.toString() ?? '',
      devices: devices.map(visible),
    },
  };
}

function suppression({ machine }: Analysis, suppressed: SuppressedFinding): Suppression {
  const { by, location } = suppressed;
  const [place] = isOption(location.file) ? [] : locations(placeOf(location, machine.source), '');
  return {
    kind: by === 'description' || by === 'comment' ? 'inSource' : 'external',
    justification: visible(suppressionReason(suppressed)),
    ...(place ? { location: place } : {}),
  };
}

function notifications(input: string, error: InputError): Notification[] {
  return placedProblems(input, error).map(({ place, message }) => ({
    level: 'error',
    message: { text: visible(message) },
    locations: locations(place, ''),
  }));
}

/** Numbers names in the order of their first use. */
function numbering(): { readonly names: readonly string[]; readonly of: (name: string) => number } {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    of(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}

function logOf(
  { version, docs }: Pick<ReportOptions, 'version' | 'docs'>,
  rules: readonly string[],
  results: Result[],
  toolExecutionNotifications: Notification[],
): Log {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'irqsim',
            version,
            semanticVersion: version,
            ...(docs !== undefined && { informationUri: `${docs}/index.html` }),
            rules: rules.map((name) => descriptor(name, docs)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder that irqsim was run in.' } } },
        invocations: [
          {
            executionSuccessful: toolExecutionNotifications.length === 0,
            ...(toolExecutionNotifications.length === 0 ? {} : { toolExecutionNotifications }),
          },
        ],
        results,
      },
    ],
  };
}

export const sarif: Reporter = {
  begin(options) {
    const rules = numbering();
    const numbered = numberedHashes();
    const results: Result[] = [];
    const failures: Notification[] = [];
    const push = (analysis: Analysis, finding: Finding, suppressions?: Suppression[]) =>
      results.push({
        ...resultOf(analysis, finding),
        ruleIndex: rules.of(finding.rule),
        partialFingerprints: { 'irqsimFinding/v1': numbered(identity(analysis, finding)) },
        ...(suppressions ? { suppressions } : {}),
      });
    return {
      add(analysis) {
        for (const finding of analysis.findings) push(analysis, finding);
        for (const one of analysis.suppressed) push(analysis, one.finding, [suppression(analysis, one)]);
        return '';
      },
      failed(input, error) {
        failures.push(...notifications(input, error));
        return '';
      },
      end: () => `${jsonText(logOf(options, rules.names, results, failures), 2)}\n`,
    };
  },
};
