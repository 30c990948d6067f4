/** Questions about texts, without a server. */
import type { Position } from 'vscode-languageserver';
import { PROJECT_FILES } from '../../src/cli/lsp/project-files.ts';
import { createAnswers } from '../../src/lsp/answers.ts';
import type { About, Answers, OpenText, Question, Reading } from '../../src/lsp/protocol.ts';

export const READING: Reading = { stamp: '', level: undefined, stack: {}, defines: {}, settings: {} };

export const openText = (text: string, file = 'guest.yaml'): OpenText => ({
  uri: `file:///x/${file}`,
  file,
  folder: 'file:///x',
  version: 1,
  text,
});

/** Who answers questions about a text. */
export function asker(
  text: string,
  file?: string,
): <A extends About>(question: Question<A>) => Promise<Answers[A]> {
  const [answers, open] = [createAnswers(PROJECT_FILES), openText(text, file)];
  return (question) => answers({ open, reading: READING, question });
}

/** The answer to one question about a text. */
export const askAbout = <A extends About>(
  text: string,
  question: Question<A>,
  file?: string,
): Promise<Answers[A]> => asker(text, file)(question);

/** A text without the sign for the cursor, and where that was. */
export function atCursor(marked: string): { readonly text: string; readonly position: Position } {
  const at = marked.indexOf('▮');
  const before = marked.slice(0, at).split('\n');
  return {
    text: marked.slice(0, at) + marked.slice(at + 1),
    position: { line: before.length - 1, character: before[before.length - 1].length },
  };
}
