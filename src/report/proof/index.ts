/** The report of `irqsim prove`: a document, and JSON. */
import type { Proofs } from '../../questions/prove/prove-machine.ts';
import { answerText } from '../document/answer.ts';
import type { DocumentFormat } from '../document/formats.ts';
import type { ReportOptions } from '../reporter.ts';
import { proofDocument, proofLayout } from './document.ts';
import { proofJson } from './json.ts';

/** Of one policy or several. `plug`: any CPU may be plugged. */
export function proofReport(
  format: DocumentFormat,
  all: readonly Proofs[],
  plug: boolean,
  options: ReportOptions,
): Promise<string> {
  const answer = {
    json: () => proofJson(all, options.version),
    document: () => proofDocument(all, plug, options.verbose),
    layout: proofLayout(all),
  };
  return answerText(answer, format, options);
}
