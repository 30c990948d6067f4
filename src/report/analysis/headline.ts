/** The one line that is enough for a pull-request check. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Headline } from '../document/block.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';
import { VERDICT_TONES } from '../wording/verdict-tone.ts';

/** The verdict as a sentence. */
export function headline(analysis: Analysis): Headline {
  const { verdict } = analysis.summary;
  return {
    kind: 'headline',
    level: 2,
    verdict: verdict.toUpperCase(),
    tone: VERDICT_TONES[verdict],
    title: machineTitle(analysis),
    text: verdictSentence(analysis),
  };
}
