/**
 * Reads a tar archive as its bytes arrive. What is wrong in it ends the reading: a sum, a number, an end that is missing or
 * has something behind it. (Packages make a stream of each entry, which takes most of the time of a capture.)
 */
import { BLOCK, checkSum, entryOf, metaOf, type Said, saidBy, type TarEntry } from './tar-header.ts';

export interface TarVisitor {
  /** Sees every entry, and tells whether its body is wanted. What it throws ends the reading. */
  readonly entry: (entry: TarEntry) => boolean;
  /** The body of a wanted entry, its own to keep. */
  readonly body: (entry: TarEntry, bytes: Uint8Array) => void;
}

/** Bytes of attributes or of a long name. */
const META_BYTES = 2 ** 23;

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

const ZEROS = new Uint8Array(2 ** 14);

function isZero(bytes: Buffer): boolean {
  if (bytes[0] !== 0) return false;
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}

/** Collects so many bytes from chunks. */
class Collector {
  readonly #bytes: Buffer;
  readonly #done: (bytes: Buffer) => void;
  #have = 0;

  constructor(size: number, done: (bytes: Buffer) => void) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#done = done;
  }

  /** Bytes that it took; once it has all it is done. */
  take(chunk: Buffer, at: number): number {
    const size = Math.min(chunk.length - at, this.#bytes.length - this.#have);
    chunk.copy(this.#bytes, this.#have, at, at + size);
    this.#have += size;
    if (this.#have === this.#bytes.length) this.#done(this.#bytes);
    return size;
  }
}

export class TarReader {
  readonly #visitor: TarVisitor;
  /** Bytes to pass over before anything else. */
  #skip = 0;
  /** What is being collected; a header is next if that is nothing. */
  #collector: Collector | undefined;
  #zeroBlocks = 0;
  #ofAll: Said = {};
  #ofNext: Said = {};

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  get #ended(): boolean {
    return this.#zeroBlocks === 2;
  }

  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < chunk.length; ) {
      const rest = chunk.length - at;
      if (this.#ended) {
        if (!isZero(chunk.subarray(at))) throw new Error('Invalid EOF.');
        return;
      }
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, rest);
        this.#skip -= passed;
        at += passed;
      } else if (!this.#collector && rest >= BLOCK) {
        this.#header(chunk.subarray(at, at + BLOCK));
        at += BLOCK;
      } else {
        this.#collector ??= this.#collect(BLOCK, (block) => this.#header(block));
        at += this.#collector.take(chunk, at);
      }
    }
  }

  /** Throws if the archive is not at its end. */
  end(): void {
    if (!this.#ended) throw new Error('Tar archive is truncated.');
  }

  #collect(size: number, done: (bytes: Buffer) => void): Collector {
    return new Collector(size, (bytes) => {
      this.#collector = undefined;
      done(bytes);
    });
  }

  #header(block: Buffer): void {
    if (isZero(block)) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw new Error('Invalid tar header.');
    checkSum(block);
    const said = metaOf(block);
    if (said) this.#meta(said);
    else this.#entry(block);
  }

  #meta({ meta, size }: NonNullable<ReturnType<typeof metaOf>>): void {
    if (size > META_BYTES) throw new Error('Tar metadata entry exceeds maximum size.');
    const take = (bytes: Buffer): void => {
      const said = saidBy(meta, bytes);
      if (meta === 'attributesOfAll') this.#ofAll = { ...this.#ofAll, ...said };
      else this.#ofNext = { ...this.#ofNext, ...said };
      this.#skip = padding(size);
    };
    if (size === 0) take(Buffer.alloc(0));
    else this.#collector = this.#collect(size, take);
  }

  #entry(block: Buffer): void {
    const { entry, stored } = entryOf(block, { ...this.#ofAll, ...this.#ofNext });
    this.#ofNext = {};
    const wanted = this.#visitor.entry(entry);
    if (!wanted || entry.size === 0) {
      this.#skip = stored + padding(stored);
      if (wanted) this.#visitor.body(entry, new Uint8Array(0));
      return;
    }
    this.#collector = this.#collect(entry.size, (bytes) => {
      this.#skip = padding(entry.size);
      this.#visitor.body(entry, bytes);
    });
  }
}
