/** The report of `irqsim irqs`: text, Markdown, and JSON. */
import type { Analysis } from '../../findings/analyze.ts';
import { type Interrupt, interruptsOf, rangesOf } from '../../questions/irqs/irqs.ts';
import { markdownTable, markdownText } from '../document/markdown-text.ts';
import { documentHead, machineJson } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import { wrap } from '../text/paper.ts';
import { plainTable, tableLines } from '../text/table.ts';
import type { IrqsFormat } from './formats.ts';
import { countText, HEAD, irqCells, LEGEND } from './rows.ts';

interface Sheet {
  readonly analysis: Analysis;
  readonly interrupts: readonly Interrupt[];
  readonly movableOnly: boolean;
  readonly options: ReportOptions;
}

const count = ({ analysis, interrupts, movableOnly }: Sheet): string =>
  countText(interrupts, movableOnly, analysis.machine.kernel.text);

function text(sheet: Sheet): string {
  const { interrupts, options } = sheet;
  const head = wrap(count(sheet), options.width);
  if (interrupts.length === 0) return `${head.join('\n')}\n`;
  const table = plainTable(HEAD, HEAD.length);
  table.push(...rangesOf(interrupts).map(irqCells));
  return `${[...head, '', ...tableLines(table), '', ...wrap(LEGEND, options.width)].join('\n')}\n`;
}

function markdown(sheet: Sheet): string {
  const rows = rangesOf(sheet.interrupts).map((range) => irqCells(range).map(markdownText));
  const table = markdownTable(
    HEAD.map((title) => [title, 'left']),
    rows,
  );
  const lines = rows.length === 0 ? [] : ['', ...table, '', markdownText(LEGEND)];
  return `${[markdownText(count(sheet)), ...lines].join('\n')}\n`;
}

function json({ analysis, interrupts, options }: Sheet): string {
  const document = {
    ...documentHead(options.version),
    machine: machineJson(analysis),
    interrupts: interrupts.map((one) => ({ ...one, affinity: one.affinity.toString() })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const FORMS: Readonly<Record<IrqsFormat, (sheet: Sheet) => string>> = { text, json, markdown };

/** The interrupts of an analysed machine, all or only those that can be moved. */
export function irqsReport(
  format: IrqsFormat,
  analysis: Analysis,
  movableOnly: boolean,
  options: ReportOptions,
): string {
  const all = interruptsOf(analysis);
  const interrupts = movableOnly ? all.filter(({ movable }) => movable) : all;
  return FORMS[format]({ analysis, interrupts, movableOnly, options });
}
