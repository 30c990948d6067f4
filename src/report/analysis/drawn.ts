/** The report on one machine for a page: with drawings, and with what its rules are about. */
import type { Analysis } from '../../findings/analyze.ts';
import { findRule } from '../../findings/rules/index.ts';
import type { Document, Folded } from '../document/block.ts';
import { ruleAnchor } from '../document/html/html.ts';
import { analysisDocument } from './document.ts';
import { queueDrawings, vectorBars } from './drawings.ts';
import { cpuGroups } from './places.ts';

/** What a rule is about, as `irqsim explain` says it. */
function aboutRule(name: string): Folded[] {
  const rule = findRule(name);
  if (!rule) return [];
  return [
    {
      kind: 'folded',
      summary: `${name}: ${rule.summary}`,
      anchor: ruleAnchor(name),
      blocks: rule.explain.map((prose) => ({ kind: 'paragraph', text: { prose } })),
    },
  ];
}

/** `verbose`: every queue in tables, and the kernel's log. */
export function drawnDocument(analysis: Analysis, verbose: boolean): Document {
  const drawings = {
    groups: cpuGroups(analysis),
    queues: queueDrawings(analysis),
    vectors: vectorBars(analysis),
  };
  const rules = [...new Set(analysis.findings.map(({ rule }) => rule))].flatMap(aboutRule);
  return [
    ...analysisDocument(analysis, verbose, drawings),
    rules.length === 0 ? [] : [{ kind: 'heading', level: 3, text: 'What the rules are about' }, ...rules],
  ];
}
