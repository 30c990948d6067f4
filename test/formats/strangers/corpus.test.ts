/**
 * The corpus, file by file: what is read, what is refused, and what of it is not understood. `IRQSIM_TABLE=1` prints the
 * table.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { recognise } from '../../../src/formats/index.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { hasCorpus } from '../importers.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
/** Trees of files, which are read as captured machines. */
const TREES = /^(?:hwloc|util-linux|libvirt-hosts)\//;

interface Row {
  files: number;
  read: number;
  refused: number;
  machines: number;
  parts: number;
}

/** Rows by folder, and files by the part that is not understood. */
async function account(): Promise<{ rows: Map<string, Row>; causes: Map<string, string[]> }> {
  const rows = new Map<string, Row>();
  const causes = new Map<string, string[]>();
  for (const name of (readdirSync(CORPUS, { recursive: true }) as string[]).sort()) {
    if (TREES.test(name) || !name.includes('/') || !statSync(CORPUS + name).isFile()) continue;
    const folder = name.slice(0, name.indexOf('/'));
    const row = rows.get(folder) ?? { files: 0, read: 0, refused: 0, machines: 0, parts: 0 };
    rows.set(folder, row);
    row.files++;
    try {
      const bytes = readFileSync(CORPUS + name);
      const reader = recognise(bytes, name);
      const results = await reader.read({ bytes, file: name, stack: {} });
      row.read++;
      row.machines += results.length;
      for (const { raw } of results) {
        for (const { part } of (raw.value as { notUnderstood?: { part: string }[] }).notUnderstood ?? []) {
          row.parts++;
          const cause = `${reader.name}: ${part}`;
          causes.set(cause, [...(causes.get(cause) ?? []), name]);
        }
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      row.refused++;
    }
  }
  return { rows, causes };
}

describe.skipIf(!hasCorpus)('the corpus', () => {
  test('every part of what is read is understood', async () => {
    const { rows, causes } = await account();
    if (process.env.IRQSIM_TABLE) console.table(Object.fromEntries(rows));
    expect([...causes]).toEqual([]);
    const total = [...rows.values()].reduce((sum, { read }) => sum + read, 0);
    expect(total).toBeGreaterThan(90);
  });
});
