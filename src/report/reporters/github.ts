/**
 * Workflow commands of GitHub Actions: one annotation a finding, with causes and changes below the message. The
 * runner shows ten errors, warnings and notices each of a step; the rest is in its log.
 */

import type { Analysis } from '../../findings/analyze.ts';
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { lookup } from '../../lib/lookup.ts';
import { visible } from '../../lib/visible.ts';
import type { Location } from '../../machine/machine.ts';
import type { Reporter } from '../reporter.ts';
import { reasonLines } from '../wording/finding-lines.ts';
import { placedProblems, placeOf, STDIN } from '../wording/place.ts';

const COMMANDS: Record<Level, string> = { error: 'error', warning: 'warning', note: 'notice' };

const DATA_ESCAPES = { '%': '%25', '\r': '%0D', '\n': '%0A' } as const;
const PROPERTY_ESCAPES = { ...DATA_ESCAPES, ':': '%3A', ',': '%2C' } as const;

function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, (char) => lookup(DATA_ESCAPES, char) ?? char);
}

function escapeProperty(text: string): string {
  return text.replace(/[%\r\n:,]/g, (char) => lookup(PROPERTY_ESCAPES, char) ?? char);
}

function command(level: Level, { file, line, column }: Location, title: string, message: string): string {
  const place = file === STDIN ? {} : { file, line: String(line), col: String(column) };
  const properties = Object.entries({ ...place, title }).map(
    ([name, value]) => `${name}=${escapeProperty(visible(value))}`,
  );
  return `::${COMMANDS[level]} ${properties.join(',')}::${escapeData(message)}\n`;
}

function annotation({ machine }: Analysis, finding: Finding): string {
  const { level, location, rule, message } = finding;
  const title = machine.name === '' ? rule : `${rule} (${machine.name})`;
  return command(
    level,
    placeOf(location, machine.source),
    title,
    [message, ...reasonLines(finding)].map(visible).join('\n'),
  );
}

export const github: Reporter = {
  begin: () => ({
    add: (analysis) => analysis.findings.map((finding) => annotation(analysis, finding)).join(''),
    failed: (input, error) =>
      placedProblems(input, error)
        .map(({ place, message }) => command('error', place, 'unreadable input', visible(message)))
        .join(''),
    end: () => '',
  }),
};
