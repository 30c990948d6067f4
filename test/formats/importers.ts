/** Shared by the tests of importers: content → machines, and what an importer says about them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { analyze } from '../../src/findings/analyze.ts';
import { RULE_NAMES } from '../../src/findings/rules/index.ts';
import { recognise } from '../../src/formats/index.ts';
import type { Reader, ReadResult } from '../../src/formats/reader.ts';
import type { Stack } from '../../src/formats/stack.ts';
import { POLICY_NAMES } from '../../src/linux/policy/index.ts';
import { InputError } from '../../src/machine/locate.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { normalise } from '../../src/machine/normalise.ts';
import { descriptionText } from '../../src/report/description.ts';
import { jsonReport } from '../../src/report/json.ts';

const KNOWN = { policies: POLICY_NAMES, rules: RULE_NAMES };
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

export const hasCorpus = existsSync(CORPUS);
export const corpusText = (name: string): string => readFileSync(CORPUS + name, 'utf8');

export interface Imported {
  readonly reader: Reader;
  readonly result: ReadResult;
  readonly machine: Machine;
}

/** Checks and completes what a reader found. */
export function normaliseResult({ raw }: ReadResult, file: string): Machine {
  return normalise(raw.value, file, raw.locate, KNOWN);
}

/** Imports every machine of a text, with the reader that recognises it. */
export async function importAll(text: string, stack: Stack = {}, file = 'input'): Promise<Imported[]> {
  const bytes = new TextEncoder().encode(text);
  const reader = recognise(bytes, file);
  const results = await reader.read({ bytes, file, stack });
  return results.map((result) => {
    const { assumptions, refusals } = result;
    const machine = normaliseResult(result, file);
    const imported = { format: reader.name, assumptions, refusals };
    return { reader, result, machine: reader.name === 'native' ? machine : { ...machine, imported } };
  });
}

/** Imports a text that holds one machine. */
export async function importOne(text: string, stack: Stack = {}): Promise<Imported> {
  const [one] = await importAll(text, stack);
  return one;
}

/** The description that a text is imported to. */
export async function imported(text: string, stack: Stack = {}): Promise<unknown> {
  return (await importOne(text, stack)).result.raw.value;
}

/** The message of the InputError that importing ends in. */
export async function failureOf(text: string): Promise<string> {
  try {
    await importAll(text);
  } catch (error) {
    if (error instanceof InputError) return error.format();
    throw error;
  }
  throw new Error('accepted');
}

/** A report without what an import adds and without places, which differ between a source and its import. */
function comparable(machine: Machine): object {
  const { imported: _, ...described } = machine;
  const analysis = analyze({ ...described, source: 'x' });
  const { findings, ...report } = jsonReport(analysis, '', { vectors: true }) as { findings: object[] };
  return { ...report, findings: findings.map((finding) => ({ ...finding, location: null })) };
}

/** The reports of a source and of the description that `irqsim import` writes for it; they must be equal. */
export async function reportsOf(one: Imported): Promise<{ source: object; written: object }> {
  const text = descriptionText(one.result.raw.value, one.machine);
  const written = await importOne(text);
  if (written.reader.name !== 'native') throw new Error(`read as ${written.reader.name}:\n${text}`);
  return { source: comparable(one.machine), written: comparable(written.machine) };
}
