/** The advice for people: one document a machine, on a terminal, as Markdown or as HTML. */
import { terminalDocument } from '../document/terminal/terminal.ts';
import type { DocumentWriter } from '../document/writer.ts';
import { framedTexts } from '../reporter.ts';
import { adviceDocument, adviceHeadline, adviceLayout } from './document.ts';
import type { AdviceStyle, AdviceWriter } from './style.ts';

/** One block a machine, with a blank line between; headlines alone, where that is asked for, are a list. */
export function textAdvice(style: AdviceStyle): AdviceWriter {
  const { several, quiet } = style;
  const texts = framedTexts({ open: '', between: quiet ? '' : '\n', close: '' });
  return {
    add: (advice) =>
      texts.add(
        quiet
          ? terminalDocument([[adviceHeadline(advice, several)]], style)
          : terminalDocument(adviceDocument(advice, several), style, adviceLayout(advice)),
      ),
    end: texts.end,
  };
}

/** One document a machine, in a form that has no lines of a terminal. */
export const writtenAdvice =
  ({ part, frame }: DocumentWriter) =>
  (style: AdviceStyle): AdviceWriter => {
    const texts = framedTexts(frame);
    return {
      add: (advice) => texts.add(part(adviceDocument(advice, style.several), style)),
      end: texts.end,
    };
  };
