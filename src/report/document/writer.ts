/** What writes documents, by form; each is loaded only when asked for. */
import type { Frame } from '../reporter.ts';
import type { TextOptions } from '../text-options.ts';
import type { Document } from './block.ts';
import type { Layout } from './terminal/style.ts';

/** Forms for people. */
export type WrittenFormat = 'text' | 'markdown' | 'html';

export interface DocumentWriter {
  /** A document that stands alone; the layout is that of the terminal. Lines end with a newline. */
  readonly whole: (
    document: Document,
    options: Pick<TextOptions, 'width' | 'colour'>,
    layout?: Partial<Layout>,
  ) => string;
  /** One of several documents. */
  readonly part: DocumentWriter['whole'];
  /** What stands around parts. */
  readonly frame: Frame;
}

const BLANK_LINE: Frame = { open: '', between: '\n', close: '' };

const WRITERS: Readonly<Record<WrittenFormat, () => Promise<DocumentWriter>>> = {
  async text() {
    const { terminalDocument } = await import('./terminal/terminal.ts');
    return { whole: terminalDocument, part: terminalDocument, frame: BLANK_LINE };
  },
  async markdown() {
    const { markdownDocument } = await import('./markdown/markdown.ts');
    return { whole: markdownDocument, part: markdownDocument, frame: BLANK_LINE };
  },
  async html() {
    const [{ htmlDocument }, { htmlSections }, { pageFrame }] = await Promise.all([
      import('./html/document.ts'),
      import('./html/html.ts'),
      import('./html/page.ts'),
    ]);
    const part = (document: Document) => `<article>\n${htmlSections(document)}\n</article>\n`;
    return { whole: htmlDocument, part, frame: pageFrame('irqsim') };
  },
};

export const isWritten = (format: string): format is WrittenFormat => Object.hasOwn(WRITERS, format);

/** The writer of a form. */
export const documentWriter = (format: WrittenFormat): Promise<DocumentWriter> => WRITERS[format]();
