/** An analysis as its users have decided to judge it. */

import type { Steps } from '../../linux/sim/steps.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Analysis, analyze, byLevel, summarise } from '../analyze.ts';
import { type JudgeSettings, NO_SETTINGS } from './settings.ts';
import { sifter } from './sift.ts';
import { staleHere } from './stale-here.ts';

export { type JudgeSettings, NO_SETTINGS };

/** Whether anybody decided anything: most machines of a batch cost nothing here. */
function isJudged({ triage }: Machine, { levels = [], project, baseline }: JudgeSettings): boolean {
  return triage !== undefined || levels.length > 0 || project !== undefined || baseline !== undefined;
}

/** What the description and the settings say, applied to the findings of the machine's analysis. */
export function judgeAnalysis(analysis: Analysis, machine: Machine, settings: JudgeSettings): Analysis {
  if (!isJudged(machine, settings)) return analysis;
  const sift = sifter(machine, settings);
  const sifted = [sift(analysis.findings), sift(staleHere(machine, analysis.findings, settings))];
  const findings = byLevel(sifted.flatMap(({ counted }) => counted));
  const suppressed = sifted.flatMap((one) => one.suppressed);
  const summary = summarise(findings, analysis.summary.queues, suppressed.length);
  return { ...analysis, findings, suppressed, summary };
}

/**
 * Analyses a machine and applies to its findings what the description and the settings say. What the description
 * expects (`expect`) it expects of the findings as the rules have them. Pure: `steps` that like machines share
 * change nothing but the time.
 */
export function judge(machine: Machine, settings: JudgeSettings = NO_SETTINGS, steps?: Steps): Analysis {
  const analysis = analyze(machine, { audit: settings.audit === true, steps });
  return judgeAnalysis(analysis, machine, settings);
}
