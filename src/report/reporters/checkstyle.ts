/**
 * Checkstyle's XML, which most CI systems and review bots read: a `file` an input, an `error` a finding. The source of a
 * finding is `irqsim.` and its rule; an input that could not be read is an error of `irqsim.unreadable`.
 */
import type { Level } from '../../findings/rules/rule.ts';
import type { Location } from '../../machine/locate.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems, placeOf, UNREADABLE } from '../wording/place.ts';
import { xmlAttributes } from './xml-text.ts';

/** Checkstyle's names of the levels. */
const SEVERITIES: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'info' };

/** The release of Checkstyle whose form this is. */
const FORM = '10.0';

function errorLine({ line, column }: Location, level: Level, message: string, rule: string): string {
  const severity = SEVERITIES[level];
  return `    <error${xmlAttributes({ line, column, severity, message, source: `irqsim.${rule}` })}/>`;
}

export const checkstyle: Reporter = {
  begin() {
    const files = new Map<string, string[]>();
    const put = (place: Location, level: Level, message: string, rule: string): void => {
      const lines = files.get(place.file) ?? [];
      files.set(place.file, lines);
      lines.push(errorLine(place, level, message, rule));
    };
    return {
      add({ machine: { name, source }, findings }) {
        for (const { location, level, message, rule } of findings) {
          put(placeOf(location, source), level, name === '' ? message : `${name}: ${message}`, rule);
        }
        return '';
      },
      failed(input, error) {
        for (const { place, message } of placedProblems(input, error)) {
          put(place, 'error', message, UNREADABLE);
        }
        return '';
      },
      end: () =>
        [
          '<?xml version="1.0" encoding="UTF-8"?>',
          `<checkstyle${xmlAttributes({ version: FORM })}>`,
          ...[...files].flatMap(([name, lines]) => [
            `  <file${xmlAttributes({ name })}>`,
            ...lines,
            '  </file>',
          ]),
          '</checkstyle>',
          '',
        ].join('\n'),
    };
  },
};
