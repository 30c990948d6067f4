/** A language server on two streams: the Language Server Protocol 3.17, until its client says exit. */
import type { Readable, Writable } from 'node:stream';
import type {
  CancellationToken,
  CodeActionParams,
  Connection,
  InitializeParams,
  InitializeResult,
  WatchDog,
} from 'vscode-languageserver';
import type { About, Answers, Question } from '../../lsp/protocol.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { VERSION } from '../version.ts';
import { type Analyst, NoAnswer } from './analyst.ts';
import {
  createConnection,
  createProtocolConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
} from './packages.ts';
import type { Readings } from './readings.ts';
import { followTexts, type Texts } from './texts.ts';

export interface ServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly analyst: Analyst;
  readonly readings: Readings;
  /** Hears what ends the server from without, in a line. */
  readonly complain: (text: string) => void;
  /** Hears the exit code, once. */
  readonly exit: (code: number) => void;
}

/** What a client can show, as far as it matters. */
interface Client {
  markdown: boolean;
  disabledActions: boolean;
  versionedEdits: boolean;
  watchesFiles: boolean;
}

const PLAIN_CLIENT: Client = {
  markdown: false,
  disabledActions: false,
  versionedEdits: false,
  watchesFiles: false,
};

/** How far a server is: it answers between `initialize` and `shutdown`. */
interface State {
  client: Client;
  begun: boolean;
}

const FIX_ALL = 'source.fixAll.irqsim';

const CAPABILITIES: InitializeResult = {
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
    completionProvider: { triggerCharacters: [' ', '"', '{'] },
    hoverProvider: true,
    codeLensProvider: {},
    documentSymbolProvider: true,
  },
  serverInfo: { name: 'irqsim', version: VERSION },
};

const clientOf = ({ textDocument, workspace }: InitializeParams['capabilities']): Client => ({
  markdown: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
  disabledActions: textDocument?.codeAction?.disabledSupport ?? false,
  versionedEdits: workspace?.workspaceEdit?.documentChanges ?? false,
  watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
});

/** True if a kind is among those asked for, which stand for all below them. */
const isWanted = (kind: string, only: readonly string[]): boolean =>
  only.some((one) => kind === one || kind.startsWith(`${one}.`));

/** The exit codes of the protocol: 0 behind `shutdown`, 1 without it, also where the client is gone. */
function watchDog(end: (code: number) => void): WatchDog {
  let clock: NodeJS.Timeout | undefined;
  const dog: WatchDog = {
    shutdownReceived: false,
    initialize({ processId }) {
      if (processId === null) return;
      clock = setInterval(() => {
        try {
          process.kill(processId, 0);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ESRCH') dog.exit(dog.shutdownReceived ? 0 : 1);
        }
      }, ALIVE);
      clock.unref();
    },
    exit(code) {
      clearInterval(clock);
      end(code);
    },
  };
  return dog;
}

/** Milliseconds between two looks at whether the client is still there. */
const ALIVE = 3000;

/** Answers for requests: nothing where the question is cancelled or has no answer, as the protocol has it. */
function answerer(connection: Connection, texts: Texts, state: State, dog: WatchDog) {
  return async <A extends About>(
    uri: string,
    question: Question<A>,
    token: CancellationToken,
  ): Promise<Answers[A] | undefined> => {
    if (dog.shutdownReceived) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
    if (!state.begun)
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'the server is not initialized');
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    try {
      return await texts.ask(uri, question, controller.signal);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      if (error instanceof NoAnswer && error.isCancelled)
        throw new ResponseError(LSPErrorCodes.RequestCancelled, said);
      connection.console.warn(`irqsim: ${question.about}: ${said}`);
      return undefined;
    }
  };
}

function serveRequests(connection: Connection, texts: Texts, state: State, dog: WatchDog): void {
  const answer = answerer(connection, texts, state, dog);
  connection.onHover(async ({ textDocument: { uri }, position }, token) => {
    const { markdown } = state.client;
    return (await answer(uri, { about: 'hover', position, markdown }, token)) ?? null;
  });
  connection.onCompletion(async ({ textDocument: { uri }, position }, token) => [
    ...((await answer(uri, { about: 'completions', position }, token)) ?? []),
  ]);
  connection.onCodeLens(async ({ textDocument: { uri } }, token) => [
    ...((await answer(uri, { about: 'lenses' }, token)) ?? []),
  ]);
  connection.onDocumentSymbol(async ({ textDocument: { uri } }, token) => [
    ...((await answer(uri, { about: 'symbols' }, token)) ?? []),
  ]);
  connection.onCodeAction(async ({ textDocument: { uri }, range, context }: CodeActionParams, token) => {
    const only = context.only ?? ['quickfix'];
    const kinds = ['quickfix', FIX_ALL].filter((kind) => isWanted(kind, only));
    const found = [];
    for (const kind of kinds) {
      const { disabledActions: disabled, versionedEdits: versioned } = state.client;
      const all = kind === FIX_ALL;
      found.push(
        ...((await answer(uri, { about: 'actions', range, all, disabled, versioned }, token)) ?? []),
      );
    }
    return found;
  });
}

/** Serves; what came in before is answered in its order. */
export function serve({ input, output, analyst, readings, complain, exit }: ServerOptions): void {
  const state: State = { client: PLAIN_CLIENT, begun: false };
  let ended = false;
  const end = (code: number): void => {
    if (ended) return;
    ended = true;
    texts.end();
    analyst.end();
    connection.dispose();
    exit(code);
  };
  const dog = watchDog(end);
  const gone = () => dog.exit(dog.shutdownReceived ? 0 : 1);
  const reader = new StreamMessageReader(input);
  const connection = createConnection(
    (logger) => createProtocolConnection(reader, new StreamMessageWriter(output), logger),
    dog,
  );
  const texts = followTexts(connection, analyst, readings);
  connection.onInitialize(({ capabilities }) => {
    state.client = clientOf(capabilities);
    state.begun = true;
    return CAPABILITIES;
  });
  connection.onInitialized(() => {
    if (!state.client.watchesFiles) return;
    const watchers = [{ globPattern: `**/${PROJECT_FILE}` }];
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onDidChangeWatchedFiles(() => texts.again());
  serveRequests(connection, texts, state, dog);
  input.once('end', gone);
  input.once('close', gone);
  reader.onError((error) => {
    complain(`what came in is not the Language Server Protocol: ${error.message}`);
    gone();
  });
  output.once('error', gone);
  connection.listen();
}
