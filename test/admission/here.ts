/** A server in this process, and clients of it on the loopback. */
import { readFileSync } from 'node:fs';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { fileURLToPath } from 'node:url';
import { logTo } from '../../src/cli/admission/log.ts';
import type { Deciders } from '../../src/cli/admission/pool.ts';
import { type Listening, listen, type ServerOptions } from '../../src/cli/admission/server.ts';
import { bytesOf, replyTo } from './ask.ts';

export const certificate = (name: string): string =>
  fileURLToPath(new URL(`./certificates/${name}`, import.meta.url));
export const pem = (name: string): string => readFileSync(certificate(name), 'utf8');

/** Decides in this thread. */
export const INLINE: Deciders = { isReady: true, ask: (body) => replyTo(body), close: async () => {} };

export interface Here {
  readonly server: Listening;
  readonly port: number;
  /** Lines of the log. */
  readonly lines: () => readonly Record<string, unknown>[];
  readonly said: () => string;
}

/** Starts a server; the test ends it. */
export async function serverHere(more: Partial<ServerOptions> = {}): Promise<Here> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const server = await listen(
    {
      deciders: INLINE,
      mode: 'open',
      maxBody: 64 * 1024,
      timeout: 5000,
      asksClients: false,
      context: { cert: pem('server.crt'), key: pem('server.key') },
      log: logTo({ err: write, note: write }),
      ...more,
    },
    { host: '127.0.0.1', port: 0 },
  );
  const lines = () =>
    said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { server, port: server.address.port, lines, said: () => said };
}

export interface Got {
  readonly code: number | undefined;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** Sends a request; a body is sent in one go. */
export function send(port: number, options: RequestOptions = {}, body?: string | Uint8Array): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, ca: pem('server.crt'), agent: false, ...options },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('error', reject);
        response.on('end', () => resolve({ code: response.statusCode, text, headers: response.headers }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Posts a review, or any other body, as the API server does. */
export const post = (port: number, body: unknown, options: RequestOptions = {}): Promise<Got> =>
  send(
    port,
    {
      method: 'POST',
      path: '/validate?timeout=10s',
      headers: { 'content-type': 'application/json', accept: 'application/json, */*' },
      ...options,
    },
    body instanceof Uint8Array || typeof body === 'string' ? body : bytesOf(body),
  );
