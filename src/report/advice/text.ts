/** The advice for people: one document a machine, on a terminal or as Markdown. */
import { markdownDocument } from '../document/markdown/markdown.ts';
import { terminalDocument } from '../document/terminal/terminal.ts';
import { framedTexts, textFrame } from '../reporter.ts';
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

export function markdownAdvice({ several }: AdviceStyle): AdviceWriter {
  const texts = framedTexts(textFrame());
  return {
    add: (advice) => texts.add(markdownDocument(adviceDocument(advice, several))),
    end: texts.end,
  };
}
