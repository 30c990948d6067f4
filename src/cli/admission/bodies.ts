/** Bodies of requests, within limits for each and for all together. */
import type { IncomingMessage } from 'node:http';
import { errorReply, type Reply } from './reply.ts';

export interface Bodies {
  /** The whole body, or what is replied where it is not taken. Rejects if the client goes. */
  take(request: IncomingMessage): Promise<Uint8Array | Reply>;
  /** A body that was taken is no longer needed. */
  release(body: Uint8Array): void;
}

const tooLarge = (max: number): Reply =>
  errorReply(413, 'RequestEntityTooLarge', `the body is larger than ${max} bytes`);
const tooMany: Reply = errorReply(503, 'ServiceUnavailable', 'too many requests at once');

/** `max`: bytes of one body; `all`: of all bodies that are taken and not released. */
export function boundedBodies({ max, all }: { readonly max: number; readonly all: number }): Bodies {
  let held = 0;

  /** By events: whoever leaves an iteration of a request early ends its connection. */
  function receive(request: IncomingMessage): Promise<Uint8Array | Reply> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const stop = (): void => {
        request.off('data', take);
        held -= length;
        chunks.length = 0;
        length = 0;
      };
      const take = (chunk: Buffer): void => {
        const refused =
          length + chunk.length > max ? tooLarge(max) : held + chunk.length > all ? tooMany : undefined;
        if (refused) {
          stop();
          resolve(refused);
          return;
        }
        length += chunk.length;
        held += chunk.length;
        chunks.push(chunk);
      };
      request.on('data', take);
      request.once('end', () => resolve(Buffer.concat(chunks, length)));
      request.once('close', () => {
        if (request.complete) return;
        stop();
        reject(new Error('the connection was closed'));
      });
    });
  }

  return {
    async take(request) {
      const announced = Number(request.headers['content-length'] ?? 0);
      return announced > max ? tooLarge(max) : receive(request);
    },
    release(body) {
      held -= body.length;
    },
  };
}
