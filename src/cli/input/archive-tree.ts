/** A tar archive as a tree: unpacked in memory, within limits, and never onto the disk. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { grouped } from '../../machine/limits.ts';
import { InputError, inputError } from '../../machine/locate.ts';
import { packingOf } from './archive-names.ts';
import { FILE_BYTES, TREE_BYTES } from './directory-tree.ts';
import { followLinks, type PathNode } from './paths.ts';
import { TarReader, type TarVisitor } from './tar.ts';
import type { TarEntry } from './tar-header.ts';

/** Bytes that an archive may unpack to, and entries it may hold. */
const UNPACKED_BYTES = 2 ** 30;
const MAX_ENTRIES = 200_000;
/** Unpacked bytes that are read at a time: a step takes as long as the unpacking of many bytes. */
const CHUNK_BYTES = 2 ** 17;
const JOURNALS = /(?:^|\/)sos_commands\/logs\//;
/** Parts of the archive that are kept; the rest is passed over. */
const KEPT =
  /(?:^|\/)(?:proc|sys|extra|sos_commands\/(?:kernel|processor|pci|logs))\/|(?:^|\/)(?:dmesg(?:\.txt)?|version_signature|uname|lspci(?:\.txt)?)$|(?:^|\/)etc\/(?:sysconfig\/kdump|default\/kdump-tools|kdump\.conf)$|(?:^|\/)(?:basic-environment|boot|crash|hardware|proc)\.txt$/;

interface Entry {
  readonly node: PathNode;
  readonly bytes?: Uint8Array;
}

async function unpacked(file: string): Promise<AsyncIterable<Uint8Array>> {
  const packing = packingOf(file) ?? 'none';
  const raw = createReadStream(file);
  if (packing === 'none') return raw;
  if (packing === 'gzip') {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    raw.on('error', (error) => gunzip.destroy(error));
    return raw.pipe(gunzip);
  }
  if (packing === 'xz') {
    const { XzReadableStream } = await import('./xz.ts');
    return new XzReadableStream(Readable.toWeb(raw) as never) as unknown as AsyncIterable<Uint8Array>;
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

/** A step that is empty, "." or "..". */
const UNCLEAN = /(?:^|\/)(?:\.{0,2}(?:\/|$))/;

/** "./a//b/" → "a/b"; undefined for a name that leads out of the archive. */
function cleanName(name: string): string | undefined {
  if (!UNCLEAN.test(name)) return name;
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  return steps.includes('..') || steps.length === 0 ? undefined : steps.join('/');
}

const tooMany = (file: string): InputError =>
  inputError(file, `the archive has more than ${grouped(MAX_ENTRIES)} files and directories`);

/** Notes each entry that is kept. Throws InputError past a limit. */
function noting(entries: Map<string, Entry>, file: string): TarVisitor {
  let kept = 0;
  let count = 0;
  /** Of the file whose body comes next. */
  let fileName = '';
  /** What is to be noted of an entry: its name, if it is one of those that are kept. */
  const keptName = ({ name }: TarEntry): string | undefined => {
    const clean = cleanName(name);
    return clean !== undefined && KEPT.test(clean) ? clean : undefined;
  };
  return {
    entry(entry) {
      if (++count > MAX_ENTRIES) throw tooMany(file);
      const name = keptName(entry);
      if (name === undefined) return false;
      const { type, size, linkname } = entry;
      if (type === 'file') {
        // A journal of many boots: the log of the kernel alone stands beside it.
        if (size > FILE_BYTES && JOURNALS.test(name)) return false;
        kept += size;
        if (size > FILE_BYTES) throw inputError(file, `${name} is larger than ${FILE_BYTES / 2 ** 20} MiB`);
        if (kept > TREE_BYTES)
          throw inputError(file, `its files are larger than ${TREE_BYTES / 2 ** 20} MiB in all`);
        fileName = name;
        return true;
      }
      if (type === 'symlink') entries.set(name, { node: { kind: 'link', target: linkname } });
      // A hard link names its file from the top of the archive.
      else if (type === 'link') entries.set(name, { node: { kind: 'link', target: `/${linkname}` } });
      else if (type === 'directory') entries.set(name, { node: { kind: 'directory' } });
      return false;
    },
    body(_, bytes) {
      entries.set(fileName, { node: { kind: 'file' }, bytes });
    },
  };
}

async function entriesOf(file: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const reader = new TarReader(noting(entries, file));
  for await (const chunk of limited(file)) reader.push(chunk);
  reader.end();
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
