/** A tar archive as a tree: unpacked in memory, within limits, and never onto the disk. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { grouped } from '../../machine/limits.ts';
import { InputError, inputError } from '../../machine/locate.ts';
import { packingOf } from './archive-names.ts';
import { FILE_BYTES, TREE_BYTES } from './directory-tree.ts';
import { followLinks, type PathNode } from './paths.ts';

/** Bytes that an archive may unpack to, and entries it may hold. */
const UNPACKED_BYTES = 2 ** 30;
const MAX_ENTRIES = 200_000;
/** Parts of the archive that are kept; the rest is passed over. */
const KEPT =
  /(?:^|\/)(?:proc|sys|extra|sos_commands\/(?:kernel|processor|pci|logs))\/|(?:^|\/)(?:dmesg(?:\.txt)?|version_signature|uname|lspci(?:\.txt)?)$/;

interface Entry {
  readonly node: PathNode;
  readonly bytes?: Uint8Array;
}

/** Node's types and the DOM's of the same streams differ in name only. */
type ByteStream = ReadableStream<Uint8Array>;

async function unpacked(file: string): Promise<AsyncIterable<Uint8Array>> {
  const packing = packingOf(file) ?? 'none';
  const raw = createReadStream(file);
  if (packing === 'none') return raw;
  if (packing === 'gzip') {
    const gunzip = createGunzip();
    raw.on('error', (error) => gunzip.destroy(error));
    return raw.pipe(gunzip);
  }
  if (packing === 'xz') {
    const { XzReadableStream } = await import('./xz.ts');
    return new XzReadableStream(Readable.toWeb(raw) as never) as unknown as ByteStream;
  }
  raw.destroy();
  throw inputError(
    file,
    `irqsim cannot unpack this kind of archive; ${packing} ${file} makes one that it can`,
  );
}

/** Stops where it gets too long: a small file can unpack to terabytes. */
async function* limited(file: string): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of await unpacked(file)) {
    total += chunk.length;
    if (total > UNPACKED_BYTES) {
      throw inputError(file, `the archive unpacks to more than ${UNPACKED_BYTES / 2 ** 30} GiB`);
    }
    yield chunk;
  }
}

/** "./a//b/" → "a/b"; undefined for a name that leads out of the archive. */
function cleanName(name: string): string | undefined {
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  return steps.includes('..') || steps.length === 0 ? undefined : steps.join('/');
}

/** Reads past an entry. Cancelling it instead makes the decoder wait for ever at times; an empty one is over at once. */
async function drained(body: ByteStream, size: number): Promise<void> {
  if (size === 0) return;
  const reader = body.getReader();
  while (!(await reader.read()).done);
}

async function bodyOf(body: ByteStream, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  if (size === 0) return bytes;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes.set(part.value.subarray(0, size - at), at);
    at += part.value.length;
  }
  return at >= size ? bytes : bytes.subarray(0, at);
}

/** One entry as the decoder gives it. */
interface TarItem {
  readonly header: { name: string; size: number; type?: string; linkname?: string };
  readonly body: ByteStream;
}

const tooMany = (file: string): InputError =>
  inputError(file, `the archive has more than ${grouped(MAX_ENTRIES)} files and directories`);

async function entriesOf(file: string): Promise<Map<string, Entry>> {
  const { createTarDecoder } = await import('modern-tar');
  const decoder = createTarDecoder({ strict: true });
  const entries = new Map<string, Entry>();
  const stream = ReadableStream.from(limited(file)).pipeThrough(decoder as never) as ReadableStream<TarItem>;
  let kept = 0;
  let count = 0;
  for await (const { header, body } of stream) {
    if (++count > MAX_ENTRIES) throw tooMany(file);
    const name = cleanName(header.name);
    const isKept = name !== undefined && KEPT.test(name);
    if (header.type === 'symlink' && isKept) {
      entries.set(name, { node: { kind: 'link', target: header.linkname ?? '' } });
    } else if (header.type === 'link' && isKept) {
      // A hard link names its file from the top of the archive.
      entries.set(name, { node: { kind: 'link', target: `/${header.linkname ?? ''}` } });
    } else if (isKept && (header.type === 'file' || header.type === undefined)) {
      kept += header.size;
      if (header.size > FILE_BYTES)
        throw inputError(file, `${name} is larger than ${FILE_BYTES / 2 ** 20} MiB`);
      if (kept > TREE_BYTES)
        throw inputError(file, `its files are larger than ${TREE_BYTES / 2 ** 20} MiB in all`);
      entries.set(name, { node: { kind: 'file' }, bytes: await bodyOf(body, header.size) });
      continue;
    } else if (header.type === 'directory' && isKept) {
      entries.set(name, { node: { kind: 'directory' } });
    }
    await drained(body, header.size);
  }
  return entries;
}

/** Names in each directory, those included that have no entry of their own. Throws InputError for too many. */
function directoriesOf(entries: Map<string, Entry>, file: string): Map<string, Set<string>> {
  const directories = new Map<string, Set<string>>([['', new Set()]]);
  for (const name of [...entries.keys()]) {
    for (let path = name; path !== ''; ) {
      const slash = path.lastIndexOf('/');
      const parent = slash < 0 ? '' : path.slice(0, slash);
      const child = path.slice(slash + 1);
      const names = directories.get(parent) ?? new Set();
      if (names.has(child)) break;
      directories.set(parent, names.add(child));
      if (parent !== '' && !entries.has(parent)) entries.set(parent, { node: { kind: 'directory' } });
      path = parent;
    }
    if (entries.size > MAX_ENTRIES) throw tooMany(file);
  }
  return directories;
}

/** Reads a tar archive. Throws InputError for one that is damaged, too large, or packed in another way. */
export async function archiveTree(file: string): Promise<Tree> {
  const entries = await entriesOf(file).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    throw inputError(
      file,
      `the archive cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const directories = directoriesOf(entries, file);
  const nodeAt = (path: string) => entries.get(path)?.node;
  return {
    read(path) {
      const found = followLinks(path, nodeAt);
      return found === undefined ? undefined : entries.get(found)?.bytes;
    },
    list(path) {
      const found = followLinks(path, nodeAt);
      return found === undefined ? [] : [...(directories.get(found) ?? [])].sort();
    },
    link(path) {
      const found = followLinks(path, nodeAt, false);
      const node = found === undefined ? undefined : nodeAt(found);
      return node?.kind === 'link' ? node.target : undefined;
    },
  };
}
