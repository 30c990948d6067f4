/** A difference as a document: what comes of it, what is compared, what differs. */
import { nothingDiffers } from '../../questions/whatif/difference.ts';
import { type Block, type Document, type Inline, piecesOf } from '../document/block.ts';
import { wrapCell } from '../document/terminal/columns.ts';
import { verdictSentence } from '../wording/verdict-sentence.ts';
import { VERDICT_TONES } from '../wording/verdict-tone.ts';
import type { ComparedPair, LoneMachine, Pair, Side } from './pair.ts';
import { sectionsOf } from './rows.ts';
import { differenceSentence, verdictText, verdictWord } from './sentence.ts';

/** "guest.yaml with --set extDestId=true". */
function sideText({ title, changes }: Side): Inline {
  const options = changes.flatMap((change) => [' ', { code: change }]);
  return [{ code: title }, ...(changes.length > 0 ? [' with', ...options] : [])];
}

const sides = (...all: readonly (readonly [name: string, side: Side])[]): Block => ({
  kind: 'facts',
  facts: all.map(([name, side]) => ({ name, texts: [sideText(side)] })),
});

function pairDocument({ before, after, difference }: ComparedPair, verbose: boolean): Document {
  const head: Block = {
    kind: 'headline',
    level: 2,
    verdict: verdictText(difference),
    tone: VERDICT_TONES[difference.after.summary.verdict],
    text: differenceSentence(difference),
  };
  return [
    [head, sides(['before', before], ['after', after])],
    nothingDiffers(difference) ? [] : [{ kind: 'changes', groups: sectionsOf(difference, { verbose }) }],
  ];
}

function loneDocument({ only, side, analysis }: LoneMachine): Document {
  const head: Block = {
    kind: 'headline',
    level: 2,
    verdict: verdictWord(analysis),
    tone: VERDICT_TONES[analysis.summary.verdict],
    text: `only ${only}: ${verdictSentence(analysis)}`,
  };
  return [[head, sides([only, side])]];
}

/** One pair. */
export function differenceDocument(pair: Pair, verbose: boolean): Document {
  return 'difference' in pair ? pairDocument(pair, verbose) : loneDocument(pair);
}

/** All in one paragraph, for `--quiet`. */
export function shortDifference(pair: Pair): Document {
  const [verdict, side, text] =
    'difference' in pair
      ? [verdictText(pair.difference), pair.after, differenceSentence(pair.difference)]
      : [verdictWord(pair.analysis), pair.side, `only ${pair.only}`];
  const subject = sideText(side);
  return [[{ kind: 'paragraph', text: [`${verdict}  `, ...piecesOf(subject), `: ${text}`] }]];
}

/** A difference on a terminal. */
export const DIFFERENCE_LAYOUT = { names: 8, nameFace: 'dim', hang: 0, wrap: wrapCell } as const;
