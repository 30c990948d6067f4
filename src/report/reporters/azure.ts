/**
 * Logging commands of Azure Pipelines: an issue of the task for each error and warning. Azure knows no third level, so
 * notes are plain lines of the log, as `--format unix` writes them.
 */
import type { Level } from '../../findings/rules/rule.ts';
import { lookup } from '../../lib/lookup.ts';
import { visible } from '../../lib/visible.ts';
import type { Location } from '../../machine/locate.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems, placeOf, STDIN, UNREADABLE } from '../wording/place.ts';
import { unixLine } from './unix.ts';

/** The agent decodes `%AZP25` to a percent sign. */
const DATA_ESCAPES = { '%': '%AZP25', '\r': '%0D', '\n': '%0A' } as const;
const PROPERTY_ESCAPES = { ...DATA_ESCAPES, ';': '%3B', ']': '%5D' } as const;

const escapeData = (text: string): string =>
  visible(text).replace(/[%\r\n]/g, (char) => lookup(DATA_ESCAPES, char) ?? char);
const escapeProperty = (text: string): string =>
  visible(text).replace(/[%\r\n;\]]/g, (char) => lookup(PROPERTY_ESCAPES, char) ?? char);

function issueLine(place: Location, level: Level, message: string, rule: string): string {
  if (level === 'note') return unixLine(place, level, message, rule);
  const { file, line, column } = place;
  const at = file === STDIN ? {} : { sourcepath: file, linenumber: line, columnnumber: column };
  const properties = Object.entries({ type: level, ...at, code: rule }).map(
    ([name, value]) => `${name}=${escapeProperty(String(value))}`,
  );
  return `##vso[task.logissue ${properties.join(';')}]${escapeData(message)}\n`;
}

export const azure: Reporter = {
  begin: () => ({
    add: ({ machine: { name, source }, findings }) =>
      findings
        .map(({ location, level, message, rule }) =>
          issueLine(placeOf(location, source), level, name === '' ? message : `${name}: ${message}`, rule),
        )
        .join(''),
    failed: (input, error) =>
      placedProblems(input, error)
        .map(({ place, message }) => issueLine(place, 'error', message, UNREADABLE))
        .join(''),
    end: () => '',
  }),
};
