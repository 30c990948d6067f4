/**
 * CSV by RFC 4180 (lines end with CRLF): a header, then one row a finding. A machine without findings has one row
 * whose level and rule are empty, and an input that could not be read one with the verdict `unreadable`, so that
 * every input is there. What a default or an option causes is placed on line 1 of the input; several fixes or
 * devices are joined by " | ".
 */
import type { Analysis } from '../../findings/analyze.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import type { InputError } from '../../machine/locate.ts';
import { csvCell } from '../csv-cell.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems, placeOf } from '../wording/place.ts';

const COLUMNS = [
  'source',
  'machine',
  'kernel',
  'platform',
  'verdict',
  'level',
  'rule',
  'message',
  'fix',
  'file',
  'line',
  'column',
  'cpus',
  'devices',
] as const;

/** Between the values of a list; "; " is common in fixes. */
const LIST = ' | ';

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number>>>;

const HEADER = `${COLUMNS.join(',')}\r\n`;

function rowText(row: Row): string {
  return `${COLUMNS.map((column) => csvCell(row[column] ?? '')).join(',')}\r\n`;
}

function machineCells({ machine, summary }: Analysis): Row {
  const { source, name, kernel, platform } = machine;
  return { source, machine: name, kernel: kernel.text, platform, verdict: summary.verdict };
}

function findingCells(source: string, { level, rule, message, fix, location, cpus, devices }: Finding): Row {
  return {
    level,
    rule,
    message,
    fix: fix.join(LIST),
    ...placeOf(location, source),
    cpus: cpus?.toString() ?? '',
    devices: devices.join(LIST),
  };
}

function machineRows(analysis: Analysis): string {
  const cells = machineCells(analysis);
  const rows = analysis.findings.map((finding) => ({
    ...cells,
    ...findingCells(analysis.machine.source, finding),
  }));
  return (rows.length > 0 ? rows : [cells]).map(rowText).join('');
}

/** One row: the first problem's place, and all messages. */
function unreadableRow(input: string, error: InputError): string {
  const problems = placedProblems(input, error);
  return rowText({
    source: input,
    verdict: 'unreadable',
    level: 'error',
    message: problems.map(({ message }) => message).join(LIST),
    ...problems[0].place,
  });
}

export const csv: Reporter = {
  begin() {
    let header = HEADER;
    const withHeader = (rows: string): string => {
      const text = header + rows;
      header = '';
      return text;
    };
    return {
      add: (analysis) => withHeader(machineRows(analysis)),
      failed: (input, error) => withHeader(unreadableRow(input, error)),
      end: () => withHeader(''),
    };
  },
};
