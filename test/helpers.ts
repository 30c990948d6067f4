/** Shared by tests: from a file or text to an analysis, as the command line does it. */
import { readFileSync } from 'node:fs';
import { type Analysis, analyze } from '../src/analyze.ts';
import { DRIVERS } from '../src/drivers/index.ts';
import type { Machine } from '../src/machine/machine.ts';
import { POLICY_NAMES } from '../src/policy/index.ts';
import { READERS } from '../src/readers/index.ts';
import { RULE_NAMES } from '../src/rules/index.ts';

const known = { drivers: [...DRIVERS.keys()], policies: POLICY_NAMES, rules: RULE_NAMES };

/** Reads a description given as text. */
export function readText(text: string, set: readonly string[] = [], file = 'test.yaml'): Promise<Machine> {
  return READERS[0].read({ bytes: new TextEncoder().encode(text), file, set, known });
}

export async function analyzeText(text: string, set: readonly string[] = []): Promise<Analysis> {
  return analyze(await readText(text, set));
}

export function analyzeFile(path: string): Promise<Analysis> {
  return analyzeText(readFileSync(path, 'utf8'));
}
