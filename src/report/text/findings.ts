/** The findings: what, why, and what to change. */
import type { Finding, Level } from '../../rules/rule.ts';
import { LABEL, type Paper, wrap } from './paper.ts';

const INK: Record<Level, 'red' | 'yellow' | 'cyan'> = { error: 'red', warning: 'yellow', note: 'cyan' };

function labelled(sheet: Paper, label: string, text: string): string[] {
  return wrap(text, sheet.width - LABEL).map(
    (line, n) => (n === 0 ? sheet.ink.dim(label.padEnd(LABEL)) : ' '.repeat(LABEL)) + line,
  );
}

function where(finding: Finding): string {
  if (!finding.location) return '(default)';
  const { file, line, column } = finding.location;
  return file.startsWith('--') ? `(${file})` : `${file}:${line}:${column}`;
}

/** Lines for one finding; causes already shown in the APIC block are still given, short as they are. */
export function findingLines(finding: Finding, sheet: Paper): string[] {
  const head = finding.level.padEnd(LABEL);
  const place = where(finding);
  const fits = LABEL + finding.rule.length + 2 + place.length <= sheet.width;
  const gap = fits ? '  ' : `\n${' '.repeat(LABEL)}`;
  return [
    `${sheet.ink[INK[finding.level]].bold(head)}${sheet.ink.bold(finding.rule)}${gap}${sheet.ink.dim(place)}`,
    ...labelled(sheet, '', finding.message),
    ...finding.cause.flatMap((text, n) => labelled(sheet, n === 0 ? '  because' : '  and', text)),
    ...finding.fix.flatMap((text, n) => labelled(sheet, n === 0 ? '  change' : '  or', text)),
  ];
}
