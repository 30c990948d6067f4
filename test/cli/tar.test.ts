/** Our reader of tar archives against modern-tar's, which makes a stream of each entry. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { packTar, type TarEntry, unpackTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { TarReader } from '../../src/cli/input/tar.ts';
import { XzReadableStream } from '../../src/cli/input/xz.ts';
import { runs } from '../budget.ts';
import { ROOT } from '../built.ts';

/** What there is in an archive, an entry a line; "refused" if something is wrong with it. */
type Content = readonly string[] | 'refused';

const line = (type: string, name: string, linkname: string, bytes: Uint8Array): string =>
  JSON.stringify([type, name, linkname, Buffer.from(bytes).toString('latin1')]);

const SPECIAL: readonly string[] = ['character-device', 'block-device', 'fifo'];

async function byModernTar(bytes: Uint8Array): Promise<Content> {
  try {
    const entries = await unpackTar(bytes, { strict: true });
    return entries.map(({ header, data }) => {
      const { type = 'file', name, linkname = '' } = header;
      return line(SPECIAL.includes(type) ? 'special' : type, name, linkname, data ?? new Uint8Array());
    });
  } catch {
    return 'refused';
  }
}

/** By our reader, which gets the archive in pieces of such sizes. */
function byOurs(bytes: Uint8Array, sizes: readonly number[]): Content {
  const lines: string[] = [];
  const reader = new TarReader({
    entry({ type, name, linkname }) {
      if (type !== 'file') lines.push(line(type, name, linkname, new Uint8Array()));
      return type === 'file';
    },
    body: ({ type, name, linkname }, body) => lines.push(line(type, name, linkname, body)),
  });
  try {
    for (let at = 0, n = 0; at < bytes.length; n++) {
      const size = sizes[n % sizes.length];
      reader.push(bytes.subarray(at, at + size));
      at += size;
    }
    reader.end();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return 'refused';
  }
  return lines;
}

const step = fc.oneof(
  fc.constantFrom('proc', 'sys', 'a'.repeat(90), 'ä'.repeat(60)),
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !name.includes('\0')),
);
const name = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
const entry: fc.Arbitrary<TarEntry> = fc.oneof(
  fc.record({ name, body: fc.uint8Array({ maxLength: 1500 }) }).map(({ name, body }) => ({
    header: { name, size: body.length, type: 'file' as const },
    body,
  })),
  fc
    .record({ name, linkname: name, type: fc.constantFrom('symlink' as const, 'link' as const) })
    .map((header) => ({ header: { ...header, size: 0 } })),
  fc
    .record({ name, type: fc.constantFrom('directory' as const, 'fifo' as const) })
    .map((header) => ({ header: { ...header, size: 0 } })),
);
const archive = fc.array(entry, { maxLength: 5 });
const sizes = fc.array(fc.constantFrom(1, 100, 511, 512, 513, 1024, 10_000), { minLength: 1, maxLength: 3 });

test('of archives with long and strange names', async () => {
  await fc.assert(
    fc.asyncProperty(archive, sizes, async (entries, sizes) => {
      const bytes = await packTar(entries);
      const content = await byModernTar(bytes);
      expect(content).toHaveLength(entries.length);
      expect(byOurs(bytes, sizes)).toEqual(content);
    }),
    { numRuns: runs(300) },
  );
});

const damage = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), to: fc.nat(255) }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'drop' as const, 'repeat' as const), at: fc.nat() }),
);

test('of damaged archives', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(archive, damage, sizes, async (entries, damage, sizes) => {
      const whole = Buffer.from(await packTar(entries));
      const at = damage.at % whole.length;
      const block = at - (at % 512);
      const [before, after] = [whole.subarray(0, block), whole.subarray(block + 512)];
      const bytes = {
        byte: () =>
          Buffer.concat([
            whole.subarray(0, at),
            Buffer.of('to' in damage ? damage.to : 0),
            whole.subarray(at + 1),
          ]),
        cut: () => whole.subarray(0, at),
        drop: () => Buffer.concat([before, after]),
        repeat: () => Buffer.concat([before, whole.subarray(block, block + 512), whole.subarray(block)]),
      }[damage.kind]();
      const content = await byModernTar(bytes);
      if (content === 'refused') refused++;
      expect(byOurs(bytes, sizes)).toEqual(content);
    }),
    { numRuns: runs(1000) },
  );
  expect(refused).toBeGreaterThan(200);
});

test('of a capture', async () => {
  const folder = join(ROOT, 'test/captures');
  const file = readdirSync(folder).filter((name) => name.endsWith('.tar.xz'))[0];
  const packed = new Blob([readFileSync(join(folder, file))]).stream();
  const chunks: Uint8Array[] = [];
  for await (const chunk of new XzReadableStream(packed as never) as unknown as AsyncIterable<Uint8Array>)
    chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const content = await byModernTar(bytes);
  expect(content.length).toBeGreaterThan(1000);
  expect(byOurs(bytes, [65_536])).toEqual(content);
});
