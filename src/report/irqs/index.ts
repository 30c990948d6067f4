/** The report of `irqsim irqs`: a document, and JSON. */
import type { Analysis } from '../../findings/analyze.ts';
import { type Interrupt, interruptsOf, rangesOf } from '../../questions/irqs/irqs.ts';
import { answerText } from '../document/answer.ts';
import type { Document } from '../document/block.ts';
import type { DocumentFormat } from '../document/formats.ts';
import { documentHead, machineJson } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import { countText, HEAD, irqCells, LEGEND } from './rows.ts';

function documentOf(interrupts: readonly Interrupt[], count: string): Document {
  if (interrupts.length === 0) return [[{ kind: 'paragraph', text: count }]];
  const rows = rangesOf(interrupts).map((range) => irqCells(range).map((text) => ({ text })));
  return [
    [{ kind: 'paragraph', text: count }],
    [{ kind: 'table', columns: HEAD.map((title) => ({ title })), rows }],
    [{ kind: 'paragraph', text: LEGEND }],
  ];
}

function json(analysis: Analysis, interrupts: readonly Interrupt[], version: string): object {
  return {
    ...documentHead(version),
    machine: machineJson(analysis),
    interrupts: interrupts.map((one) => ({ ...one, affinity: one.affinity.toString() })),
  };
}

/** The interrupts of an analysed machine, all or only those that can be moved. */
export async function irqsReport(
  format: DocumentFormat,
  analysis: Analysis,
  movableOnly: boolean,
  options: ReportOptions,
): Promise<string> {
  const all = interruptsOf(analysis);
  const interrupts = movableOnly ? all.filter(({ movable }) => movable) : all;
  const count = countText(interrupts, movableOnly, analysis.machine.kernel.text);
  const answer = {
    json: () => json(analysis, interrupts, options.version),
    document: () => documentOf(interrupts, count),
  };
  return answerText(answer, format, options);
}
