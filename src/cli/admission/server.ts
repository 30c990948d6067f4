/** The server: HTTPS with limits, health, and an end that lets finish what has begun. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { boundedBodies } from './bodies.ts';
import type { FailMode } from './job.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Place } from './listen-at.ts';
import { type Log, seldom } from './log.ts';
import type { Deciders } from './pool.ts';
import { errorReply, type Reply } from './reply.ts';
import { statusText } from './review.ts';
import { HEALTHY, patienceIn, refusalOf, routeOf, VALIDATE } from './routes.ts';
import { replyWithout } from './without.ts';

export interface ServerOptions {
  readonly deciders: Deciders;
  readonly mode: FailMode;
  /** Bytes of a body. */
  readonly maxBody: number;
  /** Milliseconds for a review. */
  readonly timeout: number;
  /** Reviews are taken only of clients with a certificate of those that `ca` names. */
  readonly asksClients: boolean;
  readonly context: SecureContextOptions;
  readonly log: Log;
  /** Default: LIMITS. */
  readonly limits?: Limits;
}

export interface Listening {
  readonly address: AddressInfo;
  /** Other certificates from now on. */
  renew(context: SecureContextOptions): void;
  /** Not ready any more; requests are still answered. */
  retire(): void;
  /** Takes nothing new, and finishes what has begun within `ms`; the number of requests that were cut off. */
  end(ms: number): Promise<number>;
}

/** What an answer must leave of the time that the API server waits. */
const MARGIN = 500;
const LEAST = 100;
const COMPLAINT_EVERY = 10_000;

/** How long a review may take: not longer than the API server waits. */
function timeFor(query: string, timeout: number): number {
  const patience = patienceIn(query);
  return patience === undefined ? timeout : Math.min(timeout, Math.max(LEAST, patience - MARGIN));
}

const HEAD = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

function send(
  response: ServerResponse,
  { code, text }: Reply,
  more: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(text);
  response.writeHead(code, { ...HEAD, 'content-length': bytes.length, ...more });
  response.end(bytes);
}

class AdmissionServer implements Listening {
  readonly #options: ServerOptions;
  readonly #bodies: ReturnType<typeof boundedBodies>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Sockets whose handshake is done: others cannot be written to. */
  readonly #secure = new WeakSet<object>();
  /** Sockets with a request whose end is logged as that of the request. */
  readonly #busy = new WeakSet<object>();
  #isRetired = false;
  #isEnding = false;
  #running = 0;

  constructor(options: ServerOptions) {
    const { limits = LIMITS } = options;
    this.#options = options;
    this.#bodies = boundedBodies({
      max: options.maxBody,
      all: Math.max(limits.bodiesBytes, options.maxBody),
    });
    this.#server = this.#create();
  }

  get address(): AddressInfo {
    return this.#server.address() as AddressInfo;
  }

  listen({ host, port }: Place): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  renew(context: SecureContextOptions): void {
    this.#server.setSecureContext({ ...context, minVersion: 'TLSv1.2' });
  }

  retire(): void {
    this.#isRetired = true;
  }

  end(ms: number): Promise<number> {
    this.#isRetired = true;
    this.#isEnding = true;
    return new Promise((resolve) => {
      const clock = setTimeout(() => {
        const cut = this.#running;
        for (const socket of this.#sockets) socket.destroy();
        resolve(cut);
      }, ms);
      this.#server.close(() => {
        clearTimeout(clock);
        resolve(0);
      });
      this.#server.closeIdleConnections();
    });
  }

  #create(): Server {
    const { context, asksClients, log, limits = LIMITS } = this.#options;
    const server = createServer({
      ...context,
      minVersion: 'TLSv1.2',
      requestCert: asksClients,
      // Probes of health have no certificate.
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshake,
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.idle,
      connectionsCheckingInterval: limits.look,
      maxHeaderSize: limits.headersBytes,
    });
    server.maxConnections = limits.connections;
    const complain = seldom(COMPLAINT_EVERY, Date.now, (error, leftOut) =>
      log.say('tls-failed', { error, ...(leftOut > 0 && { leftOut }) }),
    );
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('secureConnection', (socket: TLSSocket) => this.#secure.add(socket));
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => complain(error.code ?? error.name));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#broken(error, socket));
    server.on('request', (request, response) => void this.#take(request, response));
    return server;
  }

  /** What is no HTTP, or comes too slowly. */
  #broken({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    if (socket.destroyed || !socket.writable || !this.#secure.has(socket)) {
      socket.destroy();
      return;
    }
    const isSlow = code === 'ERR_HTTP_REQUEST_TIMEOUT';
    const [status, reason] = isSlow
      ? [408, 'Timeout']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'BadRequest']
        : [400, 'BadRequest'];
    const text = statusText(
      status,
      reason,
      isSlow ? 'the request came too slowly' : 'the request is not HTTP',
    );
    if (!this.#busy.has(socket)) this.#options.log.request({ code: status, outcome: 'refused', reason });
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    this.#running++;
    response.on('error', () => {});
    request.on('error', () => {});
    try {
      if (this.#isEnding) response.setHeader('connection', 'close');
      const route = routeOf(request);
      if ('refused' in route) this.#refuse(request, response, route.refused, route.allow);
      else if (route.path === VALIDATE) await this.#review(request, response, route.query, began);
      else this.#tellHealth(route.path, request, response);
    } catch (error) {
      // Whatever it is, the others are still answered.
      this.#options.log.say('bug', { error: (error as Error).name });
      response.destroy();
    } finally {
      this.#running--;
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, reply: Reply, allow?: string): void {
    this.#options.log.request({ code: reply.code, ...reply.log });
    send(response, reply, allow === undefined ? {} : { allow });
    // The rest of the body is not kept; who sends slowly is cut off.
    request.resume();
  }

  #tellHealth(path: string, request: IncomingMessage, response: ServerResponse): void {
    const isFine = path === HEALTHY || (!this.#isRetired && this.#options.deciders.isReady);
    const text = isFine ? 'ok\n' : 'not ready\n';
    response.writeHead(isFine ? 200 : 503, { 'content-type': 'text/plain', 'content-length': text.length });
    response.end(request.method === 'HEAD' ? undefined : text);
    request.resume();
  }

  async #review(
    request: IncomingMessage,
    response: ServerResponse,
    query: string,
    began: number,
  ): Promise<void> {
    const { asksClients, log, timeout } = this.#options;
    const isStranger = asksClients && !(request.socket as TLSSocket).authorized;
    const refused = isStranger
      ? errorReply(401, 'Unauthorized', 'a certificate of the API server is expected')
      : refusalOf(request);
    if (refused) return this.#refuse(request, response, refused);
    let body: Uint8Array | Reply;
    this.#busy.add(request.socket);
    try {
      body = await this.#bodies.take(request);
    } catch {
      log.request({ outcome: 'refused', reason: 'the body did not come to its end' });
      response.destroy();
      return;
    } finally {
      this.#busy.delete(request.socket);
    }
    if (!(body instanceof Uint8Array)) return this.#refuse(request, response, body);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const reply = await this.#decided(body, timeFor(query, timeout), gone.signal);
      const isWanted = !response.destroyed;
      const ms = Math.round((performance.now() - began) * 10) / 10;
      log.request({ code: reply.code, ...reply.log, ms, ...(isWanted ? {} : { unwanted: true }) });
      if (isWanted) send(response, reply, this.#isEnding ? { connection: 'close' } : {});
    } finally {
      this.#bodies.release(body);
    }
  }

  async #decided(body: Uint8Array, ms: number, signal: AbortSignal): Promise<Reply> {
    const { deciders, mode } = this.#options;
    const outcome = await deciders.ask(body, ms, signal);
    return 'why' in outcome ? replyWithout(body, outcome, mode) : outcome;
  }
}

/** Listens. Rejects with the error of the system where that does not work. */
export async function listen(options: ServerOptions, place: Place): Promise<Listening> {
  const server = new AdmissionServer(options);
  await server.listen(place);
  return server;
}
