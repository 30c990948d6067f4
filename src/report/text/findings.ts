/** The findings: what, why, and what to change. */
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { visible } from '../../lib/visible.ts';
import { wrap } from '../document/terminal/wrap.ts';
import { LABEL, type TextStyle } from './style.ts';

const INK: Record<Level, 'red' | 'yellow' | 'cyan'> = { error: 'red', warning: 'yellow', note: 'cyan' };

function labelled(style: TextStyle, label: string, text: string): string[] {
  return wrap(text, style.width - LABEL).map(
    (line, n) => (n === 0 ? style.chalk.dim(label.padEnd(LABEL)) : ' '.repeat(LABEL)) + line,
  );
}

function where(finding: Finding): string {
  if (!finding.location) return '(default)';
  const { file, line, column } = finding.location;
  return visible(file.startsWith('--') ? `(${file})` : `${file}:${line}:${column}`);
}

/** Lines of one group, causes or changes, without what was `said` before. */
function group(
  style: TextStyle,
  first: string,
  next: string,
  texts: readonly string[],
  said: Set<string>,
): string[] {
  const fresh = texts.filter((text) => !said.has(text));
  for (const text of fresh) said.add(text);
  return fresh.flatMap((text, n) => labelled(style, n === 0 ? first : next, text));
}

function findingLines(finding: Finding, style: TextStyle, said: Set<string>): string[] {
  const head = finding.level.padEnd(LABEL);
  const place = where(finding);
  const fits = LABEL + finding.rule.length + 2 + place.length <= style.width;
  const causes = group(style, '  because', '  and', finding.cause, said);
  const changes = group(style, '  change', '  or', finding.fix, said);
  const gap = fits ? '  ' : `\n${' '.repeat(LABEL)}`;
  return [
    `${style.chalk[INK[finding.level]].bold(head)}${style.chalk.bold(finding.rule)}${gap}${style.chalk.dim(place)}`,
    ...labelled(style, '', finding.message),
    ...causes,
    ...(changes.length === 0 && finding.fix.length > 0 ? labelled(style, '  change', 'as above') : changes),
  ];
}

/**
 * The lines of each finding. A cause or a change that several findings share is written once; `told` are the
 * reasons that the report gave before.
 */
export function findingBlocks(
  findings: readonly Finding[],
  told: readonly string[],
  style: TextStyle,
): string[][] {
  const said = new Set(told);
  return findings.map((finding) => findingLines(finding, style, said));
}
