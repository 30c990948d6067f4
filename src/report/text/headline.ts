/** The one line that is enough for a pull-request check. */
import type { Analysis, Verdict } from '../../findings/analyze.ts';
import { visible } from '../../lib/visible.ts';
import { wrap } from '../document/terminal/wrap.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';
import type { TextStyle } from './style.ts';

const SIGN: Record<Verdict, { word: string; ink: 'green' | 'yellow' | 'red' }> = {
  pass: { word: 'PASS', ink: 'green' },
  warn: { word: 'WARN', ink: 'yellow' },
  fail: { word: 'FAIL', ink: 'red' },
};

/** The verdict as a sentence: one line if it fits, else continued under the name. */
export function headline(analysis: Analysis, style: TextStyle): string[] {
  const { word, ink } = SIGN[analysis.summary.verdict];
  const title = visible(machineTitle(analysis));
  const name = `${style.chalk[ink].bold(word)}  ${style.chalk.bold(title)}`;
  const width = Math.max(20, style.width - word.length - title.length - 4);
  const [start, ...more] = wrap(verdictSentence(analysis), width);
  return [`${name}  ${start}`, ...more.map((line) => ' '.repeat(word.length + 2) + line)];
}
