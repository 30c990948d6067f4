/** The report of `irqsim dmesg`: a document, and JSON. */
import type { AnnotatedLog } from '../../questions/dmesg/dmesg.ts';
import { answerText } from '../document/answer.ts';
import type { DocumentFormat } from '../document/formats.ts';
import { documentHead, jsonReport, machineJson } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import { DMESG_LAYOUT, dmesgDocument } from './document.ts';

function dmesgJson(annotated: AnnotatedLog, version: string): object {
  const { lines, differences, notCompared, facts, judged, ask } = annotated;
  const analysis = 'analysis' in judged ? judged.analysis : null;
  return {
    ...documentHead(version),
    machine: analysis && machineJson(analysis),
    lines,
    differences,
    notCompared,
    facts,
    analysis: analysis && jsonReport(analysis, version, { vectors: false }),
    ...('why' in judged ? { notAnalysed: judged.why } : {}),
    ask,
  };
}

export function dmesgReport(
  format: DocumentFormat,
  annotated: AnnotatedLog,
  options: ReportOptions,
): Promise<string> {
  const answer = {
    json: () => dmesgJson(annotated, options.version),
    document: () => dmesgDocument(annotated, options.verbose),
    layout: DMESG_LAYOUT,
  };
  return answerText(answer, format, options);
}
