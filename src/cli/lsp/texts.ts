/** The open texts: questions about them, and their diagnostics while somebody types. */
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complaint } from '../../lsp/diagnostics.ts';
import type { About, Answers, OpenText, Question, Reading } from '../../lsp/protocol.ts';
import { InputError } from '../../machine/locate.ts';
import { UsageError } from '../io.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { type Analyst, NoAnswer } from './analyst.ts';
import { nameOf } from './names.ts';
import { TextDocuments } from './packages.ts';
import type { Readings } from './readings.ts';

/** Milliseconds without a change before a text is analysed: less than anybody waits for, more than between two keys. */
const QUIET = 50;

/** How a text is read that nothing else decides about. */
const AS_IT_IS: Reading = { stamp: '', level: undefined, stack: {}, defines: {}, settings: {} };

export interface Texts {
  /** Undefined for a text that is not open. Rejects as the analyst does, and with errors of settings. */
  readonly ask: <A extends About>(
    uri: string,
    question: Question<A>,
    signal: AbortSignal,
  ) => Promise<Answers[A] | undefined>;
  /** Looks at all again: what they depend on has changed. */
  readonly again: () => void;
  readonly end: () => void;
}

/** Follows what the client opens, changes and closes, and tells it the diagnostics. */
export function followTexts(connection: Connection, analyst: Analyst, readingIn: Readings): Texts {
  const documents = new TextDocuments(TextDocument);
  const running = new Map<string, AbortController>();

  const ask: Texts['ask'] = async (uri, question, signal) => {
    const document = documents.get(uri);
    if (!document) return undefined;
    const { file, folder, folderUri } = nameOf(uri);
    // A project file can be read whatever is wrong with it on the disk.
    const reading = file === PROJECT_FILE ? AS_IT_IS : await readingIn(folder);
    const open: OpenText = {
      uri,
      file,
      folder: folderUri,
      version: document.version,
      text: document.getText(),
    };
    return analyst.ask({ open, reading, question }, signal);
  };

  const stop = (uri: string): void => {
    running.get(uri)?.abort();
    running.delete(uri);
  };

  async function diagnose(uri: string, signal: AbortSignal): Promise<void> {
    const version = documents.get(uri)?.version;
    const about: Question<'diagnostics'> = { about: 'diagnostics' };
    const found = await ask(uri, about, signal).catch((error: unknown) => {
      if (error instanceof NoAnswer && error.isCancelled) return undefined;
      return [complaint(...complaintOf(error))];
    });
    if (signal.aborted || found === undefined || version === undefined) return;
    await connection.sendDiagnostics({ uri, version, diagnostics: [...found] });
  }

  const schedule = (uri: string, after: number): void => {
    stop(uri);
    const controller = new AbortController();
    running.set(uri, controller);
    const clock = setTimeout(() => void diagnose(uri, controller.signal), after);
    controller.signal.addEventListener('abort', () => clearTimeout(clock), { once: true });
  };

  const again = (): void => {
    for (const uri of documents.keys()) schedule(uri, 0);
  };

  // A text that is opened has changed too: nobody types it.
  documents.onDidChangeContent(({ document: { uri } }) => schedule(uri, running.has(uri) ? QUIET : 0));
  // What is saved may be a project file.
  documents.onDidSave(again);
  documents.onDidClose(({ document: { uri } }) => {
    stop(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  documents.listen(connection);
  return {
    ask,
    again,
    end() {
      for (const uri of [...running.keys()]) stop(uri);
    },
  };
}

/** What is wrong where a text cannot be analysed, and the code of that. */
function complaintOf(error: unknown): [message: string, code: string] {
  if (error instanceof InputError) return [`settings cannot be read: ${error.format()}`, 'settings'];
  if (error instanceof UsageError) return [`settings cannot be read: ${error.message}`, 'settings'];
  const said = error instanceof Error ? error.message : String(error);
  return [`this text could not be analysed: ${said}`, 'no-analysis'];
}
