/** Shared by the tests of the QEMU family of readers: a reader's results with the machine they describe. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Reader, ReadResult } from '../../src/formats/reader.ts';
import type { Stack } from '../../src/formats/stack.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { normalise } from '../../src/machine/normalise.ts';

const KNOWN = { policies: ['mainline'], rules: [] };

export interface Imported extends ReadResult {
  readonly machine: Machine;
}

/** Every machine that a reader finds, completed. */
export async function importAll(reader: Reader, text: string, stack: Stack = {}): Promise<Imported[]> {
  const results = await reader.read({ bytes: new TextEncoder().encode(text), file: 'input', stack });
  return results.map((result) => ({
    ...result,
    machine: normalise(result.raw.value, 'input', result.raw.locate, KNOWN),
  }));
}

/** The one machine that a reader finds. */
export async function importOne(reader: Reader, text: string, stack: Stack = {}): Promise<Imported> {
  const all = await importAll(reader, text, stack);
  if (all.length !== 1) throw new Error(`${all.length} machines`);
  return all[0];
}

/** Folder of real configurations, which is not part of the project. */
export const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
export const hasCorpus = existsSync(CORPUS);

/** A file of test/golden. */
export function golden<T>(name: string): T {
  const file = new URL(`../golden/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as T;
}
