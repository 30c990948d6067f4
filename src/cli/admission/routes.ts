/** What may be asked over HTTP. */
import type { IncomingMessage } from 'node:http';
import { errorReply, type Reply } from './reply.ts';

export const VALIDATE = '/validate';
export const HEALTHY = '/healthz';
export const READY = '/readyz';

/** Methods by path. */
const PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  [VALIDATE, ['POST']],
  [HEALTHY, ['GET', 'HEAD']],
  [READY, ['GET', 'HEAD']],
]);

export type Route =
  | { readonly path: string; readonly query: string }
  | { readonly refused: Reply; readonly allow?: string };

/** Where a request goes. */
export function routeOf({ url = '', method = '' }: Pick<IncomingMessage, 'url' | 'method'>): Route {
  const [path, query = ''] = url.split('?', 2);
  const methods = PATHS.get(path);
  if (!methods) return { refused: errorReply(404, 'NotFound', `reviews are answered at ${VALIDATE}`) };
  if (methods.includes(method)) return { path, query };
  const message = `${path} takes ${methods.join(' and ')} only`;
  return { refused: errorReply(405, 'MethodNotAllowed', message), allow: methods.join(', ') };
}

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/** Why the body of a request is not looked at. */
export function refusalOf({ headers }: Pick<IncomingMessage, 'headers'>): Reply | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  if (!JSON_TYPE.test(type))
    return errorReply(415, 'UnsupportedMediaType', 'the content type application/json is expected');
  if (encoding.toLowerCase() !== 'identity')
    return errorReply(415, 'UnsupportedMediaType', 'a body without content encoding is expected');
  return undefined;
}

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds that the API server waits, by the query `timeout=10s`; undefined where it does not say. */
export function patienceIn(query: string): number | undefined {
  const text = new URLSearchParams(query).get('timeout') ?? '';
  if (!/^(?:\d{1,6}(?:ms|s|m))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|s|m)/g)];
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * UNITS[unit as keyof typeof UNITS], 0);
}
