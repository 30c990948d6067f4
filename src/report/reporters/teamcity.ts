/**
 * Service messages of TeamCity: an inspection for each finding, its rule declared once before it. An input that could
 * not be read is a build problem, which fails the build.
 */
import { findRule } from '../../findings/rules/index.ts';
import type { Level } from '../../findings/rules/rule.ts';
import { visible } from '../../lib/visible.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems, placeOf } from '../wording/place.ts';

const SEVERITIES: Readonly<Record<Level, string>> = { error: 'ERROR', warning: 'WARNING', note: 'INFO' };

/** Values are quoted; a bar escapes what ends or begins something, and all that is not ASCII. */
function escaped(text: string): string {
  return visible(text)
    .replace(/[|'[\]]/g, '|$&')
    .replace(/[^\x20-\x7e]/g, (unit) => `|0x${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function serviceMessage(name: string, values: Readonly<Record<string, string | number>>): string {
  const words = Object.entries(values).map(([key, value]) => ` ${key}='${escaped(String(value))}'`);
  return `##teamcity[${name}${words.join('')}]\n`;
}

function declaration(rule: string): string {
  const { summary, explain } = findRule(rule) ?? { summary: rule, explain: [] };
  return serviceMessage('inspectionType', {
    id: `irqsim.${rule}`,
    name: rule,
    category: 'irqsim',
    description: explain[0] ?? summary,
  });
}

export const teamcity: Reporter = {
  begin() {
    const declared = new Set<string>();
    const declareOnce = (rule: string): string => {
      if (declared.has(rule)) return '';
      declared.add(rule);
      return declaration(rule);
    };
    return {
      add: ({ machine: { name, source }, findings }) =>
        findings
          .map(({ location, level, message, rule }) => {
            const { file, line } = placeOf(location, source);
            return (
              declareOnce(rule) +
              serviceMessage('inspection', {
                typeId: `irqsim.${rule}`,
                message: name === '' ? message : `${name}: ${message}`,
                file,
                line,
                SEVERITY: SEVERITIES[level],
              })
            );
          })
          .join(''),
      failed: (input, error) =>
        placedProblems(input, error)
          .map(({ place: { file, line, column }, message }) =>
            serviceMessage('buildProblem', { description: `${file}:${line}:${column}: ${message}` }),
          )
          .join(''),
      end: () => '',
    };
  },
};
