/** A difference as rows under titles: what the text and the Markdown form both write. */

import type { Finding } from '../../findings/rules/rule.ts';
import { shortenList } from '../../lib/ids.ts';
import type { CpuGroup, CpuSetChange } from '../../questions/whatif/cpu-sets.ts';
import type { Difference } from '../../questions/whatif/difference.ts';
import type { FacetChange } from '../../questions/whatif/facets.ts';
import { atLeast, type FindingChanges } from '../../questions/whatif/findings.ts';
import type { Pairing } from '../../questions/whatif/pairing.ts';
import type { Change, Changes } from '../document/block.ts';
import { reasonLines } from '../wording/finding-lines.ts';
import { isOption } from '../wording/place.ts';
import { deviceRows } from './device-rows.ts';
import type { ListStyle } from './queue-text.ts';
import type { RowOptions } from './row.ts';

const NONE = '-';

/** Lists in full, or their first ranges. */
const listStyle = ({ verbose }: RowOptions): ListStyle =>
  verbose ? (list) => list : (list) => shortenList(list, 3);

const facetRow = ({ name, before, after }: FacetChange): Change => ({
  sign: '~',
  tone: 'neutral',
  name,
  before,
  after,
  details: [],
});

/** "gained 160-239 (80); before: APIC ID above the limit 255". */
function groupText(
  group: CpuGroup,
  verb: string,
  lacking: string,
  by: Pairing['by'],
  style: ListStyle,
): string {
  const named =
    by === 'apic-id' && group.apicIds !== ''
      ? `${verb} APIC IDs ${style(group.apicIds)}`
      : `${verb} ${style(group.cpus)}`;
  return `${named} (${group.count}); ${lacking}: ${group.because.join(', ')}`;
}

function setRow(change: CpuSetChange, by: Pairing['by'], style: ListStyle): Change {
  const { set, before, after, gained, lost } = change;
  const text = (mask: typeof before) => `${style(mask.toString()) || 'none'} (${mask.weight()})`;
  return {
    sign: lost === null ? '+' : gained === null ? '-' : '~',
    tone: lost === null ? 'good' : gained === null ? 'bad' : 'neutral',
    name: set,
    before: text(before),
    after: text(after),
    details: [
      ...(gained ? [groupText(gained, 'gained', 'before', by, style)] : []),
      ...(lost ? [groupText(lost, 'lost', 'after', by, style)] : []),
    ],
  };
}

/** The sets that differ; those with the same change share a row: "online, reachable". */
function setRows(sets: readonly CpuSetChange[], by: Pairing['by'], style: ListStyle): Change[] {
  const rows = new Map<string, Change>();
  for (const change of sets) {
    const row = setRow(change, by, style);
    const key = JSON.stringify({ ...row, name: '' });
    const known = rows.get(key);
    rows.set(key, known ? { ...known, name: `${known.name}, ${row.name}` } : row);
  }
  return [...rows.values()];
}

/** "CPU 3 is APIC ID 6 before and 3 after; 4 CPUs renumbered, ...". */
function numberingText({ renumbered, by }: Pairing): string | null {
  if (renumbered === null) return null;
  const { count, cpu, before, after } = renumbered;
  const example = `CPU ${cpu} is APIC ID ${before} before and ${after} after`;
  const cpus = `${count} CPU${count === 1 ? '' : 's'}`;
  return by === 'apic-id'
    ? `${example}: ${cpus} renumbered, so CPUs are compared by APIC ID; each side has its own numbers`
    : `${example}: ${cpus} with other APIC IDs; CPUs are compared by number`;
}

function findingRow(finding: Finding, side: 'gone' | 'came', verbose: boolean): Change {
  const { rule, level, message, location } = finding;
  const place = location ? [`at ${placeText(location)}`] : [];
  const more = verbose ? reasonLines(finding) : [];
  const came = side === 'came';
  return {
    sign: came ? '+' : '-',
    tone: came ? 'bad' : 'good',
    name: rule,
    before: came ? NONE : level,
    after: came ? level : NONE,
    details: came ? [message, ...place, ...more] : [message],
  };
}

function placeText({ file, line, column }: NonNullable<Finding['location']>): string {
  return isOption(file) ? file : `${file}:${line}:${column}`;
}

function changedFindingRow(before: Finding, after: Finding): Change {
  const raised = !atLeast(before.level, after.level);
  return {
    sign: '~',
    tone: before.level === after.level ? 'neutral' : raised ? 'bad' : 'good',
    name: after.rule,
    before: before.level,
    after: after.level,
    details:
      before.message === after.message
        ? [after.message]
        : [`was: ${before.message}`, `now: ${after.message}`],
  };
}

function findingRows({ gone, changed, came }: FindingChanges, verbose: boolean): Change[] {
  return [
    ...gone.map((finding) => findingRow(finding, 'gone', verbose)),
    ...changed.map(({ before, after }) => changedFindingRow(before, after)),
    ...came.map((finding) => findingRow(finding, 'came', verbose)),
  ];
}

/** The sections that have something to say, in the order of the report. */
export function sectionsOf(difference: Difference, options: RowOptions): Changes['groups'] {
  const { facets, sets, pairing, devices, vectors, findings, suppressed } = difference;
  const style = listStyle(options);
  const remark = numberingText(pairing);
  const sections: Changes['groups'] = [
    { title: 'Machine', rows: facets.map(facetRow) },
    {
      title: 'CPUs',
      rows: setRows(sets, pairing.by, style),
      ...(remark ? { remark } : {}),
    },
    { title: 'Devices', rows: deviceRows(devices, options, style) },
    { title: 'Vectors', rows: vectors.map(facetRow) },
    { title: 'Findings', rows: findingRows(findings, options.verbose) },
    {
      title: 'Suppressed findings',
      rows: findingRows(suppressed, options.verbose).map((row) => ({ ...row, tone: 'neutral' })),
    },
  ];
  return sections.filter(({ rows, remark: said }) => rows.length > 0 || said !== undefined);
}
