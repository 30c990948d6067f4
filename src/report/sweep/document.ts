/**
 * A sweep for people. One axis, or several fields: a row a point. Two axes: a grid, the first down and the second
 * across. More: a grid for each combination of the leading ones. Colours make a heat map of the verdict or of a
 * number; words and numbers say the same without.
 */
import { grouped } from '../../machine/limits.ts';
import type {
  Block,
  Cell,
  Column,
  Document,
  Grid,
  GridMark,
  Scale,
  Section,
  Table,
} from '../document/block.ts';
import { fieldCell, scaleOf, VERDICT_MARKS, VERDICTS, verdictCell } from './cells.ts';
import type { SweepRow } from './row.ts';
import type { SweepOptions } from './writer.ts';

const RULES_SHOWN = 2;

/** All that the parts of the report share. */
interface SweepReport extends Pick<SweepOptions, 'axes' | 'fields' | 'source' | 'quiet'> {
  readonly rows: readonly SweepRow[];
  /** Of each field; null where it has no numbers. */
  readonly scales: readonly (Scale | null)[];
}

function rulesText({ rules, problem }: SweepRow): string {
  if (problem !== null) return problem.message;
  const more = rules.length - RULES_SHOWN;
  return [...rules.slice(0, RULES_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const COUNTS = ['errors', 'warnings', 'notes'] as const;

/** A row a point. */
function pointTable({ axes, fields, rows, scales }: SweepReport): Table {
  const shown: Column[] =
    fields.length === 0
      ? [{ title: 'findings', elastic: true }]
      : fields.map(({ name }, n) => (scales[n] ? { title: name, numbers: true } : { title: name }));
  return {
    kind: 'table',
    keys: axes.length,
    columns: [
      ...axes.map(({ key }) => ({ title: key })),
      { title: 'verdict', centred: true },
      ...COUNTS.map((title) => ({ title, numbers: true }) as const),
      ...shown,
    ],
    rows: rows.map((row): Cell[] => [
      ...row.point.map((text) => ({ text })),
      verdictCell(row),
      ...COUNTS.map((count) => ({ text: String(row.summary?.[count] ?? '-') })),
      ...(fields.length === 0
        ? [{ text: rulesText(row) }]
        : fields.map((_, field) => fieldCell(row, field, scales[field]))),
    ]),
  };
}

const MARKS = VERDICTS.map((verdict) => VERDICT_MARKS[verdict]);

/** A grid for each combination of the leading axes. */
function grids({ axes, fields, rows, scales }: SweepReport): Grid[] {
  const leading = axes.slice(0, -2);
  const [down, across] = axes.slice(-2);
  const size = down.values.length * across.values.length;
  const [scale] = scales;
  const cellOf = (row: SweepRow): Cell =>
    fields.length === 1 ? fieldCell(row, 0, scale, VERDICT_MARKS[row.verdict].ground) : verdictCell(row);
  return Array.from({ length: rows.length / size }, (_, n): Grid => {
    const own = rows.slice(n * size, (n + 1) * size);
    const caption = leading.map(({ key }, axis) => `${key} = ${own[0].point[axis]}`).join(', ');
    return {
      kind: 'grid',
      ...(caption === '' ? {} : { caption }),
      down: down.key,
      across: across.key,
      rows: down.values.map(({ text }) => text),
      columns: across.values.map(({ text }) => text),
      cells: down.values.map((_, row) =>
        own.slice(row * across.values.length, (row + 1) * across.values.length).map(cellOf),
      ),
      ...(scale ? { numbers: true } : {}),
      ...(fields.length === 1 ? {} : { marks: MARKS }),
    };
  });
}

/** What the colours, words and letters mean; `grid` is one of verdicts. */
function legend({ scales, rows }: SweepReport, grid: Grid | null): Block[] {
  const used: GridMark[] = MARKS.filter((_, n) => rows.some(({ verdict }) => verdict === VERDICTS[n]));
  const items = used.flatMap(({ word, remark }) => (remark === undefined ? [] : [`${word}: ${remark}`]));
  return [
    ...scales.filter((scale) => scale !== null),
    grid === null ? { kind: 'list', items } : { kind: 'legend', grid, used },
  ];
}

/** "24 points: 12 pass, 8 warn, 4 fail". */
function countText(rows: readonly SweepRow[]): string {
  const parts = VERDICTS.flatMap((verdict) => {
    const n = rows.filter((row) => row.verdict === verdict).length;
    return n > 0 ? [`${grouped(n)} ${verdict}`] : [];
  });
  return `${grouped(rows.length)} point${rows.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
}

function title({ source, axes, fields }: SweepReport): Section {
  const name = source === '-' ? 'standard input' : source;
  const what = fields.length === 1 ? `${fields[0].name} by ` : '';
  const text = [{ code: name }, `: ${what}${axes.map(({ key }) => key).join(' × ')}`];
  return [{ kind: 'heading', level: 2, text }];
}

/** The sweep of all `rows`, in the order of the grid; quiet: only how many points pass and fail. */
export function sweepDocument(options: Omit<SweepReport, 'scales'>): Document {
  const { axes, fields, rows, quiet } = options;
  const count: Block = { kind: 'paragraph', text: countText(rows), tone: 'strong' };
  // Where nothing is valid, what is wrong says it all.
  if (quiet || rows.every(({ verdict }) => verdict === 'invalid')) return [[count]];
  const scales = fields.map(({ name }, field) =>
    scaleOf(
      name,
      rows.map(({ shown }) => shown[field]),
    ),
  );
  const report = { ...options, scales };
  if (axes.length === 1 || fields.length > 1)
    return [title(report), [pointTable(report)], [...legend(report, null), count]];
  const all = grids(report);
  const verdicts = fields.length === 0 ? all[0] : null;
  return [title(report), ...all.map((grid) => [grid]), [...legend(report, verdicts), count]];
}
