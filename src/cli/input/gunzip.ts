/** Unpacks gzip as it arrives: what stands before the damage of a damaged stream is given whole, whoever reads how fast. */
import { createGunzip } from 'node:zlib';

/** No text begins with this byte. */
const GZIP = 0x1f;
/** Packed bytes at a time: a thousand times as many may come of them. */
const SLICE = 16 * 1024;

interface Unpacker {
  /** What comes of these bytes, or of the end. Throws what is wrong with them after that. */
  readonly unpack: (bytes: Buffer | null) => AsyncGenerator<Buffer>;
  readonly close: () => void;
}

/** Node's stream forgets what it has unpacked when it fails, so nothing is left in it. */
function unpacker(): Unpacker {
  const gunzip = createGunzip();
  const out: Buffer[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  gunzip.on('data', (bytes: Buffer) => out.push(bytes));
  gunzip.on('error', (error) => {
    failure = error;
  });
  gunzip.on('close', () => wake());
  async function* give(bytes: Buffer | null): AsyncGenerator<Buffer> {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (bytes) gunzip.write(bytes, () => resolve());
      else gunzip.end();
    });
    yield* out.splice(0);
    if (failure) throw failure;
  }
  return {
    async *unpack(bytes) {
      if (!bytes) return yield* give(null);
      for (let at = 0; at < bytes.length; at += SLICE) yield* give(bytes.subarray(at, at + SLICE));
    },
    close: () => void gunzip.destroy(),
  };
}

/** The bytes of a stream, unpacked if they begin like those of a gzip file. Throws the errors of the stream and of zlib. */
export async function* maybeGunzip(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let packed: Unpacker | null | undefined;
  try {
    for await (const bytes of stream) {
      if (packed === undefined) packed = bytes[0] === GZIP ? unpacker() : null;
      if (packed) yield* packed.unpack(bytes);
      else yield bytes;
    }
    if (packed) yield* packed.unpack(null);
  } finally {
    packed?.close();
  }
}
