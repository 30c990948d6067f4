/** The report of `irqsim budget`: a document, and JSON. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Budget } from '../../questions/budget/budget.ts';
import { answerText } from '../document/answer.ts';
import type { DocumentFormat } from '../document/formats.ts';
import type { ReportOptions } from '../reporter.ts';
import { budgetDocument } from './document.ts';
import { budgetJson } from './json.ts';

export function budgetReport(
  format: DocumentFormat,
  analysis: Analysis,
  budget: Budget,
  options: ReportOptions,
): Promise<string> {
  const answer = {
    json: () => budgetJson(analysis, budget, options.version),
    document: () => budgetDocument(analysis, budget, options.verbose),
  };
  return answerText(answer, format, options);
}
