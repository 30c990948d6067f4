/** The report of `irqsim irqs`: a document, and JSON. */
import type { Analysis } from '../../findings/analyze.ts';
import { type Asked, type Interrupt, interruptsOf, rangesOf } from '../../questions/irqs/irqs.ts';
import { answerText } from '../document/answer.ts';
import type { Document } from '../document/block.ts';
import type { DocumentFormat } from '../document/formats.ts';
import { documentHead, machineJson } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import { countText, HEAD, irqCells, legend } from './rows.ts';

function documentOf(interrupts: readonly Interrupt[], count: string, remarks: string): Document {
  if (interrupts.length === 0) return [[{ kind: 'paragraph', text: count }]];
  const rows = rangesOf(interrupts).map((range) => irqCells(range).map((text) => ({ text })));
  return [
    [{ kind: 'paragraph', text: count }],
    [{ kind: 'table', columns: HEAD.map((title) => ({ title })), rows }],
    [{ kind: 'paragraph', text: remarks }],
  ];
}

function json(analysis: Analysis, interrupts: readonly Interrupt[], version: string): object {
  return {
    ...documentHead(version),
    machine: machineJson(analysis),
    interrupts: interrupts.map(({ affinity, movableTo, ...one }) => ({
      ...one,
      affinity: affinity.toString(),
      movableTo: movableTo.toString(),
    })),
  };
}

/** The interrupts of an analysed machine, all or only those that can be moved. */
export async function irqsReport(
  format: DocumentFormat,
  analysis: Analysis,
  asked: Asked,
  movableOnly: boolean,
  options: ReportOptions,
): Promise<string> {
  const all = interruptsOf(analysis, asked);
  const interrupts = movableOnly ? all.filter(({ movable }) => movable) : all;
  const count = countText(interrupts, movableOnly, analysis.machine.kernel.text, asked.to);
  const answer = {
    json: () => json(analysis, interrupts, options.version),
    document: () => documentOf(interrupts, count, legend(asked.to)),
  };
  return answerText(answer, format, options);
}
