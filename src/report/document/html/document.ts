/** A document as a page of its own. */
import type { Document } from '../block.ts';
import { htmlSections } from './html.ts';
import { htmlPage } from './page.ts';

/** What the document says first, as the title of its page. */
function titleOf(document: Document): string {
  for (const block of document.flat()) {
    if (block.kind === 'headline') return [block.verdict, block.title, block.text].filter(Boolean).join(' ');
    if (block.kind === 'heading') return typeof block.text === 'string' ? block.text : 'irqsim';
  }
  return 'irqsim';
}

/** The whole page. */
export const htmlDocument = (document: Document): string =>
  htmlPage({ title: titleOf(document), body: `<main>\n${htmlSections(document)}\n</main>` });
