/** One page for all machines of a run: drawings, findings and what their rules are about; nothing in it runs. */
import { visible } from '../../lib/visible.ts';
import { drawnDocument } from '../analysis/drawn.ts';
import type { Document } from '../document/block.ts';
import { htmlSections } from '../document/html/html.ts';
import { htmlPage } from '../document/html/page.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems } from '../wording/place.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';

const asArticle = (sections: string): string => `<article>\n${sections}\n</article>`;

export const html: Reporter = {
  begin({ verbose }) {
    const articles: string[] = [];
    const titles: string[] = [];
    const keep = (title: string, document: Document): string => {
      titles.push(title);
      articles.push(asArticle(htmlSections(document)));
      return '';
    };
    return {
      add(analysis) {
        const verdict = analysis.summary.verdict.toUpperCase();
        const title = `${verdict} ${machineTitle(analysis)}: ${verdictSentence(analysis)}`;
        return keep(title, drawnDocument(analysis, verbose));
      },
      failed(input, error) {
        const items = placedProblems(input, error).map(
          ({ place: { file, line, column }, message }) => `${file}:${line}:${column}: ${message}`,
        );
        return keep(`UNREADABLE ${input}`, [
          [
            { kind: 'headline', level: 2, verdict: 'UNREADABLE', tone: 'bad', title: input, text: '' },
            { kind: 'list', items },
          ],
        ]);
      },
      end() {
        const title = titles.length === 1 ? titles[0] : `${titles.length} machines`;
        return htmlPage({
          title: visible(`irqsim: ${title}`),
          body: `<main>\n${articles.join('\n')}\n</main>`,
        });
      },
    };
  },
};
