/** A client of the language server: in this process, or of the built program. */
import { spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Analyst } from '../../src/cli/lsp/analyst.ts';
import { PROJECT_FILES } from '../../src/cli/lsp/project-files.ts';
import { type ReadingOptions, readings } from '../../src/cli/lsp/readings.ts';
import { serve } from '../../src/cli/lsp/server.ts';
import { createAnswers } from '../../src/lsp/answers.ts';
import { builtProgram } from '../built.ts';

/** An analyst in this process. */
export function analystHere(): Analyst {
  const answers = createAnswers(PROJECT_FILES);
  return { ask: (asked) => answers(asked), end: () => {} };
}

const CAPABILITIES: ClientCapabilities = {
  textDocument: {
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { disabledSupport: true },
  },
};

/** A client that has opened a connection. */
export interface Client {
  readonly connection: ProtocolConnection;
  /** Resolves with what the server says of a text next: of this version, if one is named. */
  readonly told: (uri: string, version?: number) => Promise<readonly Diagnostic[]>;
  readonly open: (uri: string, text: string, languageId?: string) => Promise<readonly Diagnostic[]>;
  /** The whole text anew. */
  readonly change: (uri: string, text: string, version: number) => Promise<readonly Diagnostic[]>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** `initialize` and `initialized`. */
  readonly begin: () => Promise<InitializeResult>;
  /** The client is gone without a word. */
  readonly hangUp: () => void;
  /** shutdown and exit. */
  readonly end: () => Promise<number | null>;
}

async function clientOn(
  input: Readable,
  output: Writable,
  exited: Promise<number | null>,
  capabilities: ClientCapabilities,
  begins = true,
): Promise<Client> {
  const connection = createProtocolConnection(
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  );
  const waiting = new Map<string, ((said: PublishDiagnosticsParams) => void)[]>();
  connection.onNotification('textDocument/publishDiagnostics', (said: PublishDiagnosticsParams) => {
    for (const hear of waiting.get(said.uri)?.splice(0) ?? []) hear(said);
  });
  connection.listen();
  const begin = async (): Promise<InitializeResult> => {
    const params = { processId: process.pid, rootUri: null, capabilities };
    const result: InitializeResult = await connection.sendRequest('initialize', params);
    await connection.sendNotification('initialized', {});
    return result;
  };
  if (begins) await begin();
  const told: Client['told'] = async (uri, version) => {
    for (;;) {
      const said = await new Promise<PublishDiagnosticsParams>((hear) => {
        waiting.set(uri, [...(waiting.get(uri) ?? []), hear]);
      });
      if (version === undefined || said.version === version) return said.diagnostics;
    }
  };
  return {
    connection,
    told,
    exited,
    begin,
    hangUp: () => output.end(),
    async open(uri, text, languageId = 'yaml') {
      const said = told(uri);
      const textDocument = { uri, languageId, version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
      return said;
    },
    async change(uri, text, version) {
      const said = told(uri, version);
      const textDocument = { uri, version };
      await connection.sendNotification('textDocument/didChange', {
        textDocument,
        contentChanges: [{ text }],
      });
      return said;
    },
    async end() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return exited;
    },
  };
}

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly reading?: Partial<ReadingOptions>;
  readonly analyst?: Analyst;
  /** False: the client begins when it is told to. */
  readonly begin?: boolean;
}

/** A server in this process, and a client of it. */
export function clientHere({
  capabilities = CAPABILITIES,
  reading,
  analyst,
  begin,
}: ClientOptions = {}): Promise<Client> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const exited = new Promise<number>((exit) => {
    serve({
      input,
      output,
      analyst: analyst ?? analystHere(),
      readings: readings({ stack: {}, define: {}, ...reading }, { env: {}, note: () => {} }),
      complain: () => {},
      exit,
    });
  });
  return clientOn(output, input, exited, capabilities, begin);
}

/** The built program, and a client of it. */
export function clientOfProgram(args: readonly string[] = []): Promise<Client> {
  const child = spawn(process.execPath, [builtProgram(), 'lsp', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return clientOn(child.stdout, child.stdin, exited, CAPABILITIES);
}
