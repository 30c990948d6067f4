/** The server over HTTPS on the loopback: what it takes, what it refuses, and how it ends. */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { LIMITS } from '../../src/cli/admission/limits.ts';
import type { Deciders } from '../../src/cli/admission/pool.ts';
import type { ServerOptions } from '../../src/cli/admission/server.ts';
import { machine, replyTo, requestOf, reviewOf } from './ask.ts';
import { type Here, pem, post, send, serverHere } from './here.ts';

const BIG = reviewOf(requestOf(machine({ sockets: 64 })));
const SMALL = reviewOf(requestOf(machine({ sockets: 2, maxSockets: 2 })));

const open: Here[] = [];

async function start(more: Partial<ServerOptions> = {}): Promise<Here> {
  const here = await serverHere(more);
  open.push(here);
  return here;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.end(0)));
});

/** Decides when it is told to. */
function patient(): { deciders: Deciders; asked: () => number; go: () => void } {
  const waiting: (() => void)[] = [];
  const ask: Deciders['ask'] = async (body) => {
    await new Promise<void>((go) => waiting.push(go));
    return replyTo(body);
  };
  return {
    deciders: { isReady: true, ask, close: async () => {} },
    asked: () => waiting.length,
    go: () => {
      for (const one of waiting.splice(0)) one();
    },
  };
}

test('answers reviews, and logs a line for each without what objects hold', async () => {
  const { port, lines, said } = await start();
  const denied = await post(port, BIG);
  expect(denied.code).toBe(200);
  expect(denied.headers['content-type']).toBe('application/json');
  expect(JSON.parse(denied.text)).toMatchObject({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: BIG.request.uid, allowed: false, status: { code: 403 } },
  });
  expect(JSON.parse((await post(port, SMALL)).text)).toMatchObject({ response: { allowed: true } });
  expect(lines()).toMatchObject([
    { event: 'request', code: 200, outcome: 'analysed', allowed: false, rules: ['hypervisor-refuses'] },
    { event: 'request', code: 200, outcome: 'analysed', allowed: true, rules: [] },
  ]);
  expect(said()).not.toContain('SECRET');
});

const JSON_HEADERS = { 'content-type': 'application/json' };

test.each<[string, number, Parameters<typeof send>[1], string | undefined]>([
  ['another path', 404, { path: '/' }, undefined],
  ['a path below', 404, { method: 'POST', path: '/validate/x', headers: JSON_HEADERS }, '{}'],
  ['a path that is none', 404, { path: '//[' }, undefined],
  ['GET of a review', 405, { path: '/validate' }, undefined],
  ['POST of health', 405, { method: 'POST', path: '/healthz', headers: JSON_HEADERS }, '{}'],
  ['PUT', 405, { method: 'PUT', path: '/validate', headers: JSON_HEADERS }, '{}'],
  ['no content type', 415, { method: 'POST', path: '/validate' }, '{}'],
  [
    'YAML',
    415,
    { method: 'POST', path: '/validate', headers: { 'content-type': 'application/yaml' } },
    'a: b',
  ],
  [
    'another encoding',
    415,
    { method: 'POST', path: '/validate', headers: { 'content-type': 'application/json; charset=utf-16' } },
    '{}',
  ],
  [
    'a packed body',
    415,
    { method: 'POST', path: '/validate', headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' } },
    '{}',
  ],
  ['no body', 400, { method: 'POST', path: '/validate', headers: JSON_HEADERS }, ''],
  ['no review', 400, { method: 'POST', path: '/validate', headers: JSON_HEADERS }, '{}'],
  [
    'a body that is too large',
    413,
    { method: 'POST', path: '/validate', headers: JSON_HEADERS },
    ' '.repeat(65 * 1024),
  ],
  [
    'one that does not say how large',
    413,
    { method: 'POST', path: '/validate', headers: { ...JSON_HEADERS, 'transfer-encoding': 'chunked' } },
    ' '.repeat(65 * 1024),
  ],
])('%s is refused with a status in JSON', async (_, code, options, body) => {
  const { port, lines } = await start();
  const got = await send(port, options, body);
  expect(got.code).toBe(code);
  expect(JSON.parse(got.text)).toMatchObject({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code });
  expect(lines()).toMatchObject([{ code, outcome: 'refused' }]);
});

test('the content type may name UTF-8', async () => {
  const { port } = await start();
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  expect((await post(port, SMALL, { headers })).code).toBe(200);
});

test('all bodies together have a limit', async () => {
  const { deciders, asked, go } = patient();
  const { port } = await start({
    deciders,
    maxBody: 10_000,
    limits: { ...LIMITS, bodiesBytes: 10_000 },
  });
  const first = post(port, `${JSON.stringify(SMALL)}${' '.repeat(8000)}`);
  await expect.poll(asked).toBe(1);
  expect((await post(port, `${JSON.stringify(SMALL)}${' '.repeat(4000)}`)).code).toBe(503);
  go();
  expect((await first).code).toBe(200);
  const again = post(port, `${JSON.stringify(SMALL)}${' '.repeat(8000)}`);
  await expect.poll(asked).toBe(1);
  go();
  expect((await again).code).toBe(200);
});

test('health and readiness', async () => {
  const { port, server, lines } = await start();
  expect(await send(port, { path: '/healthz' })).toMatchObject({ code: 200, text: 'ok\n' });
  expect(await send(port, { path: '/readyz?verbose' })).toMatchObject({ code: 200, text: 'ok\n' });
  expect(await send(port, { path: '/readyz', method: 'HEAD' })).toMatchObject({ code: 200, text: '' });
  server.retire();
  expect(await send(port, { path: '/readyz' })).toMatchObject({ code: 503, text: 'not ready\n' });
  expect((await send(port, { path: '/healthz' })).code).toBe(200);
  expect((await post(port, SMALL)).code).toBe(200);
  expect(lines().filter(({ code }) => code !== 200)).toEqual([]);
  const { deciders } = patient();
  const other = await start({ deciders: { ...deciders, isReady: false } });
  expect((await send(other.port, { path: '/readyz' })).code).toBe(503);
});

test('the end lets what has begun finish, takes nothing new, and is bounded', async () => {
  const { deciders, asked, go } = patient();
  const { port, server } = await start({ deciders });
  const begun = post(port, BIG);
  await expect.poll(asked).toBe(1);
  const ended = server.end(5000);
  await expect(post(port, BIG)).rejects.toThrow('ECONNREFUSED');
  go();
  expect(await begun).toMatchObject({ code: 200, headers: { connection: 'close' } });
  expect(await ended).toBe(0);
  const stuck = patient();
  const other = await start({ deciders: stuck.deciders });
  const never = post(other.port, BIG);
  never.catch(() => {});
  await expect.poll(stuck.asked).toBe(1);
  expect(await other.server.end(50)).toBe(1);
  await expect(never).rejects.toThrow();
});

/** Speaks TLS and writes these texts, with pauses; what comes back until the end. */
function slowly(port: number, texts: readonly string[], pause: number): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connectTls({ host: '127.0.0.1', port, ca: pem('server.crt') });
    const left = [...texts];
    const next = (): void => {
      const text = left.shift();
      if (text === undefined || socket.destroyed) return;
      socket.write(text);
      setTimeout(next, pause);
    };
    socket.on('secureConnect', next);
    socket.on('data', (chunk: Buffer) => {
      got += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
  });
}

const START = 'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

test('who sends slowly is cut off: a head, a body, a handshake', async () => {
  const limits = { ...LIMITS, headers: 300, request: 400, handshake: 300, look: 50 };
  const { port } = await start({ limits });
  const head = slowly(port, [...START], 50);
  const body = slowly(port, [`${START}Content-Length: 100\r\n\r\n`, ...'{"kind":"AdmissionReview"'], 50);
  const handshake = new Promise<void>((closed) => {
    connectTcp(port, '127.0.0.1')
      .on('error', () => {})
      .on('close', () => closed())
      .resume();
  });
  expect(await head).toMatch(/^HTTP\/1\.1 408 .*"kind":"Status"/s);
  expect(await body).toMatch(/^HTTP\/1\.1 408 .*"kind":"Status"/s);
  await handshake;
});

test.each([
  ['no HTTP', ['\u0000\u0001garbage\r\n\r\n'], /^HTTP\/1\.1 400 .*not HTTP/s],
  ['too long a head', [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`], /^HTTP\/1\.1 431 /],
  ['two lengths', [`${START}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`], /^HTTP\/1\.1 400 /],
  [
    'a length and chunks',
    [`${START}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    /^HTTP\/1\.1 400 /,
  ],
])('%s is refused', async (_, texts, answered) => {
  const { port } = await start();
  expect(await slowly(port, texts, 10)).toMatch(answered);
});

test('a client that goes in the middle of its body does no harm', async () => {
  const { port, lines } = await start();
  const socket = connectTls({ host: '127.0.0.1', port, ca: pem('server.crt') });
  socket.write(`${START}Content-Length: 100\r\n\r\n{`, () => socket.destroy());
  await expect.poll(lines).toMatchObject([{ outcome: 'refused' }]);
  expect((await post(port, SMALL)).code).toBe(200);
});

test('garbage instead of TLS, and old TLS, are no connection, and said seldom', async () => {
  const { port, lines } = await start();
  await Promise.all(
    Array.from(
      { length: 20 },
      () =>
        new Promise<void>((closed) => {
          const socket = connectTcp(port, '127.0.0.1')
            .on('error', () => {})
            .on('close', () => closed());
          socket.write('GET /healthz HTTP/1.1\r\n\r\n');
          socket.resume();
        }),
    ),
  );
  await expect(
    send(port, { path: '/healthz', minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }),
  ).rejects.toThrow();
  expect((await send(port, { path: '/healthz', maxVersion: 'TLSv1.2' })).code).toBe(200);
  expect(lines()).toEqual([expect.objectContaining({ event: 'tls-failed' })]);
});

test('many connections at once are all answered', async () => {
  const { port } = await start();
  const all = await Promise.all(
    Array.from({ length: 24 }, (_, n) =>
      post(port, { ...SMALL, request: { ...SMALL.request, uid: `uid-${n}` } }),
    ),
  );
  expect(all.map(({ text }) => (JSON.parse(text) as { response: { uid: string } }).response.uid)).toEqual(
    all.map((_, n) => `uid-${n}`),
  );
});

test('with a CA for clients only those with a certificate are answered, but health is for everybody', async () => {
  const context = { cert: pem('server.crt'), key: pem('server.key'), ca: pem('client.crt') };
  const { port } = await start({ asksClients: true, context });
  expect((await post(port, SMALL)).code).toBe(401);
  expect(
    (
      await post(port, SMALL, {
        cert: pem('renewed.crt'),
        key: pem('renewed.key'),
        path: '/validate',
        method: 'POST',
        headers: JSON_HEADERS,
      })
    ).code,
  ).toBe(401);
  expect(
    (
      await post(port, SMALL, {
        cert: pem('client.crt'),
        key: pem('client.key'),
        path: '/validate',
        method: 'POST',
        headers: JSON_HEADERS,
      })
    ).code,
  ).toBe(200);
  expect((await send(port, { path: '/healthz' })).code).toBe(200);
});

test('what nobody decides is answered as the mode says', async () => {
  const ask: Deciders['ask'] = async () => ({ why: 'late', text: 'the analysis took longer than 5 s' });
  const deciders: Deciders = { isReady: true, ask, close: async () => {} };
  const lenient = await start({ deciders });
  expect(JSON.parse((await post(lenient.port, BIG)).text).response).toEqual({
    uid: BIG.request.uid,
    allowed: true,
    warnings: ['irqsim: not analysed: the analysis took longer than 5 s'],
  });
  const strict = await start({ deciders, mode: 'closed', maxBody: 2 ** 20 });
  const response = async (body: unknown) =>
    JSON.parse((await post(strict.port, body)).text).response as unknown;
  const denied = {
    allowed: false,
    status: { code: 504, reason: 'Timeout', message: expect.stringContaining('took longer') },
  };
  expect(await response(BIG)).toMatchObject(denied);
  // A large body is not parsed here: its head says who asked.
  const { apiVersion, kind, request } = BIG;
  const large = JSON.stringify({ kind, apiVersion, request: { ...request, object: 'x'.repeat(300_000) } });
  expect(await response(large)).toMatchObject({ uid: request.uid, ...denied });
  const strange = await post(strict.port, ` ${large}`);
  expect([strange.code, JSON.parse(strange.text)]).toMatchObject([504, { kind: 'Status' }]);
  const removal = reviewOf(requestOf(null, { operation: 'DELETE' }));
  expect(await response(removal)).toMatchObject({ allowed: true });
});
